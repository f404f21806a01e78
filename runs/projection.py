"""What an event means for the facts people see beside the planner's state: times, reasons, figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.execution import events
from engine.execution.states import TERMINAL_EXECUTION
from runs.models import Execution, StepExecution

Changes = dict[str, Any]


def project_step(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    """The presentation columns `event` changes on its step's row, which is brought up to date."""
    project = _STEP_RULES.get(type(event))
    changes = project(row, event, at) if project else {}
    for name, value in changes.items():
        setattr(row, name, value)
    return changes


def project_execution(execution: Execution, at: datetime) -> Changes:
    """The execution's times after its status changed."""
    changes: Changes = {}
    if execution.started and execution.started_at is None:
        changes["started_at"] = at
    ended = execution.status in TERMINAL_EXECUTION
    if ended and execution.ended_at is None:
        changes["ended_at"] = at
    if not ended and execution.ended_at is not None:
        changes["ended_at"] = None
        changes["stop_requested_at"] = None
    for name, value in changes.items():
        setattr(execution, name, value)
    return changes


def _queued(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    return {"queued_at": at, "ended_at": None}


def _starting(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    return {"started_at": row.started_at or at}


def _progress(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.StepProgress)
    progress = dict(row.progress)
    if event.fraction is not None:
        progress["fraction"] = event.fraction
    if event.metric is not None:
        progress["metrics"] = {**progress.get("metrics", {}), event.metric: event.value}
    if event.note is not None:
        progress["note"] = event.note
    return {"progress": progress}


def _waiting(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.StepWaiting)
    return {"waiting_for": event.reason or ""}


def _ended(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    return {"ended_at": at, "waiting_for": ""} if row.waiting_for else {"ended_at": at}


def _succeeded(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.StepSucceeded)
    changes = _ended(row, event, at)
    if event.metrics:
        changes["metrics"] = event.metrics
    if event.results:
        changes["results"] = event.results
    return changes


def _failed(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.StepFailed)
    return {**_ended(row, event, at), "category": event.category, "cause": event.cause or ""}


def _skipped(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.StepSkipped)
    return {**_ended(row, event, at), "because_of": event.because_of or ""}


def _from_elsewhere(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.StepCacheHit | events.StepReused)
    changes = {**_ended(row, event, at), "source_execution": event.source_execution}
    if isinstance(event, events.StepCacheHit) and event.results:
        changes["results"] = event.results
    return changes


def _retry_scheduled(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.RetryScheduled)
    return {"retry_of": event.of}


def _condition(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    assert isinstance(event, events.ConditionEvaluated)
    return {"explanation": list(event.explanation), "started_at": row.started_at or at}


def _reset(row: StepExecution, event: events.StepEvent, at: datetime) -> Changes:
    return {
        "queued_at": None,
        "started_at": None,
        "ended_at": None,
        "retry_of": None,
        "because_of": "",
        "category": "",
        "cause": "",
        "explanation": None,
        "metrics": {},
        "results": {},
        "progress": {},
    }


_STEP_RULES: dict[type[events.Event], Callable[[StepExecution, Any, datetime], Changes]] = {
    events.StepQueued: _queued,
    events.StepStarting: _starting,
    events.StepProgress: _progress,
    events.StepWaiting: _waiting,
    events.StepSucceeded: _succeeded,
    events.StepFailed: _failed,
    events.StepStopped: _ended,
    events.StepSkipped: _skipped,
    events.StepCacheHit: _from_elsewhere,
    events.StepReused: _from_elsewhere,
    events.RetryScheduled: _retry_scheduled,
    events.ConditionEvaluated: _condition,
    events.StepReset: _reset,
}
