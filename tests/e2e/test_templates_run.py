"""Every template of the gallery, used as it is offered, runs to its end on the data that came with it."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.studio import ROOT, Studio

TEMPLATES = sorted(path.parent.name for path in (ROOT / "examples" / "templates").glob("*/template.json"))
#: Seconds on an idle machine; a busy one may take many times that.
pytestmark = pytest.mark.timeout(180)


def run(studio: Studio, pipeline: str, **parameters: str) -> dict[str, str]:
    """Step → status of an execution that has to succeed."""
    started = studio.post(f"pipelines/{pipeline}/executions/", {"parameters": parameters})["id"]
    while (found := studio.get(f"executions/{started}/"))["status"] == "Executing":
        time.sleep(0.2)
    failures = {step["name"]: step["failure_reason"] for step in found["steps"] if step["failure_reason"]}
    assert found["status"] == "Succeeded", failures
    return {step["name"]: step["status"] for step in found["steps"]}


def use(studio: Studio, template: str) -> Any:
    made = studio.post(f"templates/{template}/", {})
    assert studio.get(f"pipelines/{made['id']}/draft/")["problems"] == []
    assert studio.get(f"pipelines/{made['id']}/draft/warnings/")["problems"] == []
    return made


def test_there_are_at_least_eight_templates() -> None:
    assert len(TEMPLATES) >= 8


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_runs_to_its_end(studio: Studio, template: str) -> None:
    run(studio, use(studio, template)["id"])


def test_the_second_batch_is_predicted_with_the_model_the_first_registered(studio: Studio) -> None:
    pipeline = use(studio, "predict-in-batches")["id"]
    group = f"growers-{uuid4().hex[:6]}"
    first, second = run(studio, pipeline, ModelGroup=group), run(studio, pipeline, ModelGroup=group)
    assert (first["Register"], first["Predict"]) == ("Succeeded", "Skipped")
    assert (second["Predict"], second["Train"], second["Register"]) == ("Succeeded", "Skipped", "Skipped")
    assert [row["version"] for row in studio.get(f"model-packages/{group}/")["results"]] == [1]
