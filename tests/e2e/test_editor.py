"""The editor as people use it: fields, keys, text, names, and a server that goes away."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.studio import Studio

SAVED = re.compile(r"^Saved \d\d:\d\d$")


def node(page: Page, step: str) -> Locator:
    return page.get_by_test_id(f"step-{step}")


def palette(page: Page, title: str) -> Locator:
    return page.get_by_role("complementary", name="Steps").get_by_role("button", name=re.compile(f"^{title} "))


def definition(studio: Studio, pipeline: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(studio.get(f"pipelines/{pipeline}/draft/")["definition"])
    return found


def names(studio: Studio, pipeline: str) -> list[str]:
    return [step["Name"] for step in definition(studio, pipeline)["Steps"]]


@pytest.fixture
def pipeline(page: Page, studio: Studio) -> str:
    """An open editor with ProcessData → TrainModel, added by pressing palette entries."""
    row = studio.post("pipelines/", {"name": f"edited-{uuid4().hex[:8]}"})
    page.goto(f"/pipelines/{row['id']}")
    palette(page, "Process data").click()
    palette(page, "Train model").click()
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    expect(page.get_by_text(SAVED)).to_be_visible()
    return str(row["id"])


def test_a_press_on_a_palette_entry_adds_and_wires_the_next_step(page: Page, studio: Studio, pipeline: str) -> None:
    channel = definition(studio, pipeline)["Steps"][1]["Arguments"]["InputDataConfig"][0]
    assert channel["DataSource"]["S3DataSource"]["S3Uri"] == {
        "Get": "Steps.ProcessData.ProcessingOutputConfig.Outputs['output'].S3Output.S3Uri"
    }


def test_enter_in_the_search_adds_the_first_hit(page: Page, studio: Studio, pipeline: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type("metrics")
    page.keyboard.press("Enter")
    expect(node(page, "Evaluate")).to_be_visible()
    page.get_by_role("searchbox", name="Search steps").fill("zebra")
    expect(page.get_by_text("No step fits “zebra”.")).to_be_visible()


def test_a_rename_follows_every_reference(page: Page, studio: Studio, pipeline: str) -> None:
    node(page, "ProcessData").click()
    page.keyboard.press("F2")
    page.keyboard.type("Split")
    page.keyboard.press("Enter")
    expect(node(page, "Split")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert "Steps.Split." in json.dumps(definition(studio, pipeline))
    field = page.get_by_role("textbox", name="Step name")
    field.fill("TrainModel")
    expect(page.get_by_text("There is already a step named TrainModel.")).to_be_visible()


def test_a_problem_leads_to_its_field(page: Page, pipeline: str) -> None:
    page.get_by_text("TrainModel has no code yet").first.click()
    expect(page.get_by_role("textbox", name="Step name")).to_have_value("TrainModel")
    expect(page.locator("[data-field$='sagemaker_submit_directory'] :focus")).to_have_count(1)


def test_a_field_keeps_what_it_held_under_the_source_it_left(page: Page, studio: Studio, pipeline: str) -> None:
    node(page, "TrainModel").click()
    page.get_by_role("tab", name="Resources").click()
    page.get_by_label("Stop after", exact=True).fill("600")
    page.get_by_role("button", name=re.compile("^Source of Stop after")).click()
    page.get_by_role("menuitem", name="Parameter").click()
    page.get_by_role("button", name="Choose a parameter").click()
    page.get_by_role("menuitem", name="New parameter").click()
    expect(page.get_by_role("button", name="MaxRuntimeInSeconds")).to_be_visible()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert definition(studio, pipeline)["Parameters"][0]["Name"] == "MaxRuntimeInSeconds"
    page.get_by_role("button", name=re.compile("^Source of Stop after")).click()
    page.get_by_role("menuitem", name="Fixed").click()
    expect(page.get_by_label("Stop after", exact=True)).to_have_value("600")


def test_a_typing_burst_is_one_step_back(page: Page, studio: Studio, pipeline: str) -> None:
    node(page, "TrainModel").click()
    page.get_by_role("tab", name="Resources").click()
    before = page.get_by_role("button", name="Undo").get_attribute("title")
    page.get_by_label("Instances", exact=True).press_sequentially("23", delay=30)
    expect(page.get_by_role("button", name="Undo")).to_have_attribute(
        "title", "Undo: Change InstanceCount of TrainModel"
    )
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("title", str(before))
    expect(page.get_by_label("Instances", exact=True)).to_have_value("1")


def test_deleting_a_used_step_names_who_uses_it_and_can_be_taken_back(
    page: Page, studio: Studio, pipeline: str
) -> None:
    node(page, "ProcessData").click()
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_text(["TrainModeltakes output from ProcessData"])
    dialog.get_by_role("button", name="Delete").click()
    expect(node(page, "ProcessData")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(node(page, "ProcessData")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(1)


def test_keys_walk_connect_copy_and_stay_out_of_fields(page: Page, studio: Studio, pipeline: str) -> None:
    node(page, "ProcessData").click()
    canvas = page.get_by_role("application", name=re.compile("^Pipeline edited"))
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("textbox", name="Step name")).to_have_value("TrainModel")
    page.keyboard.press("Control+d")
    expect(node(page, "TrainModel-2")).to_be_visible()
    field = page.get_by_role("textbox", name="Step name")
    field.click()
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    expect(node(page, "TrainModel-2")).to_be_visible()
    node(page, "ProcessData").click()
    canvas.focus()
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Connect ProcessData to")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_the_text_and_the_canvas_are_one_document(page: Page, studio: Studio, pipeline: str) -> None:
    page.get_by_role("tab", name="JSON").first.click()
    text = page.get_by_role("textbox", name="Definition as JSON")
    expect(text).to_contain_text("ProcessData")
    text.press("Control+End")
    page.keyboard.type(" x")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Line \d+, column \d+"))
    expect(node(page, "ProcessData")).to_be_visible()
    text.press("Control+a")
    page.keyboard.insert_text('{"Version": "2020-12-01", "Steps": [{"Name": "Typed", "Type": "Quantum", "Odd": 1.0}]}')
    expect(node(page, "Typed")).to_be_visible()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert '"Odd":1.0' in studio.get(f"pipelines/{pipeline}/draft/")["definition"].replace(" ", "")
    page.get_by_role("button", name="Undo").click()
    expect(node(page, "ProcessData")).to_be_visible()


def test_edits_wait_while_the_server_is_away(page: Page, studio: Studio, pipeline: str) -> None:
    page.context.set_offline(True)
    palette(page, "Fail").click()
    expect(page.get_by_text("Not saved, retrying")).to_be_visible()
    expect(node(page, "Fail")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert names(studio, pipeline) == ["ProcessData", "TrainModel", "Fail"]


def test_looking_changes_nothing(page: Page, studio: Studio, pipeline: str) -> None:
    before = studio.get(f"pipelines/{pipeline}/draft/")
    page.reload()
    expect(node(page, "ProcessData")).to_be_visible()
    node(page, "TrainModel").click()
    page.get_by_role("button", name="Fit", exact=True).click()
    page.goto("/pipelines")
    after = studio.get(f"pipelines/{pipeline}/draft/")
    assert (after["revision"], after["layout"]) == (before["revision"], before["layout"])


def test_tidy_is_one_step_and_publishing_keeps_a_version(page: Page, studio: Studio, pipeline: str) -> None:
    page.get_by_role("button", name="Tidy").click()
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("title", re.compile("^Undo: (Tidy|Add)"))
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_label("What changed").fill("first")
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("banner")).to_contain_text("v1")
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_role("row").filter(has_text="first")).to_be_visible()
    assert studio.get(f"pipelines/{pipeline}/versions/")["results"][0]["note"] == "first"
