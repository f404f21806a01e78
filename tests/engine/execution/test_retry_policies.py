"""Retry policies of a definition, and the repetition of lost attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.execution.retry import RetryPolicy, after_loss, next_attempt, parse_retry_policies
from engine.execution.signals import AttemptFailed
from engine.execution.state import StepState
from engine.execution.states import FailureCategory, StepKey

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = StepKey("A")


def failure(category: FailureCategory = FailureCategory.SERVICE_FAULT, error_type: str | None = None) -> AttemptFailed:
    return AttemptFailed(step=KEY, attempt=1, reason="r", category=category, error_type=error_type)


def state(retries: int = 0, attempt: int = 1, first_failed_at: datetime | None = None, lost: int = 0) -> StepState:
    return StepState(
        key=KEY, type="Processing", retries=retries, attempt=attempt, first_failed_at=first_failed_at, lost=lost
    )


def policy(*types: str, **settings: object) -> dict[str, object]:
    return {"ExceptionType": list(types) or ["Step.SERVICE_FAULT"], **settings}


def test_defaults_are_those_of_sagemaker() -> None:
    (parsed,) = parse_retry_policies([policy()])
    assert parsed == RetryPolicy(
        exception_types=frozenset({"Step.SERVICE_FAULT"}),
        interval=timedelta(seconds=1),
        backoff_rate=2.0,
        max_attempts=5,
        expire_after=None,
    )


def test_a_single_exception_type_may_be_a_string() -> None:
    (parsed,) = parse_retry_policies([{"ExceptionType": "Step.THROTTLING"}])
    assert parsed.exception_types == {"Step.THROTTLING"}


@pytest.mark.parametrize("value", [None, {}, "x", [1, None, "y"], [[]]])
def test_what_is_no_list_of_policies_gives_none(value: object) -> None:
    assert parse_retry_policies(value) == ()


def test_values_of_the_wrong_type_take_their_default() -> None:
    broken = policy(IntervalSeconds="10", BackoffRate=None, MaxAttempts=True, ExpireAfterMin=-1)
    assert parse_retry_policies([broken]) == parse_retry_policies([policy()])
    assert parse_retry_policies([policy(IntervalSeconds=float("nan"))]) == parse_retry_policies([policy()])


def test_values_beyond_the_limits_of_sagemaker_are_cut() -> None:
    (parsed,) = parse_retry_policies([policy(IntervalSeconds=10**9, MaxAttempts=10**30, ExpireAfterMin=10**9)])
    assert parsed.interval == timedelta(hours=12)
    assert parsed.max_attempts == 20
    assert parsed.expire_after == timedelta(days=10)


def test_the_wait_grows_by_the_back_off_rate_and_stays_finite() -> None:
    (parsed,) = parse_retry_policies([policy(IntervalSeconds=10, BackoffRate=3, MaxAttempts=20)])
    assert [parsed.delay(n).total_seconds() for n in range(3)] == [10, 30, 90]
    (steep,) = parse_retry_policies([policy(BackoffRate=1e300)])
    assert steep.delay(19) == timedelta(days=10)


def test_retries_are_counted_and_end() -> None:
    policies = parse_retry_policies([policy(MaxAttempts=2)])
    first = next_attempt(policies, state(), failure(), NOW)
    assert first is not None
    assert (first.due, first.of, first.first_failed_at) == (NOW + timedelta(seconds=1), 3, NOW)
    second = next_attempt(policies, state(retries=1, attempt=2), failure(), NOW)
    assert second is not None
    assert (second.due, second.of) == (NOW + timedelta(seconds=2), 3)
    assert next_attempt(policies, state(retries=2, attempt=3), failure(), NOW) is None


def test_max_attempts_of_zero_means_never() -> None:
    assert next_attempt(parse_retry_policies([policy(MaxAttempts=0)]), state(), failure(), NOW) is None


def test_a_window_ends_the_retries_and_starts_at_the_first_failure() -> None:
    policies = parse_retry_policies([policy(ExpireAfterMin=5, IntervalSeconds=60, BackoffRate=1)])
    assert policies[0].max_attempts is None
    early = next_attempt(policies, state(retries=9, attempt=10, first_failed_at=NOW), failure(), NOW)
    assert early is not None
    assert (early.of, early.first_failed_at) == (None, NOW)
    in_time = NOW + timedelta(minutes=4)
    assert next_attempt(policies, state(retries=9, first_failed_at=NOW), failure(), in_time) is not None
    too_late = NOW + timedelta(minutes=4, seconds=1)
    assert next_attempt(policies, state(retries=9, first_failed_at=NOW), failure(), too_late) is None


def test_the_first_matching_policy_counts() -> None:
    policies = parse_retry_policies(
        [policy("SageMaker.CAPACITY_ERROR", MaxAttempts=9), policy(MaxAttempts=0), policy(MaxAttempts=9)]
    )
    assert next_attempt(policies, state(), failure(), NOW) is None
    retry = next_attempt(policies, state(), failure(FailureCategory.OUT_OF_MEMORY), NOW)
    assert retry is not None
    assert retry.policy == "SageMaker.CAPACITY_ERROR"


def test_an_error_type_is_matched_exactly() -> None:
    policies = parse_retry_policies([policy("SageMaker.RESOURCE_LIMIT")])
    limited = failure(error_type="SageMaker.RESOURCE_LIMIT")
    assert next_attempt(policies, state(), limited, NOW) is not None
    assert next_attempt(policies, state(), failure(), NOW) is None


@pytest.mark.parametrize(
    "category",
    [
        FailureCategory.USER_CODE,
        FailureCategory.INPUT,
        FailureCategory.NOT_RUNNABLE,
        FailureCategory.TIMEOUT,
        FailureCategory.FAIL_STEP,
        FailureCategory.LOST,
    ],
)
def test_what_a_repetition_would_not_mend_is_never_repeated_by_a_policy(category: FailureCategory) -> None:
    every_type = [
        "Step.SERVICE_FAULT",
        "Step.THROTTLING",
        "SageMaker.JOB_INTERNAL_ERROR",
        "SageMaker.CAPACITY_ERROR",
        "SageMaker.RESOURCE_LIMIT",
    ]
    policies = parse_retry_policies([policy(*every_type)])
    assert next_attempt(policies, state(), failure(category, "Step.SERVICE_FAULT"), NOW) is None


def test_lost_attempts_are_repeated_at_once_then_after_one_and_five_seconds_then_never() -> None:
    waits = [after_loss(state(attempt=n + 1, lost=n), NOW) for n in range(4)]
    assert [retry and (retry.due - NOW).total_seconds() for retry in waits] == [0, 1, 5, None]
    assert [retry and retry.of for retry in waits] == [4, 4, 4, None]
