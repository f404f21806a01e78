"""Reading executions. Every selector filters by the actor's workspace."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.clock import database_now
from runs.errors import AttemptNotFound, ExecutionNotFound, ScheduleNotFound, StepNotFound
from runs.models import (
    Execution,
    ExecutionEvent,
    ImageMapping,
    Schedule,
    StepAttempt,
    StepExecution,
    UriMapping,
    Worker,
)

WORKER_SILENCE = timedelta(seconds=30)
#: Columns a list never shows.
HEAVY = ("definition", "layout")


def executions(actor: Actor, *, pipeline: str | None = None, status: str | None = None) -> QuerySet[Execution]:
    require(actor, Permission.VIEW)
    rows = Execution.objects.filter(workspace=actor.workspace).defer(*HEAVY)
    if pipeline:
        rows = rows.filter(pipeline_id=pipeline)
    return rows.filter(status=status) if status else rows


def execution_of(actor: Actor, execution_id: str) -> Execution:
    """Raises: ExecutionNotFound."""
    found = executions(actor).filter(pk=execution_id).first()
    if found is None:
        raise ExecutionNotFound(execution=execution_id)
    return found


def steps_of(execution_id: str) -> QuerySet[StepExecution]:
    return StepExecution.objects.filter(execution_id=execution_id).order_by("position", "iteration_index")


def step_of(actor: Actor, execution_id: str, name: str, iteration: int) -> StepExecution:
    """Raises: ExecutionNotFound, StepNotFound."""
    execution_of(actor, execution_id)
    rows = steps_of(execution_id).filter(name=name, iteration_index=iteration)
    found = rows.select_related("execution", "job").first()
    if found is None:
        raise StepNotFound(execution=execution_id, step=name)
    return found


def attempt_of(step: StepExecution, number: int | None) -> StepAttempt:
    """The attempt of that number, the newest for None. Raises: AttemptNotFound."""
    rows = StepAttempt.objects.filter(step=step)
    found = rows.order_by("-number").first() if number is None else rows.filter(number=number).first()
    if found is None:
        raise AttemptNotFound(step=step.name, attempt=number or 1)
    return found


def events_since(execution_id: str, since: int, *, limit: int | None = None) -> QuerySet[ExecutionEvent]:
    """Events after `since`, in order, at most `limit`."""
    rows = ExecutionEvent.objects.filter(execution_id=execution_id, sequence__gt=since).order_by("sequence")
    return rows if limit is None else rows[:limit]


def live_workers() -> list[Worker]:
    """Workers that were seen lately and take work."""
    return list(Worker.objects.filter(seen_at__gt=database_now() - WORKER_SILENCE, draining=False))


def images(actor: Actor) -> QuerySet[ImageMapping]:
    """The workspace's own lines of the image table, in order, switched off ones too."""
    require(actor, Permission.VIEW)
    return ImageMapping.objects.filter(workspace=actor.workspace)


def schedules(actor: Actor, *, pipeline: str | None = None) -> QuerySet[Schedule]:
    """With the pipeline, the owner and the last execution, by name."""
    require(actor, Permission.VIEW)
    rows = Schedule.objects.filter(workspace=actor.workspace, pipeline__deleted_at__isnull=True)
    rows = rows.select_related("pipeline", "owner", "last_execution")
    rows = rows.defer(*(f"last_execution__{column}" for column in HEAVY))
    return (rows.filter(pipeline_id=pipeline) if pipeline else rows).order_by("name", "pk")


def schedule_of(actor: Actor, schedule_id: str) -> Schedule:
    """Raises: ScheduleNotFound."""
    found = schedules(actor).filter(pk=schedule_id).first()
    if found is None:
        raise ScheduleNotFound(schedule=schedule_id)
    return found


def uri_mappings(actor: Actor) -> QuerySet[UriMapping]:
    """By prefix."""
    require(actor, Permission.VIEW)
    return UriMapping.objects.filter(workspace=actor.workspace).order_by("prefix")
