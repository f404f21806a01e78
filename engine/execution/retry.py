"""When a failed or lost attempt is followed by another one.

Two kinds that never mix: RetryPolicies of the definition answer service faults and missing capacity, and an
attempt lost to infrastructure is repeated whatever the policies say.

Source: AWS "Retry Policy for Pipeline Steps" (defaults, limits, one of MaxAttempts and ExpireAfterMin); the
first matching policy wins. AWS never retries user code, nor do we.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.execution.signals import AttemptFailed
from engine.execution.state import StepState
from engine.execution.states import FailureCategory
from engine.steps.base import Json

#: Wait before the first, second and third repetition of a step whose attempts were lost. The first is at once:
#: a killed worker's steps run again within 15 s, of which a lease takes 10.
LOST_DELAYS = (timedelta(0), timedelta(seconds=1), timedelta(seconds=5))

DEFAULT_MAX_ATTEMPTS = 5
LONGEST_DELAY = timedelta(days=10)  # ExpireAfterMin's own limit; keeps a large BackoffRate finite

#: What an AWS pipeline would have called the failure, by our category. Categories left out are never retried.
EXCEPTION_TYPES: Mapping[FailureCategory, tuple[str, ...]] = {
    FailureCategory.SERVICE_FAULT: ("Step.SERVICE_FAULT", "SageMaker.JOB_INTERNAL_ERROR"),
    FailureCategory.OUT_OF_MEMORY: ("SageMaker.CAPACITY_ERROR",),
    FailureCategory.DISK_FULL: ("SageMaker.CAPACITY_ERROR",),
}


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """One entry of RetryPolicies. Either `max_attempts` (retries, not attempts in all) or `expire_after` is set."""

    exception_types: frozenset[str]
    interval: timedelta = timedelta(seconds=1)
    backoff_rate: float = 2.0
    max_attempts: int | None = DEFAULT_MAX_ATTEMPTS
    expire_after: timedelta | None = None

    def delay(self, retries: int) -> timedelta:
        """The wait before the next attempt when `retries` were made already: interval x rate ^ retries."""
        try:
            return min(self.interval * self.backoff_rate**retries, LONGEST_DELAY)
        except OverflowError:
            return LONGEST_DELAY


@dataclass(frozen=True, kw_only=True)
class Retry:
    """Another attempt is allowed at `due`. `of`: attempts allowed in all, None when only time limits them."""

    due: datetime
    of: int | None
    policy: str | None = None
    first_failed_at: datetime | None = None


def parse_retry_policies(value: Json) -> tuple[RetryPolicy, ...]:
    """The policies of a step's RetryPolicies. Never raises: what is malformed is left out or takes its default."""
    entries = value if isinstance(value, list) else []
    return tuple(_policy(entry) for entry in entries if isinstance(entry, dict))


def next_attempt(
    policies: Iterable[RetryPolicy], state: StepState, signal: AttemptFailed, now: datetime
) -> Retry | None:
    """The retry a policy grants after this failure, None when there is none or it is used up."""
    types = EXCEPTION_TYPES.get(signal.category)
    if types is None:
        return None
    if signal.error_type is not None:
        types = (signal.error_type,)
    for policy in policies:
        matched = next((t for t in types if t in policy.exception_types), None)
        if matched is not None:
            return _granted(policy, matched, state, now)
    return None


def after_loss(state: StepState, now: datetime) -> Retry | None:
    """The repetition of a step whose attempt was lost, None after the third. `state` is from before the loss."""
    if state.lost >= len(LOST_DELAYS):
        return None
    return Retry(due=now + LOST_DELAYS[state.lost], of=state.attempt - state.lost + len(LOST_DELAYS))


def _granted(policy: RetryPolicy, matched: str, state: StepState, now: datetime) -> Retry | None:
    since = state.first_failed_at or now
    due = now + policy.delay(state.retries)
    if policy.expire_after is not None and due > since + policy.expire_after:
        return None
    of = None
    if policy.max_attempts is not None:
        if state.retries >= policy.max_attempts:
            return None
        of = state.attempt - state.retries + policy.max_attempts
    return Retry(due=due, of=of, policy=matched, first_failed_at=since)


def _policy(entry: Mapping[str, Json]) -> RetryPolicy:
    types = entry.get("ExceptionType")
    names = types if isinstance(types, list) else [types]  # the published schema has a single string
    expire_after = _number(entry.get("ExpireAfterMin"), most=14_400)
    max_attempts = _number(entry.get("MaxAttempts"), most=20)
    interval = _number(entry.get("IntervalSeconds"), most=43_200)
    rate = _number(entry.get("BackoffRate"), most=1_000_000)
    if max_attempts is None and expire_after is None:
        max_attempts = DEFAULT_MAX_ATTEMPTS
    return RetryPolicy(
        exception_types=frozenset(name for name in names if isinstance(name, str)),
        interval=timedelta(seconds=1 if interval is None else interval),
        backoff_rate=2.0 if rate is None else rate,
        max_attempts=None if max_attempts is None else int(max_attempts),
        expire_after=None if expire_after is None else timedelta(minutes=expire_after),
    )


def _number(value: Json, *, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        return None
    return float(min(value, most))
