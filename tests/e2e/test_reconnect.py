"""The line to the server breaks: it is said, and nothing is lost or doubled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pipelines import QUICK, TALKING, make_pipeline
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution, expect_step, step_table

PAUSED = "Live updates paused, reconnecting"


@pytest.mark.timeout(120)
def test_a_killed_web_process_is_told_and_the_run_is_caught_up_without_a_gap(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"Talk": TALKING.format(ticks=80), "After": QUICK}).start()
    page.goto(f"/executions/{execution}?step=Talk&tab=logs")
    expect_step(page, "Talk", "executing")
    studio.kill_web()
    expect(page.get_by_text(PAUSED)).to_be_visible(timeout=5_000)
    expect(page.get_by_text(PAUSED)).to_have_count(0, timeout=40_000)
    expect_execution(page, "Succeeded", timeout=40_000)
    expect(page.get_by_text("80 lines")).to_be_visible()
    assert step_table(page) == ["Talk succeeded", "After succeeded"]
    page.get_by_role("link", name="Events", exact=True).click()
    sequence = studio.get(f"executions/{execution}/events/")["sequence"]
    expect(page.get_by_text(f"{sequence} of {sequence} events")).to_be_visible()


def test_going_offline_is_told_at_once(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"Talk": TALKING.format(ticks=60)}).start()
    page.goto(f"/executions/{execution}")
    expect_step(page, "Talk", "executing")
    page.context.set_offline(True)
    expect(page.get_by_text(PAUSED)).to_be_visible(timeout=5_000)
    page.context.set_offline(False)
    expect(page.get_by_text(PAUSED)).to_have_count(0)
    expect_execution(page, "Succeeded")
