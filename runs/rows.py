"""Rows as REST and the sockets show them: one shape, built without a query per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F

from engine.execution.states import NOT_ITERATED
from runs.models import Execution, ExecutionEvent, StepAttempt, StepExecution
from runs.selectors import HEAVY, steps_of

Row = dict[str, Any]


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Never negative: clocks of several hosts meet here."""
    return None if start is None or end is None else max(0.0, round((end - start).total_seconds(), 3))


@contextmanager
def consistent_read() -> Iterator[None]:
    """Everything read inside belongs to one moment, without holding up a writer."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN DEFERRED"
    if connection.vendor != "sqlite":
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def event_row(event: ExecutionEvent) -> Row:
    row: Row = {"sequence": event.sequence, "at": iso(event.at), "v": 1, "event": event.event}
    if event.step is not None:
        row["step"] = event.step
    if event.iteration is not None and event.iteration != NOT_ITERATED:
        row["iteration"] = event.iteration
    if event.attempt is not None:
        row["attempt"] = event.attempt
    row["data"] = event.data
    return row


def step_rows(execution_id: str) -> list[Row]:
    """Every step of an execution in planning order; two queries."""
    attempts: dict[int, Row] = {}
    newest = StepAttempt.objects.filter(execution_id=execution_id, number=F("step__attempt"))
    for step_id, exit_code, worker, runner in newest.values_list("step_id", "exit_code", "worker", "runner"):
        attempts[step_id] = {"exit_code": exit_code, "worker": worker or None, "runner": runner or None}
    return [step_row(step, attempts.get(step.pk, {})) for step in steps_of(execution_id)]


def step_row(step: StepExecution, attempt: Row) -> Row:
    """`attempt` holds exit_code, worker and runner of the newest attempt, or nothing."""
    return {
        "name": step.name,
        "iteration": step.iteration_index,
        "type": step.type,
        "status": step.status,
        "attempt": step.attempt or None,
        "attempts": step.attempt,
        "queued_at": iso(step.queued_at),
        "started_at": iso(step.started_at),
        "ended_at": iso(step.ended_at),
        "duration_seconds": seconds_between(step.started_at, step.ended_at),
        "cached": step.cached,
        "source_execution": step.source_execution or None,
        "skip_reason": step.skip_reason,
        "because_of": step.because_of or None,
        "failure_reason": step.failure_reason,
        "category": step.category or None,
        "cause": step.cause or None,
        "exit_code": attempt.get("exit_code"),
        "waiting_for": step.waiting_for or None,
        "progress": step.progress,
        "metrics": step.metrics,
        "results": step.results,
        "condition": step.explanation,
        "outcome": step.outcome,
        "retry_due": iso(step.retry_due),
        "retry_of": step.retry_of,
        "worker": attempt.get("worker"),
        "runner": attempt.get("runner"),
    }


def execution_rows(executions: Iterable[Execution]) -> list[Row]:
    """Two queries for any number of executions that were selected with their pipeline (one when there is none)."""
    rows = list(executions)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    if rows:
        found = StepExecution.objects.filter(execution__in=[row.pk for row in rows]).values("execution_id", "status")
        for group in found.annotate(count=Count("id")).order_by():
            counts[group["execution_id"]][group["status"]] = group["count"]
    return [execution_row(row, counts[row.pk]) for row in rows]


def execution_row(execution: Execution, counts: dict[str, int]) -> Row:
    return {
        "id": execution.pk,
        "pipeline": {
            "id": execution.pipeline_id,
            "name": execution.pipeline_name,
            "display_name": execution.pipeline.display_name,
        },
        "display_name": execution.display_name,
        "status": execution.status,
        "source_label": execution.source_label,
        "started_by": execution.started_by,
        "started_at": iso(execution.started_at),
        "ended_at": iso(execution.ended_at),
        "duration_seconds": seconds_between(execution.started_at, execution.ended_at),
        "failure_reason": execution.failure_reason,
        "failed_step": execution.failed_step,
        "step_counts": counts,
        "parameters": execution.parameters,
    }


def snapshot(execution_id: str) -> Row:
    """`{sequence, execution, steps, layout}` of one moment.

    Raises:
        Execution.DoesNotExist: there is none.
    """
    with consistent_read():
        execution = Execution.objects.select_related("pipeline").defer("definition").get(pk=execution_id)
        steps = step_rows(execution_id)
    counts: dict[str, int] = defaultdict(int)
    for step in steps:
        counts[step["status"]] += 1
    return {
        "sequence": execution.last_sequence,
        "execution": execution_row(execution, dict(counts)),
        "steps": steps,
        "layout": execution.layout,
    }


def changed_executions(workspace_id: str, since: datetime, limit: int) -> list[Row]:
    """Rows touched after `since`, oldest change first."""
    rows = Execution.objects.filter(workspace_id=workspace_id, updated_at__gt=since).select_related("pipeline")
    return execution_rows(rows.defer(*HEAVY).order_by("updated_at")[:limit])
