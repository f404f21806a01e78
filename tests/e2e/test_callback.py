"""A step that asks somebody outside: drawn, waited for, answered with the mouse."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution, expect_step

URL = "https://sqs.us-east-1.amazonaws.com/111122223333/label-requests"
OUTPUTS = {"place": "String", "rows": "Integer", "approved": "Boolean"}


def callback(name: str, outputs: dict[str, str], **more: Any) -> dict[str, Any]:
    declared = [{"OutputName": one, "OutputType": kind} for one, kind in outputs.items()]
    arguments = more.pop("arguments", {"table": "customers"})
    return {
        "Name": name,
        "Type": "Callback",
        "Arguments": arguments,
        "SqsQueueUrl": URL,
        "OutputParameters": declared,
        **more,
    }


def started(studio: Studio, *steps: dict[str, Any]) -> tuple[str, str]:
    """(name of a new pipeline, its execution)."""
    name = f"ask-{uuid4().hex[:6]}"
    text = json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": list(steps)})
    pipeline = studio.post("pipelines/", {"name": name, "definition": text})["id"]
    return name, studio.post(f"pipelines/{pipeline}/executions/", {})["id"]


def test_a_waiting_step_is_completed_with_the_mouse_and_the_next_step_reads_the_answer(
    page: Page, studio: Studio
) -> None:
    place = {"Get": "Steps.Ask.OutputParameters['place']"}
    _, execution = started(studio, callback("Ask", OUTPUTS), callback("Confirm", {}, arguments={"place": place}))
    page.goto(f"/executions/{execution}")
    expect_step(page, "Ask", "person")
    expect(page.get_by_test_id("step-Ask")).to_contain_text("needs answer")
    page.get_by_test_id("step-Ask").click()
    drawer = page.get_by_role("complementary", name="Step Ask")
    expect(drawer).to_contain_text("Waiting for an answer")
    expect(drawer).to_contain_text("label-requests")
    expect(drawer).to_contain_text("customers")
    drawer.get_by_role("textbox", name="place").fill("s3://labels/done")
    drawer.get_by_role("textbox", name="rows").fill("a dozen")
    expect(drawer).to_contain_text("A whole number, such as 12.")
    drawer.get_by_role("textbox", name="rows").fill("12")
    drawer.get_by_text("False", exact=True).click()
    drawer.get_by_role("button", name="Complete step").click()
    expect_step(page, "Ask", "succeeded")
    expect(drawer.get_by_role("button", name="Complete step")).to_have_count(0)
    page.get_by_test_id("step-Confirm").click()
    expect(page.get_by_role("complementary", name="Step Confirm")).to_contain_text("s3://labels/done")
    page.get_by_role("button", name="Complete step").click()
    expect_execution(page, "Succeeded")
    described = studio.get(f"executions/{execution}/steps/Ask/")["description"]["OutputParameters"]
    assert described == {"place": "s3://labels/done", "rows": 12, "approved": False}


def test_home_leads_to_what_waits_and_a_reason_fails_it(page: Page, studio: Studio) -> None:
    name, execution = started(studio, callback("Ask", {}))
    page.goto("/home")
    needed = page.get_by_role("region", name="Runs that need you")
    needed.get_by_role("link", name=f"Ask of {name} waits for an answer").click()
    page.wait_for_url(f"**/executions/{execution}?step=Ask")
    page.get_by_role("button", name="Fail step…").click()
    page.get_by_role("textbox", name="Reason").fill("Nobody is free this week.")
    page.get_by_role("button", name="Fail step", exact=True).click()
    expect_execution(page, "Failed")
    expect(page.get_by_role("complementary", name="Step Ask")).to_contain_text("Nobody is free this week.")


def test_a_stopped_run_waits_for_the_answer_and_says_so(page: Page, studio: Studio) -> None:
    _, execution = started(studio, callback("Ask", OUTPUTS))
    page.goto(f"/executions/{execution}?step=Ask")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop execution").click()
    drawer = page.get_by_role("complementary", name="Step Ask")
    expect(drawer).to_contain_text("It ends with the answer, whatever that says.")
    drawer.get_by_role("button", name="Fail step…").click()
    drawer.get_by_role("button", name="Fail step", exact=True).click()
    expect_execution(page, "Stopped")


def test_the_step_is_drawn_and_its_outputs_are_edited_by_hand(page: Page, studio: Studio) -> None:
    pipeline = studio.post("pipelines/", {"name": f"draw-{uuid4().hex[:6]}"})["id"]
    page.goto(f"/pipelines/{pipeline}")
    drawing = Drawing(page)
    drawing.drop("Wait for a callback", "WaitForACallback", "Ask", 320, 240)
    queue = drawing.inspector.get_by_role("textbox", name="Queue")
    queue.fill(URL)
    queue.press("Enter")
    drawing.tab("Data")
    drawing.rename_item("result", "place")
    drawing.add("output", "rows")
    expect(page.get_by_text("No problems. This pipeline can run.")).to_be_visible()
    steps: list[dict[str, Any]] = []
    while not any(len(step["OutputParameters"]) == 2 for step in steps):  # saved a moment after it was typed
        page.wait_for_timeout(100)
        steps = json.loads(studio.get(f"pipelines/{pipeline}/draft/")["definition"])["Steps"]
    (step,) = steps
    assert step["SqsQueueUrl"] == URL
    assert [one["OutputName"] for one in step["OutputParameters"]] == ["place", "rows"]
