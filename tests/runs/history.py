"""The invariants of every history."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from engine.execution import events, planner
from engine.execution.selection import plan_selection
from engine.execution.states import NOT_ITERATED, TERMINAL_STEP
from runs.models import Execution, ExecutionEvent, StepAttempt, StepExecution
from runs.plans import compiled
from runs.services import slices


def read_event(row: ExecutionEvent) -> events.Event:
    """The event a row of the log stands for."""
    kind: Any = getattr(events, row.event)
    place: dict[str, Any] = {}
    if issubclass(kind, events.StepEvent):
        place = {"step": row.step, "iteration": NOT_ITERATED if row.iteration is None else row.iteration}
        place["attempt"] = row.attempt
    found: events.Event = kind(**place, **row.data)
    return found


def assert_history_is_whole(execution: Execution) -> None:
    """Sequences run 1..n, folding the log gives the rows, and every attempt that ended ended once."""
    execution = Execution.objects.get(pk=execution.pk)
    log = list(ExecutionEvent.objects.filter(execution=execution).order_by("sequence"))
    assert [row.sequence for row in log] == list(range(1, execution.last_sequence + 1))
    assert all(before.at <= after.at for before, after in pairwise(log))
    plan = compiled(execution).plan
    state = planner.initial_state(plan, parallelism=execution.parallelism, selection=_selection(execution, plan))
    state = planner.fold(plan, state, [read_event(row) for row in log])
    assert slices.header_of(execution) == state.header
    rows = {slices.key_of(row): slices.state_of(row) for row in StepExecution.objects.filter(execution=execution)}
    assert rows == dict(state.steps)
    for row in StepExecution.objects.filter(execution=execution, status="Succeeded", type="Processing"):
        assert row.job is not None, f"{row} has no job that stands for it"
        assert row.job.description["ProcessingJobStatus"] == "Completed"
    for attempt in StepAttempt.objects.filter(execution=execution).select_related("step"):
        if attempt.step.status in TERMINAL_STEP:
            assert attempt.ended_at is not None, f"{attempt} of an ended step is still {attempt.status}"


def _selection(execution: Execution, plan: Any) -> Any:
    if execution.selection is None:
        return None
    source = execution.selection["source_execution"]
    statuses = dict(StepExecution.objects.filter(execution=source).values_list("name", "status")) if source else None
    selection, problems = plan_selection(plan, execution.selection["steps"], statuses)
    assert not problems
    return selection
