"""What the outside world tells the planner. Duplicate, late and reordered signals are normal input."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.execution.states import FailureCategory, StepKey


@dataclass(frozen=True, kw_only=True)
class Signal:
    pass


@dataclass(frozen=True, kw_only=True)
class StartRequested(Signal):
    """First signal of every execution. Before it every other signal is answered with nothing.

    `source_execution`: where the reused steps of a selective execution take their outputs from.
    """

    source_execution: str | None = None


@dataclass(frozen=True, kw_only=True)
class StopRequested(Signal):
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ParallelismChanged(Signal):
    """From now on at most so many steps at once; None lifts the limit."""

    parallelism: int | None


@dataclass(frozen=True, kw_only=True)
class RetryRequested(Signal):
    """Run the failed, stopped and unrun part of a finished execution again, keep what succeeded.

    `parallelism`: a new limit; None keeps the old one.
    """

    parallelism: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepSignal(Signal):
    step: StepKey


@dataclass(frozen=True, kw_only=True)
class AttemptSignal(StepSignal):
    attempt: int


@dataclass(frozen=True, kw_only=True)
class AttemptClaimed(AttemptSignal):
    worker: str


@dataclass(frozen=True, kw_only=True)
class AttemptExecuting(AttemptSignal):
    runner: str


@dataclass(frozen=True, kw_only=True)
class AttemptSucceeded(AttemptSignal):
    metrics: dict[str, float] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AttemptFailed(AttemptSignal):
    reason: str
    category: FailureCategory
    cause: str | None = None  # code of the cause, see engine/failures
    error_type: str | None = None  # AWS retry type: "Step.SERVICE_FAULT", "SageMaker.CAPACITY_ERROR", …


@dataclass(frozen=True, kw_only=True)
class AttemptStopped(AttemptSignal):
    pass


@dataclass(frozen=True, kw_only=True)
class AttemptGone(AttemptSignal):
    """The lease ran out or the runner died: infrastructure, not the user's code.

    `given_back`: the worker handed it back on purpose (shutdown); it starts again and does not count as lost.
    """

    reason: str
    given_back: bool = False


@dataclass(frozen=True, kw_only=True)
class RetryDue(StepSignal):
    """The back-off of a scheduled retry is over."""


@dataclass(frozen=True, kw_only=True)
class CacheHit(StepSignal):
    source_execution: str
    cache_key: str
    results: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StepRefused(StepSignal):
    """It could not start: unresolvable expression, type that does not run here, unmapped image."""

    reason: str
    category: FailureCategory
    cause: str | None = None


@dataclass(frozen=True, kw_only=True)
class EffectDone(StepSignal):
    """An Effect step (RegisterModel, Model …) was carried out in the same transaction."""


@dataclass(frozen=True, kw_only=True)
class ConditionDecided(StepSignal):
    outcome: bool
    explanation: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FailReached(StepSignal):
    """A Fail step's turn has come; `message` is its evaluated ErrorMessage."""

    message: str


@dataclass(frozen=True, kw_only=True)
class AnswerRequested(StepSignal):
    """The question of a waiting step is out. `reason`: what is waited for, in words."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class AnsweredWithSuccess(StepSignal):
    """`results`: what its outputs come to, as `engine.digests.digest` makes it."""

    results: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AnsweredWithFailure(StepSignal):
    reason: str
    category: FailureCategory = FailureCategory.CALLBACK
    cause: str | None = None
