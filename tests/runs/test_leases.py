"""A holder that cannot renew its leases lets go before anybody else may take over."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
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

    def __init__(self, attempts: dict[str, HeldAttempt]) -> None:
        super().__init__("worker", lambda: attempts)
        self.away = threading.Event()
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1
        if self.away.is_set():
            raise OperationalError("the database is away")
        self._renewed = time.monotonic()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A twentieth of the real times, in the same proportion."""
    monkeypatch.setattr(leases, "TICK_SECONDS", TICK_SECONDS / 20)
    monkeypatch.setattr(leases, "FENCE_SECONDS", FENCE_SECONDS / 20)
    monkeypatch.setattr(leases, "connections", type("None", (), {"close_all": staticmethod(lambda: None)}))


@pytest.fixture
def keeper(fast: None) -> Iterator[Any]:
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


def test_an_outage_shorter_than_the_fence_kills_nothing(keeper: Away) -> None:
    (attempt,) = keeper._held().values()
    assert wait_until(lambda: keeper.ticks >= 2, 5)
    keeper.away.set()
    seen = keeper.ticks
    assert wait_until(lambda: keeper.ticks > seen, 5)
    keeper.away.clear()
    seen = keeper.ticks
    assert wait_until(lambda: keeper.ticks > seen + 4, 5)
    assert not attempt.stop.killing


def test_a_worker_whose_clock_stood_still_kills_at_its_first_look(fast: None) -> None:
    """A frozen or suspended host: the first tick after it may come too late already."""
    attempt = held()
    keeper = Away({"a" * 12: attempt})
    keeper._renewed = time.monotonic() - FENCE_SECONDS
    keeper.fence()
    assert attempt.stop.killing
