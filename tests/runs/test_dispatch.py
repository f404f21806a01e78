"""Doorbells: one write for many, and a broker that is away costs nothing but time."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from config.celery import app
from runs import dispatch
from runs.clock import database_now
from runs.models import StepAttempt, Worker
from tests.runs.definitions import chain
from tests.runs.workers import Bench


def test_a_broker_that_is_away_leaves_the_attempt_to_the_reconciler(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(ids: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(dispatch, "_ringer", away)
    bench.start(chain(1))
    assert StepAttempt.objects.get().dispatched_at is None


def test_a_rung_attempt_says_when(bench: Bench) -> None:
    bench.start(chain(1))
    assert StepAttempt.objects.get().dispatched_at is not None


def test_no_more_doorbells_than_threads_that_could_be_woken(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(dispatch, "_ringer", rung.extend)
    Worker.objects.all().delete()
    ids = [f"attempt{number:05}" for number in range(200)]
    dispatch.ring(ids)
    assert rung == ids[: dispatch.MOST_DOORBELLS]  # nobody is known yet
    now = database_now()
    for slots in (2, 3):
        Worker.objects.create(host="h", pid=1, runner="process", slots=slots, started_at=now, seen_at=now)
    rung.clear()
    dispatch.ring(ids)
    assert rung == ids[:5]


def test_many_doorbells_leave_in_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    with app.connection_for_write(url="memory://") as connection, connection.Producer() as producer:
        sent: list[str] = []
        monkeypatch.setattr(app, "send_task", lambda name, args, **more: sent.append(args[0]))

        class Pool:
            def acquire(self, **options: object) -> object:
                return producer

        monkeypatch.setattr(type(app), "producer_pool", property(lambda self: Pool()))
        dispatch.ring_broker(["a", "b", "c"])
    assert sent == ["a", "b", "c"]
