"""Room to work in: borders that are dragged, dots that can be reached, tabs that fit."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import QUICK, make_pipeline
from tests.e2e.studio import Studio


def test_a_border_is_dragged_without_selecting_the_text_beside_it(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"First": QUICK})
    page.goto(f"/pipelines/{pipeline.id}")
    border = page.get_by_role("separator", name="Width of the inspector")
    before = border.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + 2, 450)
    page.mouse.down()
    page.mouse.move(before["x"] - 90, 120, steps=5)
    page.mouse.move(before["x"] - 90, 800, steps=5)
    assert page.evaluate("getSelection().toString()") == ""
    page.mouse.up()
    after = border.bounding_box()
    assert after is not None and after["x"] < before["x"] - 60


def test_tidy_leaves_every_dot_clear_of_the_inspector(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {f"Step{number}": QUICK for number in range(6)})
    page.goto(f"/pipelines/{pipeline.id}")
    expect(page.get_by_test_id("step-Step5")).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Tidy").click()
    page.wait_for_timeout(600)  # the canvas glides
    border = page.get_by_role("separator", name="Width of the inspector").bounding_box()
    nodes = [page.get_by_test_id(f"step-Step{number}").bounding_box() for number in range(6)]
    assert border is not None
    assert all(box is not None and box["x"] + box["width"] < border["x"] - 20 for box in nodes)


def test_the_tabs_of_a_step_fit_side_by_side(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"First": QUICK}).start()
    page.goto(f"/executions/{execution}?step=First")
    tabs = page.get_by_role("tablist", name="About this step")
    expect(tabs.get_by_role("tab")).to_have_count(7)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert tabs.evaluate("box => box.scrollWidth - box.clientWidth") == 0


def test_the_bar_of_a_run_says_whole_what_it_has_room_for(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"First": QUICK})
    name = f"Nightly churn prediction for the shops {pipeline.id[:4]}"
    studio.call("PATCH", f"pipelines/{pipeline.id}/", {"display_name": name})
    execution = pipeline.start()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/executions/{execution}")
    bar = page.get_by_role("banner")
    for part in (bar.get_by_role("link", name=name), bar.get_by_text("draft · started by")):
        expect(part).to_be_visible()
        assert part.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    page.set_viewport_size({"width": 390, "height": 844})
    expect(bar.get_by_role("link", name=name)).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
