"""The log of a step: live, following, searchable, of any length."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import TALKING, make_pipeline
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution, expect_step

LONG = """
for line in range(100_000):
    print(f"line {line} \\x1b[32mgreen\\x1b[0m" if line % 1000 == 0 else f"line {line}")
"""


def test_a_running_step_shows_its_log_as_it_grows_and_follows_the_end(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"Talk": TALKING.format(ticks=120)}).start()
    page.goto(f"/executions/{execution}?step=Talk&tab=logs")
    log = page.get_by_role("log", name="Log of Talk")
    expect(log).to_contain_text("tick 60")
    expect(page.get_by_text("Following")).to_be_visible()
    log.hover()
    page.mouse.wheel(0, -2000)
    jump = page.get_by_role("button", name="Jump to latest")
    expect(jump).to_be_visible()
    expect(jump).to_contain_text("new")
    expect(log).to_contain_text("tick 0")
    jump.click()
    expect(page.get_by_text("Following")).to_be_visible()
    expect_step(page, "Talk", "succeeded")
    expect(log).to_contain_text("tick 119")
    expect(page.get_by_text("120 lines")).to_be_visible()


def test_a_log_of_100_000_lines_is_searched_scrolled_and_kept_small(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"Long": LONG}).start()
    page.goto(f"/executions/{execution}?step=Long&tab=logs")
    expect_execution(page, "Succeeded")
    expect(page.get_by_text("100,000 lines")).to_be_visible()
    log = page.get_by_role("log", name="Log of Long")
    expect(log).to_contain_text("line 99999")
    assert log.locator("[data-index]").count() < 120
    page.get_by_role("searchbox", name="Search the log").fill("line 50000")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    page.get_by_role("searchbox", name="Search the log").press("Enter")
    expect(log.locator("mark")).to_have_text("line 50000")
    page.get_by_role("searchbox", name="Search the log").fill("green")
    expect(page.get_by_text("1 of 100")).to_be_visible()
    page.get_by_role("button", name="Next match").click()
    expect(page.get_by_text("2 of 100")).to_be_visible()
    green = log.locator("mark").first
    colour = green.evaluate("node => getComputedStyle(node.parentElement).color")
    plain = log.evaluate("node => getComputedStyle(node).color")
    assert colour != plain
