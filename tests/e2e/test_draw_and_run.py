"""From an empty canvas to a green run and back, with a mouse."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution, expect_step, remember_statuses, seen_statuses, step_table

FIRST, SECOND = "ProcessData", "ProcessData-2"
WRITES_A_FILE = """from pathlib import Path
folder = Path("/opt/ml/processing/output")
folder.joinpath("numbers.txt").write_text("1 2 3")
"""


def node(page: Page, step: str) -> Locator:
    return page.get_by_test_id(f"step-{step}")


def new_pipeline(page: Page) -> str:
    name = f"drawn-{uuid4().hex[:8]}"
    page.goto("/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Start with a step")).to_be_visible()
    found = re.search(r"/pipelines/(\w{12})", page.url)
    assert found, page.url
    return found.group(1)


def drop_step(page: Page, title: str, step: str, x: int, y: int) -> None:
    page.get_by_role("button", name=title).drag_to(page.get_by_test_id("canvas"), target_position={"x": x, "y": y})
    expect(node(page, step)).to_be_visible()


def draw_wire(page: Page, source: str, target: str) -> None:
    """From the right side of one step to the left side of another."""
    start, end = node(page, source).bounding_box(), node(page, target).bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + start["width"], start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"], end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()
    expect(page.locator(".react-flow__edge")).to_have_count(1)


def write_script(page: Page, step: str, script: str) -> None:
    page.get_by_text(f"{step} has no code yet").click()  # a problem leads to its field
    page.get_by_role("button", name=re.compile("^Write ")).click()
    dialog = page.get_by_role("dialog")
    code = dialog.get_by_role("textbox", name=f"Code of {step}")
    expect(code).to_contain_text("def main")
    code.press("Control+a")
    code.press("Delete")
    page.keyboard.insert_text(script)
    dialog.get_by_role("button", name="Keep code").click()
    expect(dialog).to_have_count(0)


def expect_saved(page: Page) -> None:
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()


@pytest.mark.timeout(120)
def test_a_pipeline_is_drawn_run_watched_and_undone(page: Page, studio: Studio) -> None:
    identifier = new_pipeline(page)
    drop_step(page, "Process data", FIRST, 180, 160)
    drop_step(page, "Process data", SECOND, 540, 260)
    draw_wire(page, FIRST, SECOND)
    write_script(page, FIRST, WRITES_A_FILE)
    write_script(page, SECOND, WRITES_A_FILE)
    expect_saved(page)
    expect(page.get_by_text("No problems")).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile(r"/executions/\w{12}"))
    remember_statuses(page)
    expect_execution(page, "Succeeded")
    expect_step(page, FIRST, "succeeded")
    assert seen_statuses(page)[SECOND][-1] == "succeeded"
    page.reload()
    expect_execution(page, "Succeeded")
    assert step_table(page) == [f"{FIRST} succeeded", f"{SECOND} succeeded"]

    page.get_by_role("link", name="Edit pipeline").click()
    expect(node(page, SECOND)).to_be_visible()
    undo = page.get_by_role("button", name="Undo")
    while label := studio.get(f"pipelines/{identifier}/draft/")["undo_label"]:
        expect(undo).to_have_attribute("title", f"Undo: {label}")
        with page.expect_response("**/draft/undo/"):  # the page was left and loaded again: the server undoes
            undo.click()
    expect(page.get_by_role("heading", name="Start with a step")).to_be_visible()
    expect(undo).to_be_disabled()
    expect_saved(page)
    assert '"Steps":[]' in studio.get(f"pipelines/{identifier}/draft/")["definition"].replace(" ", "").replace("\n", "")


def test_a_wire_that_would_close_a_circle_is_refused(page: Page) -> None:
    new_pipeline(page)
    drop_step(page, "Process data", FIRST, 180, 160)
    drop_step(page, "Process data", SECOND, 540, 260)
    draw_wire(page, FIRST, SECOND)
    start, end = node(page, SECOND).bounding_box(), node(page, FIRST).bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + start["width"], start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] / 2, steps=8)
    expect(node(page, FIRST)).to_have_attribute("title", re.compile("would close a loop"))
    page.mouse.up()
    expect(page.locator(".react-flow__edge")).to_have_count(1)


def test_two_tabs_that_edit_the_same_draft_are_told(page: Page) -> None:
    identifier = new_pipeline(page)
    other = page.context.new_page()
    other.goto(f"/pipelines/{identifier}")
    expect(other.get_by_role("heading", name="Start with a step")).to_be_visible()
    drop_step(page, "Process data", FIRST, 180, 160)
    expect_saved(page)
    drop_step(other, "Fail", "Fail", 180, 160)
    dialog = other.get_by_role("dialog")
    expect(dialog).to_contain_text("changed")
    dialog.get_by_role("button", name="Take theirs").click()
    expect(node(other, FIRST)).to_be_visible()
    expect(node(other, "Fail")).to_have_count(0)
    other.close()
