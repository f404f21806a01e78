"""A holder that cannot renew its leases lets go before anybody else may take over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError

from engine.execution.states import StepKey
from engine.steps.base import JobSpec
from runs.services.claims import LEASE, Claim
from runs.worker import leases
from runs.worker.held import HeldAttempt
from runs.worker.leases import FENCE_SECONDS, TICK_SECONDS, LeaseKeeper


def held() -> HeldAttempt:
    now = datetime.now(UTC)
    job = JobSpec(kind="Processing", name="j", arn="a", image="i", entrypoint=None)
    claim = Claim(
        attempt_id="a" * 12,
        token=1,
        execution_id="e" * 12,
        step=StepKey("S0"),
        number=1,
        job=job,
        job_id="j" * 12,
        request={},
        definition_step={},
        input_files=(),
        created_at=now,
        claimed_at=now,
    )
    return HeldAttempt(claim, lambda: None)


class Away(LeaseKeeper):
    """A keeper whose database does not answer while `away` is set."""

    def __init__(self, attempts: dict[str, HeldAttempt], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("worker", lambda: attempts, clock=clock)
        self.away = threading.Event()
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1
        if self.away.is_set():
            raise OperationalError("the database is away")
        self._renewed = self._clock()


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "connections", type("None", (), {"close_all": staticmethod(lambda: None)}))


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """With its thread, and a twentieth of the real times in the same proportion."""
    monkeypatch.setattr(leases, "TICK_SECONDS", TICK_SECONDS / 20)
    monkeypatch.setattr(leases, "FENCE_SECONDS", FENCE_SECONDS / 20)
    made = Away({"a" * 12: held()})
    made.start()
    yield made
    made.close()


def wait_until(true: Any, seconds: float) -> bool:
    ended = time.monotonic() + seconds
    while time.monotonic() < ended:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())


def test_the_times_leave_three_seconds_before_anybody_else_may_start_the_step() -> None:
    assert LEASE.total_seconds() - FENCE_SECONDS >= 3
    assert FENCE_SECONDS > 3 * TICK_SECONDS


def test_a_holder_that_cannot_renew_kills_its_step(keeper: Away) -> None:
    (attempt,) = keeper._held().values()
    assert wait_until(lambda: keeper.ticks >= 2, 5)
    keeper.away.set()
    assert not attempt.stop.killing
    assert wait_until(lambda: attempt.stop.killing, 5)
    assert attempt.fenced


def test_an_outage_shorter_than_the_fence_kills_nothing() -> None:
    attempt, clock = held(), Clock()
    keeper = Away({"a" * 12: attempt}, clock)
    keeper.away.set()
    for _ in range(3):
        clock.now += TICK_SECONDS
        keeper.beat()
    assert not attempt.stop.killing
    keeper.away.clear()
    for _ in range(10):
        clock.now += TICK_SECONDS
        keeper.beat()
    assert not attempt.stop.killing


def test_an_outage_as_long_as_the_fence_kills() -> None:
    attempt, clock = held(), Clock()
    keeper = Away({"a" * 12: attempt}, clock)
    keeper.away.set()
    clock.now += FENCE_SECONDS - 0.001
    keeper.beat()
    assert not attempt.stop.killing
    clock.now += 0.001
    keeper.beat()
    assert attempt.stop.killing


def test_a_worker_whose_clock_stood_still_kills_at_its_first_look() -> None:
    """A frozen or suspended host: the first tick after it may come too late already."""
    attempt, clock = held(), Clock()
    keeper = Away({"a" * 12: attempt}, clock)
    clock.now += FENCE_SECONDS
    keeper.fence()
    assert attempt.stop.killing
