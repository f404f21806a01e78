from __future__ import annotations

from collections.abc import Iterator

import pytest

from runs.runners.base import RunnerSettings
from runs.runners.process import ProcessRunner
from tests.runs.attempts.runner_contract import RunnerContract


@pytest.fixture(scope="module")
def runner(runner_settings: RunnerSettings) -> Iterator[ProcessRunner]:
    runner = ProcessRunner(runner_settings)
    yield runner
    runner.close()


class TestProcessRunner(RunnerContract):
    pass
