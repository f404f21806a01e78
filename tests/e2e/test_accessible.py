"""No serious accessibility finding on any page, light or dark; the check itself is checked."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import findings
from tests.e2e.pipelines import EXITS, QUICK, make_pipeline
from tests.e2e.studio import Studio

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def failed_execution(studio: Studio) -> str:
    return make_pipeline(studio, {"Good": QUICK, "Bad": EXITS, "Never": QUICK}).start()


def test_the_check_reports_an_image_without_a_text(page: Page, axe_source: str) -> None:
    page.goto("/executions")
    page.get_by_role("heading", name="Executions").wait_for()
    page.evaluate("document.querySelector('main').append(new Image())")
    assert any("image-alt" in finding for finding in findings(page, axe_source))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("view", ["graph", "table", "gantt", "events"])
def test_the_run_view_has_no_serious_finding(
    page: Page, axe_source: str, failed_execution: str, view: str, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"/executions/{failed_execution}?view={view}&step=Bad&tab=logs")
    expect(page.get_by_role("banner")).to_contain_text("Failed")
    expect(page.get_by_role("log", name="Log of Bad")).to_contain_text("KeyError")
    assert findings(page, axe_source) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tab", ["overview", "data", "metrics", "attempts", "json"])
def test_the_drawer_has_no_serious_finding(
    page: Page, axe_source: str, failed_execution: str, tab: str, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"/executions/{failed_execution}?step=Bad&tab={tab}")
    expect(page.get_by_role("tabpanel").first).not_to_be_empty()
    expect(page.get_by_role("banner")).to_contain_text("Failed")
    assert findings(page, axe_source) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "path",
    ["/executions", "/pipelines", "/settings", "/no-such-page", "/home", "/models", "/glossary", "/templates"],
)
def test_a_list_has_no_serious_finding(page: Page, axe_source: str, path: str, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(path)
    page.get_by_role("heading").first.wait_for()
    assert findings(page, axe_source) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_pages_of_a_pipeline_have_no_serious_finding(
    page: Page, studio: Studio, axe_source: str, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    sample = next(row["id"] for row in studio.get("pipelines/")["results"] if row["name"] == "breast-cancer")
    page.goto(f"/pipelines/{sample}")
    page.get_by_test_id("step-Split").click()
    expect(page.get_by_role("textbox", name="Step name")).to_have_value("Split")
    found = findings(page, axe_source)
    page.goto(f"/pipelines/{sample}/runs")
    page.get_by_role("row").nth(1).wait_for()
    found += findings(page, axe_source)
    page.goto(f"/pipelines/{sample}/versions")
    page.get_by_role("heading").first.wait_for()
    assert found + findings(page, axe_source) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_hint_has_no_serious_finding(page: Page, axe_source: str, studio: Studio, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto("/settings")
    page.get_by_role("button", name="Show again").click()
    page.goto(f"/pipelines/{make_pipeline(studio, {'Hello': QUICK}).id}")
    expect(page.get_by_role("region", name="First steps")).to_be_visible()
    assert findings(page, axe_source) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_login_page_has_no_serious_finding(page: Page, axe_source: str, scheme: Scheme) -> None:
    page.context.clear_cookies()
    page.emulate_media(color_scheme=scheme)
    page.goto("/login")
    page.get_by_role("button").first.wait_for()
    assert findings(page, axe_source) == []
