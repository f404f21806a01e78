"""What the planner asks the shell to do. Carrying one out twice must be harmless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.execution.states import StepKey


@dataclass(frozen=True, kw_only=True)
class Command:
    step: StepKey


@dataclass(frozen=True, kw_only=True)
class StartAttempt(Command):
    """Resolve the arguments and insert attempt `attempt`. May be answered at once, in the same
    transaction, by CacheHit or StepRefused instead."""

    attempt: int


@dataclass(frozen=True, kw_only=True)
class EvaluateCondition(Command):
    """Answer in the same transaction with ConditionDecided or StepRefused."""


@dataclass(frozen=True, kw_only=True)
class RunEffect(Command):
    """Carry out an Effect step; answer in the same transaction with EffectDone, FailReached or StepRefused."""


@dataclass(frozen=True, kw_only=True)
class RequestAnswer(Command):
    """Ask outside; answer in the same transaction with AnswerRequested, CacheHit or StepRefused."""


@dataclass(frozen=True, kw_only=True)
class AnnounceStop(Command):
    """Tell who was asked that the execution stops. The step ends with the answer, not before."""


@dataclass(frozen=True, kw_only=True)
class StopAttempt(Command):
    attempt: int


@dataclass(frozen=True, kw_only=True)
class ScheduleRetry(Command):
    """Answer with RetryDue at `due`."""

    attempt: int
    due: datetime
