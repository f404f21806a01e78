"""What the planner knows of one execution: a header, and the steps it needs for this decision.

The shell loads a slice (header + the steps `planner.needed(plan, state_or_header, signal)` names); tests hold
the whole. Counters in the header stand in for steps that were not loaded, so every decision costs
O(out-degree) of the finished step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.execution.states import ExecutionStatus, StepKey, StepStatus


@dataclass(frozen=True, kw_only=True)
class ExecutionHeader:
    """`unfinished`: steps not terminal. `active`: steps with a pending or running attempt (what the
    parallelism limit counts). `unhandled_failures`: failed or stopped steps no trigger answered."""

    status: ExecutionStatus = ExecutionStatus.EXECUTING
    started: bool = False
    parallelism: int | None = None  # None: no limit
    unfinished: int = 0
    active: int = 0
    failures: int = 0  # failed steps in all
    unhandled_failures: int = 0
    failing: bool = False  # a Fail step was reached: start nothing new, let running steps finish
    failure_reason: str | None = None
    failed_step: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepState:
    """`remaining`: producer edges not yet settled. `satisfied`: those a producer that really ran has met."""

    key: StepKey
    type: str
    status: StepStatus = StepStatus.WAITING
    remaining: int = 0
    satisfied: int = 0
    attempt: int = 0  # number of the newest attempt, 0 before the first
    lost: int = 0  # attempts lost to infrastructure so far
    retries: int = 0  # attempts used up by RetryPolicies so far
    first_failed_at: datetime | None = None  # start of a policy's ExpireAfterMin window
    has_attempt: bool = False  # a pending or running attempt exists
    outcome: bool | None = None  # Condition
    cached: bool = False
    reused: bool = False
    selected: bool = True  # selective execution: False = take outputs from the source
    skip_reason: str | None = None
    failure_reason: str | None = None
    retry_due: datetime | None = None  # Queued without an attempt because the next one starts only then


@dataclass(frozen=True, kw_only=True)
class State:
    header: ExecutionHeader
    steps: Mapping[StepKey, StepState] = field(default_factory=dict)
    #: Steps that are Queued without an attempt and without `retry_due` (parallelism limit), in planning order. One
    #: decision frees at most one slot, so a slice holds the first of them (or more) together with its StepState.
    waiting_for_slot: tuple[StepKey, ...] = ()
