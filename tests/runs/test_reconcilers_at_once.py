"""Several reconcilers sweep one database at the same moment."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from runs import dispatch
from runs.models import StepAttempt, StepExecution
from runs.reconcile import Repairs, sweep
from runs.stores import blob_store
from tests.people import found
from tests.runs.definitions import pipeline, step
from tests.runs.history import assert_history_is_whole
from tests.runs.obedient import ObedientRunner
from tests.runs.workers import Bench, events, fresh

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4
STEPS = 6


def at_once(work: Any) -> list[Repairs]:
    """What each of several threads got, all released at the same moment."""
    gate, results = threading.Barrier(AT_ONCE), []

    def run() -> None:
        try:
            gate.wait(10)
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == AT_ONCE
    return results


@pytest.fixture
def bench(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(found("lab", "olive"), ObedientRunner(), blob_store())
    monkeypatch.setattr(dispatch, "_ringer", made.rung.extend)
    return made


def test_every_lost_attempt_is_repaired_once(bench: Bench) -> None:
    execution = bench.start(pipeline(*(step(f"P{n}") for n in range(STEPS))))
    bench.rung.clear()
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    StepAttempt.objects.update(status="Starting", lease_until=long_ago, lease_token=1, worker="gone")
    StepExecution.objects.update(status="Starting")
    results = at_once(sweep)
    assert sum(result.lost for result in results) == STEPS
    assert events(execution).count("AttemptLost") == STEPS
    assert StepAttempt.objects.filter(status="Pending").count() == STEPS
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert sorted(bench.runner.steps) == [f"P{n}" for n in range(STEPS)]
    assert_history_is_whole(execution)


def test_every_due_retry_starts_once(bench: Bench) -> None:
    execution = bench.start(pipeline(*(step(f"P{n}") for n in range(STEPS))))
    bench.rung.clear()
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    for _ in range(2):  # the second loss is followed by a wait
        StepAttempt.objects.filter(status="Pending").update(
            status="Starting", lease_until=long_ago, lease_token=1, worker="gone"
        )
        sweep()
    StepExecution.objects.filter(retry_due__isnull=False).update(retry_due=long_ago)
    bench.rung.clear()
    at_once(sweep)
    assert StepAttempt.objects.filter(number=3).count() == STEPS
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert_history_is_whole(execution)
