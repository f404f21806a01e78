"""The broker is a doorbell: what Celery may and may not do here."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from kombu import Connection

from config.celery import app, broker_reachable, broker_url
from config.env import read_environment


def test_messages_are_json_and_nothing_is_kept_about_them() -> None:
    conf = app.conf
    assert conf.task_serializer == "json"
    assert conf.accept_content == ["json"]
    assert conf.task_ignore_result
    assert conf.result_backend is None


def test_a_message_is_gone_when_it_is_taken() -> None:
    assert not app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.worker_enable_remote_control
    assert not app.conf.worker_send_task_events


def test_a_redis_that_comes_back_is_noticed_within_seconds() -> None:
    options = app.conf.broker_transport_options
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 2
    assert options["socket_connect_timeout"] <= 2


def test_without_a_url_the_embedded_broker_is_used(tmp_path: object) -> None:
    environment = read_environment({"CLARY_HOME": str(tmp_path)})
    assert broker_url(environment) == f"redis+socket://{tmp_path}/run/broker.sock"
    assert broker_url(read_environment({"CLARY_BROKER_URL": "amqp://rabbit//"})) == "amqp://rabbit//"


def test_a_broker_that_is_away_is_told_soon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = f"redis+socket://{tmp_path}/broker.sock"
    monkeypatch.setattr(app, "connection_for_write", lambda: Connection(nobody))
    started = time.monotonic()
    assert broker_reachable() is False
    assert time.monotonic() - started < 5
