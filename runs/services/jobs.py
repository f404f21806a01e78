"""Plain jobs: one Processing or Training job asked for by itself, run as the only step of a hidden pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.errors import NameInUse
from editor.services.pipelines import create_pipeline
from engine.definition.dump import dump_definition
from engine.execution.names import job_arn
from engine.execution.signals import AttemptStopped
from engine.execution.states import TERMINAL_STEP, AttemptStatus, StepKey, StepStatus
from runs import jobs
from runs.errors import JobNameInUse, JobNotRunning
from runs.models import Execution, Job, StepAttempt
from runs.models.attempt import LIVE
from runs.services.start import Noted, start_execution
from runs.services.stop import stop_execution
from runs.services.transition import transition


def create_job(
    *, actor: Actor, kind: str, name: str, region: str, arguments: Mapping[str, Any], role_arn: str = ""
) -> Execution:
    """The execution of the new job. `kind` is a step type that becomes a job: Processing or Training.

    Raises:
        NotPermitted
        JobNameInUse: the workspace has a job of this kind and name.
        CannotStart: the arguments have errors, or nothing runs the image.
    """
    require(actor, Permission.START_EXECUTION)
    arn = job_arn(region, actor.workspace.account_id, kind, name)
    if Job.objects.filter(workspace=actor.workspace, kind=kind, name=name).exists():
        raise JobNameInUse(arn=arn)
    step = {"Name": name, "Type": kind, "Arguments": dict(arguments)}
    definition = dump_definition({"Version": "2020-12-01", "Steps": [step]})
    with transaction.atomic():
        try:
            pipeline = create_pipeline(
                actor=actor, name=jobs.hidden_pipeline_name(kind, name), definition=definition, hidden=True
            )
        except NameInUse:
            raise JobNameInUse(arn=arn) from None
        noted = Noted(role_arn=role_arn, job_name=name)
        return start_execution(actor=actor, pipeline_id=pipeline.pk, display_name=name, noted=noted)


def stop_job(*, actor: Actor, kind: str, name: str) -> None:
    """Asks a running job to stop: a plain job's execution, or one step of a pipeline, which then counts as stopped.

    Stopping twice is harmless.

    Raises:
        NotPermitted, JobNotFound
        JobNotRunning: it has ended.
    """
    require(actor, Permission.STOP_EXECUTION)
    found = jobs.find_job(actor, kind, name)
    if found.step.status in TERMINAL_STEP or found.is_superseded:
        raise JobNotRunning(kind=kind.lower(), status=found.status)
    if found.execution.job_name:
        stop_execution(actor=actor, execution_id=found.execution.pk)
        return
    with transition(found.execution.pk) as unit:
        key = StepKey(found.step.name, found.step.iteration_index)
        row = unit.row(key)
        if row.status in (StepStatus.STOPPING, *TERMINAL_STEP):
            return
        attempt = StepAttempt.objects.filter(step_id=row.pk, number=row.attempt)
        held = attempt.filter(status__in=LIVE)
        if held.update(status=AttemptStatus.STOPPING, stop_requested_at=unit.now):
            unit.stopped_attempts.extend(held.values_list("pk", flat=True))
        elif attempt.filter(status=AttemptStatus.PENDING).exists():
            unit.feed(AttemptStopped(step=key, attempt=row.attempt))
