"""The hints of the first visit: in nobody's way, gone when dismissed, back on request."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import QUICK, make_pipeline
from tests.e2e.studio import Studio


def forget(page: Page, studio: Studio) -> None:
    """As if this browser had never been here."""
    user = studio.get("session/")["user"]["username"]
    page.goto("/settings")
    page.evaluate("key => localStorage.removeItem(key)", f"clary:tour:{user}")


def test_five_hints_come_one_by_one_and_stay_away(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Hello": QUICK})
    forget(page, studio)
    page.goto(f"/pipelines/{pipeline.id}")
    hints = page.get_by_role("region", name="First steps")
    for number in range(1, 6):
        expect(hints).to_contain_text(f"{number} of 5")
        hints.get_by_role("button", name=re.compile("Got it|Done")).click()
    expect(hints).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("step-Hello")).to_be_visible()
    expect(hints).to_have_count(0)


def test_a_hint_stands_in_nobodys_way(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Hello": QUICK})
    forget(page, studio)
    page.goto(f"/pipelines/{pipeline.id}")
    hint = page.get_by_role("region", name="First steps").bounding_box()
    canvas = page.get_by_test_id("canvas").bounding_box()
    assert hint is not None and canvas is not None
    assert hint["y"] + hint["height"] <= canvas["y"]
    page.get_by_test_id("step-Hello").click()
    expect(page.get_by_role("textbox", name="Step name")).to_have_value("Hello")


def test_the_settings_bring_the_hints_back(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Hello": QUICK})
    page.goto("/settings")
    page.get_by_role("button", name="Show again").press("Enter")
    page.goto(f"/pipelines/{pipeline.id}")
    hints = page.get_by_role("region", name="First steps")
    hints.get_by_role("button", name="Skip the hints").press("Enter")
    expect(hints).to_have_count(0)
