"""What a draft calls an error refuses the start, and nothing else does: one truth about what can run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.steps.catalog import STEP_TYPES
from tests.factories.api import Api
from tests.runs.definitions import pipeline, step

NOBODYS = "registry.example.org/nobody:1"


def on_image(image: str) -> dict[str, Any]:
    made = step("A")
    made["Arguments"]["AppSpecification"]["ImageUri"] = image
    return made


def in_branch(inner: dict[str, Any]) -> dict[str, Any]:
    comparison = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}
    arguments = {"Conditions": [comparison], "IfSteps": [inner], "ElseSteps": []}
    return {"Name": "Check", "Type": "Condition", "Arguments": arguments}


CASES = {
    "a step that runs": step("A"),
    "an image nobody mapped": on_image(NOBODYS),
    "the same in a branch": in_branch(on_image(NOBODYS)),
    "a type nobody knows": {"Name": "A", "Type": "Novelty", "Arguments": {}},
    **{f"an empty {name}": {"Name": "A", "Type": name, "Arguments": {}} for name in STEP_TYPES},
}


@pytest.mark.parametrize("made", CASES.values(), ids=CASES.keys())
def test_a_draft_without_errors_starts_and_one_with_errors_is_refused_by_the_first(
    owner_api: Api, made: dict[str, Any]
) -> None:
    body = {"name": "p", "definition": json.dumps(pipeline(made))}
    path = f"pipelines/{owner_api.post('pipelines/', body).json()['id']}/"
    errors = [one for one in owner_api.get(f"{path}draft/").json()["problems"] if one["severity"] == "error"]
    started = owner_api.post(f"{path}executions/", {})
    if errors:
        assert started.status_code == 400
        assert errors[0]["message"] in started.json()["detail"]
    else:
        assert started.status_code == 201, started.json()


def test_a_step_that_does_not_run_here_says_what_run_will_do(owner_api: Api) -> None:
    unknown = [name for name, kind in STEP_TYPES.items() if kind.nature.value == "unsupported"]
    if not unknown:
        pytest.skip("every type runs")
    definition = json.dumps(pipeline({"Name": "A", "Type": unknown[0], "Arguments": {}}))
    problems = owner_api.post("validate/", {"definition": definition}).json()["problems"]
    told = next(one for one in problems if one["code"] == "step-does-not-run")
    assert told["severity"] == "warning"
    assert told["message"].endswith("The pipeline can be run; this step then fails and says the same.")
