"""The list of executions: live, filtered, and of use on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import EXITS, QUICK, TALKING, Pipeline, make_pipeline
from tests.e2e.studio import Studio


def _rows(page: Page, pipeline: Pipeline) -> str:
    page.goto(f"/pipelines/{pipeline.id}/runs")
    return "tbody tr"


def test_a_new_execution_appears_and_changes_without_a_reload(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Talk": TALKING.format(ticks=10)})
    rows = page.locator(_rows(page, pipeline))
    expect(page.get_by_role("heading", name="No executions yet")).to_be_visible()
    pipeline.start(display_name="nightly")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Succeeded")
    expect(rows.first).to_contain_text("1/1")
    rows.first.get_by_role("link", name="nightly").click()
    expect(page).to_have_url(re.compile(r"/executions/\w{12}"))


def test_filters_stand_in_the_address_and_can_be_cleared(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Bad": EXITS})
    pipeline.start(display_name="first")
    rows = page.locator(_rows(page, pipeline))
    expect(rows.first).to_contain_text("Failed")
    page.get_by_role("button", name="Failed", exact=True).click()
    expect(page).to_have_url(re.compile("status=Failed"))
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Succeeded", exact=True).click()
    expect(page.get_by_role("heading", name="No execution matches")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Clear filters").click()
    expect(rows).to_have_count(1)


def test_a_phone_lists_watches_reads_the_log_and_stops(page: Page, studio: Studio) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    pipeline = make_pipeline(studio, {"Talk": TALKING.format(ticks=600), "Later": QUICK})
    pipeline.start(display_name="on the phone")
    page.goto("/executions")
    page.get_by_role("link", name="on the phone").click()
    page.get_by_role("button", name="Talk").click()
    page.get_by_role("tab", name="Logs").click()
    expect(page.get_by_role("log", name="Log of Talk")).to_contain_text("tick 3")
    page.get_by_role("button", name="Close the step").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop execution").click()
    expect(page.get_by_role("banner")).to_contain_text("Stopped")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
