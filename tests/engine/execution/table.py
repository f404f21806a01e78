"""What people see of an execution after a list of socket events: the rules every client follows.

Written apart from the planner on purpose: it reads frames, as the browser does, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

EMPTY: Row = {
    "status": "Waiting",
    "attempt": 0,
    "queued_at": None,
    "started_at": None,
    "ended_at": None,
    "cached": False,
    "source_execution": None,
    "skip_reason": None,
    "because_of": None,
    "failure_reason": None,
    "category": None,
    "outcome": None,
    "metrics": {},
    "retry_due": None,
    "retry_of": None,
    "worker": None,
    "runner": None,
}
STATUSES = {
    "StepQueued": "Queued",
    "StepStarting": "Starting",
    "StepExecuting": "Executing",
    "StepStopping": "Stopping",
    "StepStopped": "Stopped",
    "StepSucceeded": "Succeeded",
    "StepCacheHit": "Succeeded",
    "StepReused": "Succeeded",
    "StepFailed": "Failed",
    "StepSkipped": "Skipped",
    "RetryScheduled": "Queued",
}
ENDS = {"StepStopped", "StepSucceeded", "StepCacheHit", "StepReused", "StepFailed", "StepSkipped"}
EXECUTION_STATUSES = {
    "ExecutionStarted": "Executing",
    "ExecutionStopping": "Stopping",
    "ExecutionStopped": "Stopped",
    "ExecutionFailed": "Failed",
    "ExecutionSucceeded": "Succeeded",
    "ExecutionCompletedWithFailures": "CompletedWithFailures",
}


def step_table(names: Iterable[str], frames: Iterable[dict[str, Any]]) -> dict[str, Row]:
    """{step: row} after all frames, in the order of `names`."""
    table = {name: dict(EMPTY) for name in names}
    for shown in frames:
        if "step" in shown:
            _apply(table[shown["step"]], shown)
    return table


def execution_row(frames: Iterable[dict[str, Any]]) -> Row:
    row: Row = {"status": "Executing", "failure_reason": None, "failed_step": None}
    for shown in frames:
        status = EXECUTION_STATUSES.get(shown["event"])
        if status is None:
            continue
        row["status"] = status
        if status == "Failed":
            row["failure_reason"] = shown["data"]["reason"]
            row["failed_step"] = shown["data"].get("failed_step")
        elif shown["data"].get("retry"):
            row["failure_reason"] = row["failed_step"] = None
    return row


def _apply(row: Row, shown: dict[str, Any]) -> None:
    event, data = shown["event"], shown["data"]
    row["status"] = STATUSES.get(event, row["status"])
    row["attempt"] = shown.get("attempt", row["attempt"])
    if event in ENDS:
        row.update(ended_at=shown["at"], retry_due=None)
        if "waiting_for" in row:
            row.update(waiting_for=None)
    if event == "StepReset":
        row.update({**EMPTY, "metrics": {}, "attempt": row["attempt"]})
    elif event == "StepQueued":
        row.update(queued_at=shown["at"], retry_due=None, worker=None, runner=None)
    elif event == "StepStarting":
        row.update(started_at=row["started_at"] or shown["at"], worker=data.get("worker"))
    elif event == "StepExecuting":
        row.update(started_at=row["started_at"] or shown["at"], runner=data.get("runner"))
    elif event == "StepWaiting":
        row.update(waiting_for=data["reason"])
    elif event == "StepSucceeded":
        row.update(metrics=data.get("metrics", {}))
    elif event == "StepFailed":
        row.update(failure_reason=data["reason"], category=data["category"])
    elif event == "StepSkipped":
        row.update(skip_reason=data["reason"], because_of=data.get("because_of"))
    elif event in ("StepCacheHit", "StepReused"):
        row.update(cached=event == "StepCacheHit", source_execution=data["source_execution"])
    elif event == "RetryScheduled":
        row.update(retry_due=data["due"], retry_of=data.get("of"))
    elif event == "ConditionEvaluated":
        row.update(outcome=data["outcome"])
