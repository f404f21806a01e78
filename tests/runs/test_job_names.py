"""A job name in a step's arguments begins the job's name; nothing is ever named twice."""

from __future__ import annotations

from typing import Any

import pytest

from runs.models import Job
from runs.services.start import start_execution
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench


def named(value: Any) -> dict[str, Any]:
    made = step("Split")
    made["Arguments"]["ProcessingJobName"] = value
    return pipeline(made, parameters=[{"Name": "Name", "Type": "String", "DefaultValue": "given_name"}])


@pytest.mark.parametrize(
    ("value", "stem"),
    [
        ("my-job", "my-job-"),
        ({"Get": "Parameters.Name"}, "given-name-"),
        ("x" * 100, "x" * 52 + "-"),
        ("--", "pipelines-"),
    ],
)
def test_the_name_is_a_prefix_with_a_suffix_of_its_own(bench: Bench, value: Any, stem: str) -> None:
    first = bench.run(named(value))
    start_execution(actor=bench.owner, pipeline_id=first.pipeline_id)
    bench.answer()
    one, other = Job.objects.values_list("name", flat=True)
    assert one != other
    assert all(name.startswith(stem) and len(name) <= 63 for name in (one, other))
    assert first.steps.get().job.description["ProcessingJobName"] in (one, other)


def test_a_name_that_is_an_expression_without_a_value_fails_the_step_in_words(bench: Bench) -> None:
    execution = bench.run(named({"Std:Join": {"On": "-", "Values": [{"Get": "Execution.TrainingJobName"}]}}))
    assert "Execution.TrainingJobName" in (execution.failure_reason or "")
