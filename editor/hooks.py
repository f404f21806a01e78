"""What the editor asks of rooms above it. Each is provided once, in that room's AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor


@dataclass(frozen=True, kw_only=True)
class LastExecution:
    id: str
    status: str
    started_at: datetime
    duration_seconds: float | None


#: (actor, pipeline ids) → newest execution per pipeline id.
LastExecutions = Callable[[Actor, Sequence[str]], Mapping[str, LastExecution]]
#: (actor, pipeline id) → number of executions that have not ended.
RunningExecutions = Callable[[Actor, str], int]


def _none_yet(actor: Actor, pipeline_ids: Sequence[str]) -> Mapping[str, LastExecution]:
    return {}


def _none_running(actor: Actor, pipeline_id: str) -> int:
    return 0


_last: LastExecutions = _none_yet
_running: RunningExecutions = _none_running


def provide(*, last_executions: LastExecutions, running_executions: RunningExecutions) -> None:
    """Called by the room that keeps executions."""
    global _last, _running
    _last, _running = last_executions, running_executions


def last_executions(actor: Actor, pipeline_ids: Sequence[str]) -> Mapping[str, LastExecution]:
    return _last(actor, pipeline_ids)


def running_executions(actor: Actor, pipeline_id: str) -> int:
    return _running(actor, pipeline_id)
