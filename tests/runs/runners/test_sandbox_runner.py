from __future__ import annotations

from collections.abc import Iterator

import pytest

from runs.runners.base import RunnerSettings
from runs.runners.sandbox import SandboxRunner, probe
from tests.machine import need
from tests.runs.attempts.runner_contract import RunnerContract


@pytest.fixture(scope="module")
def runner(runner_settings: RunnerSettings) -> Iterator[SandboxRunner]:
    need("bwrap")
    runner = SandboxRunner(runner_settings)
    yield runner
    runner.close()


class TestSandboxRunner(RunnerContract):
    pass


def test_a_trial_step_says_whether_the_sandbox_can_be_used(runner: SandboxRunner) -> None:
    availability = probe(runner)
    assert availability.available, availability.reason
