"""Definitions with steps that do not run here are accepted and start; the step says why it was refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench, events, statuses

EMR: dict[str, Any] = {"ClusterId": "j-1", "StepConfig": {"HadoopJarStep": {"Jar": "s3://b-b/a.jar"}}}


@pytest.mark.parametrize(
    ("type_name", "arguments", "words"),
    [
        ("EMR", EMR, "EMR"),
        ("NobodyKnowsThis", {}, "NobodyKnowsThis"),
        ("QualityCheck", {}, "an image only AWS has"),
    ],
)
def test_a_type_that_does_not_run_here_is_refused_at_its_turn_with_the_reason(
    bench: Bench, type_name: str, arguments: dict[str, Any], words: str
) -> None:
    odd = {"Name": "Odd", "Type": type_name, "Arguments": arguments, "DependsOn": ["A"]}
    execution = bench.run(pipeline(step("A"), odd, step("After", DependsOn=["Odd"])))
    assert execution.status == "Failed"
    assert statuses(execution) == {"A": "Succeeded", "Odd": "Failed", "After": "Skipped"}
    row = execution.steps.get(name="Odd")
    assert row.category == "not-runnable"
    assert words in (row.failure_reason or "")
    assert words in (execution.failure_reason or "")
    assert events(execution)[-1] == "ExecutionFailed"
