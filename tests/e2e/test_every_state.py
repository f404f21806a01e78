"""What opens, fails, waits or is empty is as accessible as the pages are, light and dark, wide and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import PHONE, Looker
from tests.e2e.pipelines import QUICK, TALKING, make_pipeline, write_definition
from tests.e2e.results import make_results_pipeline
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution


@pytest.fixture
def looker(page: Page, axe_source: str) -> Iterator[Looker]:
    looker = Looker(page, axe_source)
    yield looker
    assert looker.found == []


def test_an_empty_pipeline(page: Page, studio: Studio, looker: Looker) -> None:
    row = studio.post("pipelines/", {"name": f"empty-{uuid4().hex[:6]}"})
    page.goto(f"/pipelines/{row['id']}")
    expect(page.get_by_text("Nothing to check yet")).to_be_visible()
    looker.look("empty canvas")
    page.get_by_role("button", name="Add first step").click()
    page.keyboard.type("zzzz")
    expect(page.get_by_text("No step fits")).to_be_visible()
    looker.look("quick add without a hit")


def test_the_inspector(page: Page, studio: Studio, looker: Looker) -> None:
    page.goto(f"/pipelines/{sample(studio)}")
    inspector = page.get_by_role("complementary", name="Inspector")
    page.get_by_test_id("step-TrainForest").click()
    for tab in ("Settings", "Data", "Resources", "Retry & cache", "JSON"):
        inspector.get_by_role("tab", name=tab, exact=True).click()
        looker.look(tab)
    inspector.get_by_role("tab", name="Settings", exact=True).click()
    inspector.get_by_role("button", name=re.compile("^Source of .*: Fixed")).first.click()
    expect(page.get_by_role("menuitem", name="Expression")).to_be_visible()
    looker.look("source menu")


def test_the_dialogs_of_the_editor(page: Page, studio: Studio, looker: Looker) -> None:
    page.goto(f"/pipelines/{sample(studio)}")
    page.get_by_test_id("step-Split").wait_for()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Keys")).to_be_visible()
    looker.look("more")
    page.get_by_role("menuitem", name="Readiness").click()
    expect(page.get_by_role("dialog")).to_contain_text("Runs here")
    looker.look("readiness")
    page.keyboard.press("Escape")
    for button in ("Parameters", "Publish", "Run"):
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        looker.look(button)
        page.keyboard.press("Escape")


def test_a_long_parameter_stays_inside_the_form_of_a_run(page: Page, studio: Studio, looker: Looker) -> None:
    row = studio.post("pipelines/", {"name": f"long-{uuid4().hex[:6]}"})
    name, far = "P" * 64, "s3://a-bucket/" + "far/" * 40
    message = {"Get": f"Parameters.{name}"}
    definition = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": name, "Type": "String", "DefaultValue": far}],
        "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": message}}],
    }
    write_definition(studio, row["id"], json.dumps(definition))
    page.set_viewport_size(PHONE)
    page.goto(f"/pipelines/{row['id']}")
    page.get_by_role("button", name="Run", exact=True).click()
    form = page.get_by_role("dialog")
    field, whole = form.get_by_label(name).bounding_box(), form.bounding_box()
    assert field is not None and whole is not None
    assert field["x"] + field["width"] < whole["x"] + whole["width"]
    looker.look("run form on a phone")


def test_the_text_of_a_definition_that_is_broken(page: Page, studio: Studio, looker: Looker) -> None:
    page.goto(f"/pipelines/{make_pipeline(studio, {'Hello': QUICK}).id}")
    details = page.get_by_role("region", name="Details")
    details.get_by_role("tab", name="JSON").click()
    details.get_by_role("textbox").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("{")
    expect(details.get_by_role("alert")).to_contain_text("Line 1")
    looker.look("broken text")


def test_a_run_that_goes_on(page: Page, studio: Studio, looker: Looker) -> None:
    execution = make_pipeline(studio, {"Talks": TALKING.format(ticks=600), "After": QUICK}).start()
    page.goto(f"/executions/{execution}?step=Talks&tab=logs")
    expect(page.get_by_role("log")).to_contain_text("tick 3")
    looker.look("executing")
    page.context.set_offline(True)
    expect(page.get_by_role("banner")).to_contain_text("Live updates paused")
    looker.look("offline")
    page.context.set_offline(False)
    expect(page.get_by_role("banner")).not_to_contain_text("Live updates paused")
    stop = page.get_by_role("button", name="Stop", exact=True)
    stop.click()
    question = page.get_by_role("dialog", name="Stop")
    expect(question).to_be_visible()
    asked, pressed = question.bounding_box(), stop.bounding_box()
    assert asked is not None and pressed is not None
    assert asked["y"] >= pressed["y"] + pressed["height"] - 1, "the question covers its button"
    assert asked["x"] < pressed["x"] + pressed["width"] and pressed["x"] < asked["x"] + asked["width"]
    looker.look("stop question")
    question.get_by_role("button", name="Stop execution").click()
    expect_execution(page, "Stopped")
    looker.look("stopped")


def test_results(page: Page, studio: Studio, looker: Looker) -> None:
    execution = make_results_pipeline(studio).start()
    assert studio.ended(execution) == "Succeeded"
    for step, text in (("Prepare", "455"), ("Evaluate", "ROC curve"), ("GoodEnough", "what it compared")):
        page.goto(f"/executions/{execution}?step={step}&tab=results")
        expect(page.get_by_text(text).first).to_be_visible()
        looker.look(step)


def test_files_that_are_no_tables(page: Page, looker: Looker, tmp_path: Path) -> None:
    files = [tmp_path / f"{kind}-{uuid4().hex[:6]}.csv" for kind in ("page", "empty", "fine")]
    for file, text in zip(files, ("<!doctype html><html></html>", "", "a,b\n1,2\n"), strict=True):
        file.write_text(text)
    page.goto("/data")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files(files)
    tray = page.get_by_role("region", name="Uploads")
    another = tray.get_by_role("button", name="Choose another file")
    expect(another).to_have_count(2)
    expect(tray.get_by_role("button", name="Try again")).to_have_count(0)
    expect(tray).to_contain_text("1 row")
    looker.look("uploads")
    with page.expect_file_chooser() as chooser:
        another.last.click()
    files[1].write_text("a,b\n1,2\n3,4\n")
    chooser.value.set_files(files[1])
    expect(tray).to_contain_text("2 rows")
    expect(another).to_have_count(1)
    tray.get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    looker.look("dataset")


def test_doors_that_stay_shut(page: Page, studio: Studio, looker: Looker) -> None:
    for path, words in (("executions", "All executions"), ("pipelines", "All pipelines"), ("data", "All data")):
        page.goto(f"/{path}/000000000000")
        expect(page.get_by_role("link", name=words)).to_be_visible()
        looker.look(f"no such {path}")
    page.context.clear_cookies()
    page.goto("/?token=used")
    expect(page.get_by_role("heading")).to_contain_text("used already")
    looker.look("used link")
    page.goto("/login")
    page.get_by_label("User name").fill("nobody")
    page.get_by_role("textbox", name="Password").fill("nothing")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    looker.look("wrong password")


def test_a_phone_shows_every_page_without_scrolling_sideways(page: Page, studio: Studio, looker: Looker) -> None:
    pipeline = make_pipeline(studio, {"AStepWithTheLongestNameAnSdkEverMadeForIt": QUICK})
    execution = pipeline.start()
    assert studio.ended(execution) == "Succeeded"
    page.set_viewport_size(PHONE)
    of = f"/pipelines/{pipeline.id}"
    lists = ["/home", "/pipelines", "/executions", "/data", "/models", "/templates", "/glossary", "/settings"]
    views = [f"/executions/{execution}{view}" for view in ("", "?view=gantt", "?view=events")]
    for path in [*lists, of, f"{of}/runs", f"{of}/schedules", f"{of}/versions", *views]:
        page.goto(path)
        page.get_by_role("banner").wait_for()
        page.wait_for_load_state("networkidle")
        looker.fits(path)
    tabs = page.get_by_role("navigation", name="Pipeline")
    page.goto(of)
    for tab in tabs.get_by_role("link").all():
        expect(tab).to_be_in_viewport(ratio=1)


def sample(studio: Studio) -> str:
    rows = studio.get("pipelines/")["results"]
    return next(str(row["id"]) for row in rows if row["name"] == "breast-cancer")
