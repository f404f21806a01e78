"""What waits for a person: pipelines whose newest run failed, and registered models nobody has decided about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.states import ExecutionStatus
from registry import selectors as registry
from registry.models import ModelPackage
from runs.failures import cause_of
from runs.models import Execution, StepAttempt, StepExecution

#: As many of each kind as one looks through; the lists of runs and models show all.
MOST = 20
_FAILED = (ExecutionStatus.FAILED.value, ExecutionStatus.COMPLETED_WITH_FAILURES.value)


@dataclass(frozen=True, kw_only=True)
class FailedRun:
    """The newest run of a pipeline. `step` is the one to look at, "" when the run failed as a whole.

    `title`: why it failed, in plain words; `reason`: what was recorded.
    """

    execution: str
    pipeline: str
    pipeline_name: str
    status: str
    step: str
    title: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UndecidedModel:
    """`execution` and `step` registered it; both "" for one that came through the API. `figures`: of its report."""

    group: str
    version: int
    execution: str
    step: str
    figures: list[dict[str, Any]]
    at: datetime


def failed_runs(actor: Actor) -> list[FailedRun]:
    """Pipelines whose newest run failed, last failed first: one that ran well since needs nobody."""
    require(actor, Permission.VIEW)
    own = Execution.objects.filter(
        workspace=actor.workspace, pipeline__deleted_at__isnull=True, pipeline__hidden=False
    ).order_by()
    newest = own.values("pipeline").annotate(newest=Max("created_at")).values("newest")
    rows = own.filter(created_at__in=newest, status__in=_FAILED).order_by("-created_at")[:MOST]
    names = ("pk", "pipeline_id", "pipeline__display_name", "pipeline_name", "status", "failed_step", "failure_reason")
    found = list(rows.values_list(*names, "ended_at", "created_at"))
    titles = _titles({row[0]: row[5] for row in found if row[5]})
    return [
        FailedRun(
            execution=pk,
            pipeline=pipeline,
            pipeline_name=title or name,
            status=status,
            step=step or "",
            title=titles.get(pk, ""),
            reason=reason or "",
            at=ended or created,
        )
        for pk, pipeline, title, name, status, step, reason, ended, created in found
    ]


def _titles(failed: Mapping[str, str]) -> dict[str, str]:
    """Execution id → the title of its failed step's cause. `failed`: execution id → step."""
    steps = StepExecution.objects.filter(execution__in=failed, name__in=set(failed.values()))
    mine = {one.pk: one for one in steps if failed[one.execution_id] == one.name}
    newest: dict[int, StepAttempt] = {}
    for attempt in StepAttempt.objects.filter(step__in=mine).order_by("number"):
        newest[attempt.step_id] = attempt
    causes = {one.execution_id: cause_of(one, newest.get(pk)) for pk, one in mine.items()}
    return {execution: cause.title for execution, cause in causes.items() if cause is not None}


def undecided_models(actor: Actor) -> list[UndecidedModel]:
    """Model versions that wait for approval, newest first."""
    rows = registry.all_packages(actor).filter(approval_status=ModelPackage.Approval.PENDING)
    return [
        UndecidedModel(
            group=one.group.name,
            version=one.version,
            execution=one.source_execution,
            step=one.source_step,
            figures=one.figures,
            at=one.created_at,
        )
        for one in rows.order_by("-created_at")[:MOST]
    ]
