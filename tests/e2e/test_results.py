"""What a step made is looked at beside the canvas: figures, tables, charts, pictures, pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.results import make_results_pipeline
from tests.e2e.studio import Studio
from tests.e2e.test_accessible import findings
from tests.e2e.watching import expect_execution


@pytest.fixture(scope="module")
def execution(studio: Studio) -> Iterator[str]:
    yield make_results_pipeline(studio).start()


def picture(page: Page, name: str) -> None:
    """With LOOK_PICTURES=<folder> the state is kept for people to judge."""
    folder = os.environ.get("LOOK_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), animations="disabled")


MIDDLE = """path => {
  const middle = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
  return [middle.x, middle.y];
}"""


def point_at_wire(page: Page, wire: str) -> None:
    """Moves the mouse to the middle of a wire, as a person would: once the canvas does not glide any more."""
    path = page.locator(f'.react-flow__edge[data-id^="{wire}"] .react-flow__edge-path')
    seen: list[float] = []
    while (middle := path.evaluate(MIDDLE)) != seen:
        seen = middle
        page.wait_for_timeout(200)
    page.mouse.move(middle[0], middle[1], steps=4)


def opened(page: Page, execution: str, step: str) -> None:
    page.goto(f"/executions/{execution}?view=graph")
    expect_execution(page, "Succeeded", timeout=90_000)
    page.get_by_test_id(f"step-{step}").click()


@pytest.mark.timeout(150)
def test_a_table_shows_its_rows_and_what_each_column_holds(page: Page, execution: str) -> None:
    opened(page, execution, "Prepare")
    drawer = page.get_by_role("complementary", name="Step Prepare")
    expect(drawer.get_by_role("tab", name="Results")).to_have_attribute("aria-selected", "true")
    expect(drawer).to_contain_text("455 rows × 31 columns")
    expect(drawer).to_contain_text("7 values of mean_texture are missing.")
    table = drawer.get_by_role("table", name="First 100 rows of train")
    expect(table).to_have_attribute("aria-rowcount", "101")
    expect(table).to_have_attribute("aria-colcount", "31")
    expect(table.get_by_role("columnheader").first).to_contain_text("number")
    expect(table.get_by_role("img", name="Spread of mean_radius")).to_be_visible()
    assert table.get_by_role("cell").count() < 600  # only what is in view is drawn
    picture(page, "table-light")
    drawer.get_by_role("region", name="First 100 rows of train").evaluate("one => one.scrollTo(100000, 100000)")
    expect(table.get_by_role("columnheader", name="diagnosis")).to_contain_text("benign")
    drawer.get_by_role("button", name="Enlarge the table of train").click()
    expect(page.get_by_role("dialog", name="train")).to_be_visible()
    picture(page, "table-large")


@pytest.mark.timeout(150)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_drawn_in_both_themes_with_words_and_a_table(
    page: Page, execution: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, execution, "Evaluate")
    drawer = page.get_by_role("complementary", name="Step Evaluate")
    for title in ("Confusion matrix", "ROC curve", "Precision and recall", "What the model looks at"):
        figure = drawer.get_by_role("figure", name=title)
        expect(figure.locator("svg[role=graphics-document], [role=graphics-document]").first).to_have_attribute(
            "aria-label", title
        )
    picture(page, f"charts-{scheme}")
    figures = drawer.get_by_role("figure", name="Figures by class")
    expect(figures.get_by_role("cell", name="malignant")).to_be_visible()
    drawer.get_by_role("button", name="Show ROC curve as a table").click()
    expect(drawer.get_by_role("figure", name="ROC curve").get_by_role("columnheader").first).to_have_text("fpr")
    figures.scroll_into_view_if_needed()
    picture(page, f"charts-below-{scheme}")
    drawer.get_by_role("button", name="Enlarge Confusion matrix").click()
    expect(page.get_by_role("dialog", name="Confusion matrix").locator("svg").first).to_be_visible()
    picture(page, f"chart-large-{scheme}")


@pytest.mark.timeout(150)
def test_pictures_pages_and_texts_open_where_they_are(page: Page, execution: str) -> None:
    opened(page, execution, "Evaluate")
    drawer = page.get_by_role("complementary", name="Step Evaluate")
    image = drawer.get_by_role("img", name="picture.png")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 8)
    frame = drawer.locator("iframe[title='report.html']")
    expect(frame).to_have_attribute("sandbox", "")
    expect(frame.content_frame.locator("#told")).to_have_text("Only text.")
    drawer.get_by_role("button", name="evaluation.json").click()
    expect(drawer.get_by_role("region", name="evaluation.json")).to_contain_text('"auc"')
    drawer.get_by_role("button", name="notes.txt").click()
    expect(drawer.get_by_role("region", name="notes.txt")).to_contain_text("held out:")
    picture(page, "files-light")
    with page.expect_download() as download:
        drawer.get_by_role("link", name="Download notes.txt").click()
    assert download.value.path().read_text().startswith("held out")


@pytest.mark.timeout(150)
def test_node_wire_and_condition_tell_the_figures(page: Page, execution: str) -> None:
    page.goto(f"/executions/{execution}?view=graph")
    expect_execution(page, "Succeeded", timeout=90_000)
    expect(page.get_by_test_id("step-Prepare")).to_contain_text("455 rows")
    expect(page.get_by_test_id("step-Evaluate")).to_contain_text("AUC 0.9")
    expect(page.get_by_test_id("step-GoodEnough")).to_contain_text("≥ 0.9")
    point_at_wire(page, "data:Prepare>Evaluate")
    expect(page.get_by_role("tooltip")).to_contain_text("455 rows × 31 columns")
    picture(page, "wire-hover")
    page.get_by_test_id("step-GoodEnough").click()
    drawer = page.get_by_role("complementary", name="Step GoodEnough")
    expect(drawer).to_contain_text("≥ 0.9 → if")
    picture(page, "condition")


@pytest.mark.timeout(150)
def test_results_fit_a_phone(page: Page, execution: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/executions/{execution}?view=table&step=Evaluate")
    drawer = page.get_by_role("complementary", name="Step Evaluate")
    expect(drawer.get_by_role("figure", name="ROC curve").locator("svg").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "phone")


@pytest.mark.timeout(150)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("step", ["Prepare", "Evaluate"])
def test_results_have_no_serious_accessibility_finding(
    page: Page, axe_source: str, execution: str, step: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened(page, execution, step)
    drawer = page.get_by_role("complementary", name=f"Step {step}")
    expect(drawer.get_by_role("button", name="Enlarge").first).to_be_visible()
    if step == "Evaluate":
        expect(drawer.get_by_role("figure", name="ROC curve").locator("svg").last).to_be_visible()
    assert findings(page, axe_source) == []
