"""A template drawn without code under the real runners: from a file to a registered model."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from palmerpenguins import load_penguins

from runs.runners.base import AttemptSpec, Ended, Outcome, Runner, RunnerSettings
from runs.runners.process import ProcessRunner
from runs.runners.sandbox import SandboxRunner
from runs.samples import Sample, SampleObject
from tests.examples.driver import Driver
from tests.examples.test_samples_under_a_runner import NeverStopped, Watcher
from tests.machine import need

pytestmark = pytest.mark.timeout(240)

TEMPLATE = Path(__file__).parents[2] / "examples" / "templates" / "classify-penguins"


@pytest.fixture(params=["process", "sandbox"])
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runner]:
    home = tmp_path / "home"
    settings = RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=sys.executable)
    if request.param == "sandbox":
        need("bwrap")
    made: Runner = SandboxRunner(settings) if request.param == "sandbox" else ProcessRunner(settings)
    yield made
    made.close()


def penguins(folder: Path) -> Sample:
    """The template with its data as a file of the default bucket."""
    table = folder / "penguins.csv"
    load_penguins().to_csv(table, index=False)
    definition = (TEMPLATE / "definition.json").read_text().replace("{data}", "s3://{bucket}/penguins.csv")
    objects = (SampleObject(key="penguins.csv", path=table),)
    return Sample(name="p", title="", description="", pipeline="p", order=1, definition=definition, objects=objects)


def test_a_model_is_trained_measured_and_registered_without_code(runner: Runner, tmp_path: Path) -> None:
    heard: dict[str, Watcher] = {}

    def carried_out(driver: Driver, spec: AttemptSpec) -> Outcome:
        watcher = heard.setdefault(spec.attempt_id, Watcher())
        outcome = runner.run(spec, store=driver.store, observer=watcher, stop=NeverStopped())
        assert outcome.ended is Ended.SUCCEEDED, watcher.text.decode()
        return outcome

    driver = Driver(penguins(tmp_path), tmp_path, carried_out)
    result = driver.run()
    assert set(result.status.values()) <= {"Succeeded", "Skipped"}
    package = result.documents["Register"]
    model = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    report = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    assert model.endswith("/model.tar.gz") and model in driver.objects
    with driver.store.open(driver.objects[report][0]) as stream:
        figures = json.loads(stream.read())["multiclass_classification_metrics"]
    assert figures["accuracy"]["value"] > 0.9
