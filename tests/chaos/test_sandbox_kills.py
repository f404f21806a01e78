"""kill -9 while steps run inside the sandbox: nothing of them stays, and the execution succeeds."""

from __future__ import annotations

import pytest

from tests.chaos.runs import Chaos
from tests.installation import descendants, is_alive, kill, process_name, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]


def test_kill_the_worker_of_sandboxed_steps(sandboxed: Chaos) -> None:
    execution = sandboxed.start(width=2)
    sandboxed.wait_until_running(execution)
    worker = sandboxed.installation.part("clary-worker")
    below = list(descendants(worker))
    assert any(process_name(pid) == "bwrap" for pid in below), "the steps do not run inside the sandbox"
    kill(worker)
    wait_for(lambda: not any(is_alive(pid) for pid in below), 2.0)
    sandboxed.assert_recovers(execution)


def test_kill_the_sandbox_itself(sandboxed: Chaos) -> None:
    execution = sandboxed.start()
    sandboxed.wait_until_running(execution)
    worker = sandboxed.installation.part("clary-worker")
    for pid in [pid for pid in descendants(worker) if process_name(pid) == "bwrap"]:
        kill(pid)
    sandboxed.assert_recovers(execution)
