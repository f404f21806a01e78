"""A version of a registered model answers for rows in another pipeline: by mouse and names, no line of code."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution


@pytest.fixture
def group(studio: Studio) -> str:
    """A group with one version, of a run of the template that registers what it trains."""
    name = f"growers-{uuid4().hex[:6]}"
    made = studio.post("templates/predict-in-batches/", {})
    started = studio.post(f"pipelines/{made['id']}/executions/", {"parameters": {"ModelGroup": name}})
    assert studio.ended(started["id"], 120) == "Succeeded"
    return name


@pytest.fixture
def pipeline(studio: Studio) -> dict[str, Any]:
    """The template's first step alone, with the parameter it reads: the rows to answer for."""
    made = studio.post("templates/predict-in-batches/", {})
    definition = json.loads(studio.get(f"pipelines/{made['id']}/draft/")["definition"])
    alone = json.dumps({**definition, **{part: definition[part][:1] for part in ("Parameters", "Steps")}})
    found: dict[str, Any] = studio.post("pipelines/", {"name": f"answers-{uuid4().hex[:6]}", "definition": alone})
    return found


@pytest.mark.timeout(240)
def test_predict_takes_a_registered_model(page: Page, studio: Studio, group: str, pipeline: dict[str, Any]) -> None:
    page.goto(f"/pipelines/{pipeline['id']}")
    draw = Drawing(page)
    draw.drop("Predict", "Predict", "Predict", 640, 200)
    draw.wire("Load", "table", "Predict", 1)
    draw.open("Predict", "Settings")
    draw.inspector.get_by_role("button", name="Choose a registered model").click()
    page.get_by_role("searchbox", name="Search registered models").fill(group)
    page.get_by_role("button", name=f"{group} · version 1").click()
    expect(draw.inspector.get_by_role("button", name=f"Model: {group} · version 1")).to_be_visible()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile(r"/executions/\w{12}"))
    expect_execution(page, "Succeeded", timeout=60_000)
