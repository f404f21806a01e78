"""The samples under the real runners: warm forks, live logs and metrics, the same results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runs.runners.base import AttemptSpec, Ended, Outcome, Runner, RunnerSettings
from runs.runners.process import ProcessRunner
from runs.runners.sandbox import SandboxRunner
from runs.samples import load_sample
from tests.examples.driver import Driver
from tests.machine import need

#: Real work of several seconds each; a busy machine may take many times that.
pytestmark = pytest.mark.timeout(240)

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass
class Watcher:
    """An observer that keeps what it hears."""

    text: bytes = b""
    metrics: list[tuple[str, float]] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)

    def executing(self) -> None:
        self.phases.append("executing")

    def log(self, chunk: bytes) -> None:
        self.text += chunk

    def metric(self, name: str, value: float) -> None:
        self.metrics.append((name, value))

    def phase(self, name: str) -> None:
        self.phases.append(name)


class NeverStopped:
    stopping = False
    killing = False

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


@pytest.fixture(params=["process", "sandbox"], scope="module")
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    home = tmp_path_factory.mktemp("home")
    settings = RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=sys.executable)
    if request.param == "sandbox":
        need("bwrap")
    runner: Runner = SandboxRunner(settings) if request.param == "sandbox" else ProcessRunner(settings)
    yield runner
    runner.close()


@pytest.fixture
def heard() -> dict[str, Watcher]:
    return {}


@pytest.fixture
def carried_out(runner: Runner, heard: dict[str, Watcher]) -> Callable[[Driver, AttemptSpec], Outcome]:
    def run(driver: Driver, spec: AttemptSpec) -> Outcome:
        heard[spec.attempt_id] = Watcher()
        outcome = runner.run(spec, store=driver.store, observer=heard[spec.attempt_id], stop=NeverStopped())
        assert outcome.ended in (Ended.SUCCEEDED, Ended.FAILED), outcome
        return outcome

    return run


def test_the_headline_sample_succeeds_with_metrics_while_it_runs(
    tmp_path: Path, carried_out: Callable[[Driver, AttemptSpec], Outcome], heard: dict[str, Watcher]
) -> None:
    sample = load_sample(EXAMPLES / "breast-cancer")
    result = Driver(sample, tmp_path, carried_out, Folds=2, Trees=10).run()
    assert result.status["Register"] == "Succeeded", {name: each.text.decode() for name, each in heard.items()}
    live = [value for name, value in heard["TrainForest"].metrics if name == "fold:auc"]
    assert live and all(0.8 < value <= 1 for value in live)
    found = {item["MetricName"]: item["Value"] for item in result.documents["TrainForest"]["FinalMetricDataList"]}
    assert found["fold:auc"] == live[-1]


def test_the_built_in_algorithm_runs_in_a_warm_fork(
    tmp_path: Path, carried_out: Callable[[Driver, AttemptSpec], Outcome], heard: dict[str, Watcher]
) -> None:
    sample = load_sample(EXAMPLES / "breast-cancer-xgboost")
    result = Driver(sample, tmp_path, carried_out, Rounds=30).run()
    assert result.status["Register-RegisterModel"] == "Succeeded", heard["Train"].text.decode()
    assert b"[0]#011train-auc:" in heard["Train"].text


def test_the_broken_sample_fails_with_the_cause_in_its_reason(
    tmp_path: Path, carried_out: Callable[[Driver, AttemptSpec], Outcome]
) -> None:
    result = Driver(load_sample(EXAMPLES / "broken-column"), tmp_path, carried_out).run()
    assert result.status == {"Summarise": "Failed", "Compare": "Skipped"}
    assert "no column 'Diagnose'" in (result.failure or "")
    assert "mean_radius" in (result.failure or "")
