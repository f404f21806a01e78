"""The gallery, with a mouse: from the list of pipelines, and from an empty canvas."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.studio import Studio


def test_a_template_is_one_click_away_from_the_list_of_pipelines(page: Page) -> None:
    page.goto("/pipelines")
    page.get_by_role("link", name="From a template").click()
    card = page.get_by_role("article", name="Tell penguins apart")
    expect(card.get_by_role("img", name="Picture of Tell penguins apart")).to_be_visible()
    expect(card.get_by_role("list", name="What it shows").get_by_role("listitem")).to_have_count(3)
    expect(card).to_contain_text("CC0-1.0")
    card.get_by_role("button", name="Use Tell penguins apart").click()
    page.wait_for_url(re.compile(r"/pipelines/\w{12}$"))
    expect(page.get_by_test_id("step-Evaluate")).to_be_visible()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()


def test_an_empty_canvas_takes_a_template_and_undo_empties_it(page: Page, studio: Studio) -> None:
    empty = studio.post("pipelines/", {"name": f"empty-{uuid4().hex[:6]}"})["id"]
    page.goto(f"/pipelines/{empty}")
    page.get_by_role("link", name="Start from template").click()
    page.get_by_role("button", name="Use Find groups without answers").click()
    page.wait_for_url(f"**/pipelines/{empty}")
    expect(page.get_by_test_id("step-Groups")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Start with a step")).to_be_visible()


def test_an_empty_canvas_leads_to_the_json(page: Page, studio: Studio) -> None:
    empty = studio.post("pipelines/", {"name": f"empty-{uuid4().hex[:6]}"})["id"]
    page.goto(f"/pipelines/{empty}")
    page.get_by_role("button", name="Import JSON").click()
    expect(page.get_by_role("tab", name="JSON")).to_have_attribute("aria-selected", "true")


def test_a_picture_shows_a_block_for_every_step(page: Page, studio: Studio) -> None:
    template = next(one for one in studio.get("templates/")["results"] if one["id"] == "compare-models")
    page.goto("/templates")
    picture = page.get_by_role("img", name=f"Picture of {template['title']}")
    expect(picture.locator("rect.block, g > rect")).to_have_count(len(template["layout"]["nodes"]))
