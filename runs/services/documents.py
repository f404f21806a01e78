"""What the shell writes down of a step no worker runs: its document, or why it was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.execution.names import job_name
from engine.execution.signals import StepRefused
from engine.execution.states import FailureCategory, StepKey
from engine.expressions import Unresolvable
from engine.failures.cause import FailureFacts
from engine.failures.classify import classify
from runs.models import Job

if TYPE_CHECKING:
    from runs.services.transition import Transition

#: Longest reason kept; AWS FailureReason allows 1,024 characters per step.
REASON_LENGTH = 1024


def add_document(unit: Transition, key: StepKey, kind: str, request: Any, description: Any) -> Job:
    """The job document of a step no worker runs, so that others can refer to it."""
    name = job_name(unit.execution.pipeline_name, unit.execution.pk, key.name, attempt=1)
    row = unit.row(key)
    job = Job(
        workspace_id=unit.execution.workspace_id,
        execution_id=unit.execution.pk,
        step_id=row.pk,
        kind=kind,
        name=f"{name[:50]}-{unit.execution.last_sequence}",
        arn=str(description.get("ModelPackageArn") or description.get("ModelArn") or ""),
        request=request,
        description=description,
        created_at=unit.now,
    )
    unit.add_document(key, job)
    return job


def refused(key: StepKey, refusal: Exception) -> StepRefused:
    category = FailureCategory.INPUT if isinstance(refusal, Unresolvable) else FailureCategory.NOT_RUNNABLE
    reason = str(refusal)[:REASON_LENGTH]
    return StepRefused(step=key, reason=reason, category=category, cause=cause_code(category, reason))


def cause_code(category: FailureCategory, reason: str) -> str:
    """The code of the cause of a failure that left neither log nor exit code."""
    return classify(FailureFacts(category=category.value, reason=reason)).code
