"""Between rows and the planner's values: load the slice a decision needs, write back what it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from engine.execution.state import ExecutionHeader, StepState
from engine.execution.states import NOT_ITERATED, ExecutionStatus, StepKey, StepStatus
from runs import sql
from runs.models import Execution, StepExecution

HEADER_FIELDS = (
    "started",
    "parallelism",
    "unfinished",
    "active",
    "failures",
    "unhandled_failures",
    "failing",
    "failure_reason",
    "failed_step",
)
STATE_FIELDS = (
    "remaining",
    "satisfied",
    "attempt",
    "lost",
    "retries",
    "first_failed_at",
    "has_attempt",
    "outcome",
    "cached",
    "reused",
    "selected",
    "skip_reason",
    "failure_reason",
    "retry_due",
)
#: How many queued steps a slice holds when a parallelism limit is set; a slot frees one at a time.
SLOT_WINDOW = 32
#: Up to so many steps are read and written by statements that are kept compiled.
FEW = 8


def header_of(execution: Execution) -> ExecutionHeader:
    facts = {name: getattr(execution, name) for name in HEADER_FIELDS}
    return ExecutionHeader(status=ExecutionStatus(execution.status), **facts)


def write_header(execution: Execution, header: ExecutionHeader) -> dict[str, Any]:
    """The header's columns that differ from the row, which is brought up to date."""
    changes: dict[str, Any] = {}
    for name in ("status", *HEADER_FIELDS):
        value = getattr(header, name)
        if getattr(execution, name) != value:
            changes[name] = value
            setattr(execution, name, value)
    return changes


def key_of(row: StepExecution) -> StepKey:
    return StepKey(row.name, row.iteration_index)


def state_of(row: StepExecution) -> StepState:
    facts = {name: getattr(row, name) for name in STATE_FIELDS}
    return StepState(key=key_of(row), type=row.type, status=StepStatus(row.status), **facts)


def set_state(row: StepExecution, state: StepState) -> dict[str, Any]:
    """The state columns that differ from the row, which is brought up to date."""
    changes: dict[str, Any] = {}
    for name in ("status", *STATE_FIELDS):
        value = getattr(state, name)
        if getattr(row, name) != value:
            changes[name] = value
            setattr(row, name, value)
    return changes


def load_steps(execution_id: str, keys: Iterable[StepKey]) -> list[StepExecution]:
    """The rows of these steps, in one query."""
    wanted = list(keys)
    if wanted and len(wanted) <= FEW and all(key.iteration == NOT_ITERATED for key in wanted):
        names = tuple(key.name for key in wanted)
        where = {"execution": execution_id, "iteration_index": NOT_ITERATED, "name": names}
        return sorted(sql.select(StepExecution, where), key=lambda row: row.position)
    plain: list[str] = []
    iterated = Q()
    for key in wanted:
        if key.iteration == NOT_ITERATED:
            plain.append(key.name)
        else:
            iterated |= Q(name=key.name, iteration_index=key.iteration)
    chosen = iterated
    if plain:
        chosen |= Q(name__in=plain, iteration_index=NOT_ITERATED)
    if not chosen:
        return []
    return list(StepExecution.objects.filter(chosen, execution_id=execution_id).order_by("position"))


def load_waiting_for_slot(execution_id: str, known: Iterable[int]) -> list[StepExecution]:
    """The first queued steps without an attempt, in planning order, beside the known rows."""
    waiting = StepExecution.objects.filter(
        execution_id=execution_id, status=StepStatus.QUEUED, has_attempt=False, retry_due__isnull=True
    )
    return list(waiting.exclude(pk__in=list(known)).order_by("position", "iteration_index")[:SLOT_WINDOW])


def write_steps(changes: Mapping[int, Mapping[str, Any]]) -> None:
    """One UPDATE per distinct set of changes: a fan-out of 1,000 equal steps is one statement."""
    groups: dict[str, list[int]] = defaultdict(list)
    values: dict[str, Mapping[str, Any]] = {}
    for pk, change in changes.items():
        if change:
            mark = repr(sorted(change.items()))
            groups[mark].append(pk)
            values[mark] = change
    for mark, pks in groups.items():
        if len(pks) <= FEW:
            sql.update(StepExecution, {"pk": tuple(pks)}, values[mark])
        else:
            StepExecution.objects.filter(pk__in=pks).update(**values[mark])
