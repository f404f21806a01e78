"""The append-only history of an execution: what happened, in the past tense.

Each class is one event type of the log (`ExecutionEvent.event` is the class name) and of the
socket's `events` frame. `data()` is what `ExecutionEvent.data` keeps: the fields beside step,
iteration and attempt, None left out. At most 8 KiB; larger facts go by reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from engine.execution.states import NOT_ITERATED


@dataclass(frozen=True, kw_only=True)
class Event:
    def data(self) -> dict[str, Any]:
        skip = {"step", "iteration", "attempt"}
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self) if f.name not in skip)
        return {k: v for k, v in pairs if v is not None}


# --- the execution ---
@dataclass(frozen=True, kw_only=True)
class ExecutionStarted(Event):
    """Also recorded again, with `retry=True`, when a finished execution is retried."""

    retry: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ExecutionStopping(Event):
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExecutionStopped(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class ExecutionFailed(Event):
    reason: str
    failed_step: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExecutionSucceeded(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class ExecutionCompletedWithFailures(Event):
    reason: str


# --- a step ---
@dataclass(frozen=True, kw_only=True)
class StepEvent(Event):
    step: str
    iteration: int = NOT_ITERATED
    attempt: int | None = None  # 1, 2, …; None where no attempt exists


@dataclass(frozen=True, kw_only=True)
class StepQueued(StepEvent):
    """Producers are done. With `attempt`: an attempt row exists. Without: waits for a parallelism slot."""


@dataclass(frozen=True, kw_only=True)
class StepStarting(StepEvent):
    """A worker claimed the attempt."""

    worker: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepExecuting(StepEvent):
    """User code runs."""

    runner: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepProgress(StepEvent):
    """A live figure: {"metric": name, "value": number} or {"fraction": 0..1}, or a note."""

    metric: str | None = None
    value: float | None = None
    fraction: float | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepWaiting(StepEvent):
    """A person or an outside system has to act. The step stays as it is until somebody has answered."""

    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepSucceeded(StepEvent):
    """`results`: what its outputs come to, as `engine.digests.digest` makes it."""

    metrics: dict[str, float] | None = None
    results: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class StepFailed(StepEvent):
    """`cause`: the code of what went wrong (engine/failures), where it is known."""

    reason: str
    category: str
    cause: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepStopping(StepEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class StepStopped(StepEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class StepSkipped(StepEvent):
    reason: str  # a SkipReason
    because_of: str | None = None  # the step that decided it


@dataclass(frozen=True, kw_only=True)
class StepCacheHit(StepEvent):
    """The step succeeded with the outputs of an earlier execution (terminal, no StepSucceeded follows)."""

    source_execution: str
    cache_key: str
    results: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class StepReused(StepEvent):
    """Selective execution: outputs of `source_execution` stand in for this step (terminal)."""

    source_execution: str


@dataclass(frozen=True, kw_only=True)
class StepReset(StepEvent):
    """Retry of an execution puts this step back to Waiting."""


@dataclass(frozen=True, kw_only=True)
class AttemptLost(StepEvent):
    """`given_back` is True when a worker handed the attempt back on purpose: it does not count against the limit."""

    reason: str
    given_back: bool | None = None


@dataclass(frozen=True, kw_only=True)
class RetryScheduled(StepEvent):
    """Another attempt will start at `due` (ISO 8601 UTC). `attempt` is the one that ended."""

    due: str
    reason: str
    of: int | None = None  # attempts allowed in all, when known
    policy: str | None = None  # the exception type a RetryPolicy answered; None after a lost attempt
    first_failed_at: str | None = None  # ISO 8601 UTC, start of the policy's ExpireAfterMin window


@dataclass(frozen=True, kw_only=True)
class ConditionEvaluated(StepEvent):
    outcome: bool
    explanation: list[str] = field(default_factory=list)  # "auc 0.965 >= 0.9 → true"


@dataclass(frozen=True, kw_only=True)
class IterationsPlanned(StepEvent):
    count: int
