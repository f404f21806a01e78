"""Coming back: the home page, what needs a person, registered models, and the words explained."""

from __future__ import annotations

import re
import time
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import EXITS, make_pipeline
from tests.e2e.studio import Studio


def ended(studio: Studio, execution: str) -> None:
    while studio.get(f"executions/{execution}/")["status"] == "Executing":
        time.sleep(0.2)


def test_the_logo_leads_home_where_a_failed_run_waits(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Read": EXITS})
    name = studio.get(f"pipelines/{pipeline.id}/")["name"]
    execution = pipeline.start()
    ended(studio, execution)
    page.goto("/pipelines")
    page.get_by_role("link", name="Clary, home").click()
    page.get_by_role("region", name="Runs that need you").get_by_role("link", name=f"Read of {name} failed").click()
    page.wait_for_url(f"**/executions/{execution}?step=Read")
    page.goto("/home")
    page.get_by_role("region", name="Recent").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"**/pipelines/{pipeline.id}")


def test_a_model_is_approved_where_it_is_listed(page: Page, studio: Studio) -> None:
    template = studio.post("templates/classify-penguins/", {})["id"]
    execution = studio.post(f"pipelines/{template}/executions/", {})["id"]
    ended(studio, execution)
    page.goto("/home")
    waiting = page.get_by_role("listitem").filter(has_text="of penguin-species waits for approval").first
    expect(waiting).to_contain_text(re.compile(r"ROC AUC [01].*Accuracy [01]"))
    page.get_by_role("link", name="of penguin-species waits for approval").first.click()
    group = page.get_by_role("region", name="penguin-species")
    line = group.get_by_role("listitem").first
    expect(line).to_contain_text("Waiting for approval")
    expect(line).to_contain_text(re.compile(r"ROC AUC [01].*Accuracy [01]"))
    line.get_by_role("button", name="Approve").click()
    expect(line.get_by_text("Approved", exact=True)).to_be_visible()
    line.get_by_role("link", name="The run that made it").click()
    page.wait_for_url("**/executions/*")


def test_a_word_is_explained_where_it_stands_and_in_the_glossary(page: Page) -> None:
    page.goto("/pipelines")
    page.get_by_role("button", name="What is meant by pipeline").click()
    help_box = page.get_by_role("dialog")
    expect(help_box).to_contain_text("A named definition with its draft, versions and executions.")
    help_box.get_by_role("link", name="All words").click()
    page.wait_for_url("**/glossary#pipeline")
    expect(page.locator("#pipeline")).to_be_in_viewport()
    page.get_by_role("searchbox", name="Search words").fill("nothing like it")
    page.get_by_role("button", name="Clear search").click()
    expect(page.get_by_text("Fork server", exact=True)).to_be_visible()


def test_a_pipeline_that_never_ran_says_what_to_do(page: Page, studio: Studio) -> None:
    identifier = studio.post("pipelines/", {"name": f"idle-{uuid4().hex[:6]}"})["id"]
    for place in ("runs", "versions"):
        page.goto(f"/pipelines/{identifier}/{place}")
        page.get_by_role("link", name="Open the editor").click()
        page.wait_for_url(f"**/pipelines/{identifier}")
