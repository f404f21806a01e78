"""Stopping and starting everything: what ran continues."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

import pytest

from tests.chaos.runs import Chaos
from tests.installation import Installation, descendants, is_alive, kill, wait_for
from tests.runs.definitions import pipeline

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]


def test_interrupt_pauses_and_the_next_start_continues(home: Path) -> None:
    installation = Installation(home, CLARY_RUNNER="process")
    try:
        chaos = Chaos(installation.start())
        execution = chaos.start(steps=2, seconds=3.0)
        chaos.wait_until_running(execution)
        assert installation.stop(signal.SIGINT) == 0
        assert "1 execution pauses and continues at next start." in installation.said
        installation.start(seconds=20)
        chaos.assert_recovers(execution, within=20)
        lost = installation.query("SELECT SUM(lost) FROM runs_stepexecution WHERE execution_id=?", execution)
        assert lost == [(0,)]
    finally:
        installation.close()


def test_a_killed_supervisor_takes_everything_along_and_the_next_start_takes_over(home: Path) -> None:
    installation = Installation(home, CLARY_RUNNER="process")
    try:
        chaos = Chaos(installation.start())
        execution = chaos.start(steps=2, seconds=3.0)
        chaos.wait_until_running(execution)
        assert installation.supervisor is not None
        pids = list(descendants(installation.supervisor.pid))
        kill(installation.supervisor.pid)
        installation.supervisor.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in pids), 10.0)
        installation.start(seconds=20)
        chaos.assert_recovers(execution, within=20)
    finally:
        installation.close()


def test_a_step_that_waits_for_an_answer_outlives_every_process(home: Path) -> None:
    installation = Installation(home, CLARY_RUNNER="process")
    ask = {"Name": "Ask", "Type": "Callback", "Arguments": {}, "SqsQueueUrl": "https://sqs/1/q", "OutputParameters": []}
    try:
        installation.start()
        made = installation.call("pipelines/", {"name": "asks", "definition": json.dumps(pipeline(ask))})
        execution = str(installation.call(f"pipelines/{made['id']}/executions/", {})["id"])
        assert installation.supervisor is not None
        pids = list(descendants(installation.supervisor.pid))
        for pid in (installation.supervisor.pid, *pids):
            kill(pid)
        installation.supervisor.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in pids), 10.0)
        installation.start(seconds=20)
        asked = installation.call(f"executions/{execution}/steps/Ask/")
        assert (asked["status"], asked["callback"]["answered_at"]) == ("Executing", None)
        installation.call(f"executions/{execution}/steps/Ask/complete/", {"outputs": {}})
        installation.wait_for_status(execution, "Succeeded", 10)
    finally:
        installation.close()


def test_a_second_start_says_who_holds_the_folder(home: Path) -> None:
    installation = Installation(home, CLARY_RUNNER="process")
    second = Installation(home, CLARY_RUNNER="process")
    try:
        installation.start()
        with pytest.raises(AssertionError, match="already runs"):
            second.start()
    finally:
        installation.close()
        second.close()


def test_a_broker_that_cannot_come_back_ends_nothing_and_is_told(home: Path) -> None:
    installation = Installation(home, CLARY_RUNNER="process")
    try:
        chaos = Chaos(installation.start())
        (home / "broker").rename(home / "aside")
        (home / "broker").write_text("in the way")
        kill(installation.part("valkey"))
        wait_for(lambda: "Trying again" in installation.said, 10.0)
        assert installation.ready() == (
            503,
            "cannot be reached; it is started again and again, and its log (logs/broker.log) says why it ends",
        )
        assert installation.call("executions/")["results"]
        execution = chaos.start(steps=1, seconds=0.1)
        (home / "broker").unlink()
        wait_for(lambda: installation.ready() == (200, "ok"), 15.0)
        chaos.assert_recovers(execution, within=20)
    finally:
        installation.close()


def test_a_port_in_use_is_told_in_one_line(home: Path) -> None:
    installation = Installation(home, CLARY_RUNNER="process")
    with (
        socket.create_server(("127.0.0.1", installation.port)),
        pytest.raises(AssertionError, match=f"clary: Port {installation.port} .* in use by .*--port"),
    ):
        installation.start()
    assert installation.supervisor is not None
    assert installation.supervisor.wait() == 1
    assert len(installation.said.splitlines()) == 1
