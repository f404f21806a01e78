"""Probes for the machines that watch us."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from config import health


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr("config.celery.broker_reachable", lambda: True)


def test_alive_needs_no_database() -> None:
    answer = Client().get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_names_every_part(db: None) -> None:
    answer = Client().get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "migrations": "ok", "broker": "ok"}


def test_a_broker_that_is_away_is_503(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.celery.broker_reachable", lambda: False)
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert answer.json()["checks"]["broker"] == "cannot be reached"


def test_a_database_that_is_away_is_503_and_its_words_stay_inside(db: None) -> None:
    with patch("config.health.connection.cursor", side_effect=OperationalError("password=hunter2")):
        answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "unknown while the database is away"
    assert "hunter2" not in answer.content.decode()


def test_a_missing_migration_says_the_command(db: None) -> None:
    with patch("django.db.migrations.executor.MigrationExecutor.migration_plan", return_value=[1, 2]):
        answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert "manage.py migrate" in answer.json()["checks"]["migrations"]


@pytest.mark.parametrize(("alive", "status"), [(1, 200), (0, 503)])
def test_a_live_worker_is_part_of_it_when_asked(db: None, alive: int, status: int) -> None:
    with patch("config.health._worker", return_value=None if alive else "no live worker"):
        assert Client().get("/health/ready", {"worker": "1"}).status_code == status


def test_a_probe_writes_nothing(db: None) -> None:
    assert Client().post("/health/live").status_code == 405
