"""kill -9 of every process during a run: the execution succeeds, with a whole history and nothing doubled."""

from __future__ import annotations

import os
import signal
import socket

import pytest

from tests.chaos.runs import Chaos
from tests.installation import descendants, kill, process_name, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(90)]


def test_kill_the_worker(chaos: Chaos) -> None:
    execution = chaos.start()
    chaos.wait_until_running(execution)
    worker = chaos.installation.part("clary-worker")
    steps = [pid for pid in descendants(worker) if process_name(pid).startswith("step")]
    kill(worker)
    wait_for(lambda: not any(process_name(pid).startswith("step") for pid in steps), 2.0)
    chaos.assert_recovers(execution)


def test_kill_the_fork_servers(chaos: Chaos) -> None:
    execution = chaos.start()
    chaos.wait_until_running(execution)
    worker = chaos.installation.part("clary-worker")
    for pid in [pid for pid in descendants(worker) if process_name(pid).startswith("clary-fork")]:
        kill(pid)
    chaos.assert_recovers(execution)


def test_kill_the_broker(chaos: Chaos) -> None:
    execution = chaos.start(width=2)
    chaos.wait_until_running(execution)
    kill(chaos.installation.part("valkey-server"))
    chaos.assert_recovers(execution)


def test_wipe_the_broker(chaos: Chaos) -> None:
    execution = chaos.start(steps=1, width=8, seconds=0.5)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(chaos.installation.home / "run" / "broker.sock"))
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16).startswith(b"+OK")
    chaos.assert_recovers(execution)


def test_kill_the_web_process(chaos: Chaos) -> None:
    execution = chaos.start()
    chaos.wait_until_running(execution)
    kill(chaos.installation.part("clary-web"))
    chaos.installation.call(f"executions/{execution}/")  # who comes meanwhile waits; nobody is refused
    chaos.assert_recovers(execution)


def test_kill_the_scheduler_and_then_the_worker(chaos: Chaos) -> None:
    execution = chaos.start()
    chaos.wait_until_running(execution)
    kill(chaos.installation.part("clary-scheduler"))
    kill(chaos.installation.part("clary-worker"))
    chaos.assert_recovers(execution)


def test_a_killed_step_fails_with_its_signal_and_can_be_retried(chaos: Chaos) -> None:
    execution = chaos.start()
    chaos.wait_until_running(execution)
    worker = chaos.installation.part("clary-worker")
    for pid in [pid for pid in descendants(worker) if process_name(pid) == "step"]:
        kill(pid)
    chaos.installation.wait_for_status(execution, "Failed", 10)
    row = chaos.installation.call(f"executions/{execution}/")
    assert "9" in row["failure_reason"] or "kill" in row["failure_reason"].lower()
    chaos.installation.call(f"executions/{execution}/retry/", {})
    chaos.assert_recovers(execution)


def test_a_message_taken_by_a_frozen_worker_is_not_lost(chaos: Chaos) -> None:
    """The broker hands its message to a worker that is frozen and then killed; the message is gone for good."""
    worker = chaos.installation.part("clary-worker")
    os.kill(worker, signal.SIGSTOP)
    execution = chaos.start(steps=2, seconds=0.2)
    kill(worker)
    chaos.assert_recovers(execution)
