"""A run is watched on the canvas: every status arrives by itself, and a reload changes nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pipelines import QUICK, TALKING, make_pipeline
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution, expect_step, remember_statuses, seen_statuses, step_table


def test_every_status_of_a_step_is_seen_without_a_reload(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"First": TALKING.format(ticks=40), "Second": TALKING.format(ticks=10)})
    execution = pipeline.start()
    page.goto(f"/executions/{execution}")
    remember_statuses(page)
    expect_execution(page, "Succeeded")
    seen = seen_statuses(page)
    assert seen["First"][-2:] == ["executing", "succeeded"]
    order = ["waiting", "queued", "starting", "executing", "succeeded"]
    assert seen["Second"] == [status for status in order if status in seen["Second"]]
    assert {"waiting", "executing", "succeeded"} <= set(seen["Second"])
    expect(page).to_have_title("Succeeded · " + page.title().split(" · ", 1)[1])


def test_a_reload_mid_run_shows_the_same_as_a_tab_that_stayed_open(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Done": QUICK, "Running": TALKING.format(ticks=40), "Later": QUICK})
    execution = pipeline.start()
    page.goto(f"/executions/{execution}")
    expect_step(page, "Running", "executing")
    stayed = step_table(page)
    page.goto(f"/executions/{execution}")
    expect_step(page, "Running", "executing")
    assert step_table(page) == stayed
    assert stayed == ["Done succeeded", "Running executing", "Later waiting"]
    studio.post(f"executions/{execution}/stop/", {})
    expect_execution(page, "Stopped")


def test_the_live_rows_equal_the_rows_of_the_server(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"A": TALKING.format(ticks=4), "B": QUICK})
    execution = pipeline.start()
    page.goto(f"/executions/{execution}")
    expect_execution(page, "Succeeded")
    live = step_table(page)
    rows = studio.get(f"executions/{execution}/")["steps"]
    assert live == [f"{row['name']} {row['status'].lower()}" for row in rows]
    page.get_by_role("link", name="Events", exact=True).click()
    sequence = studio.get(f"executions/{execution}/events/")["sequence"]
    expect(page.get_by_text(f"{sequence} of {sequence} events")).to_be_visible()


@pytest.mark.timeout(120)
def test_the_headline_sample_succeeds_with_its_metric_and_its_branch(page: Page, studio: Studio) -> None:
    rows = studio.get("pipelines/?search=breast-cancer")["results"]
    sample = next(row["id"] for row in rows if row["name"] == "breast-cancer")
    small = {"Trees": 10, "Folds": 3, "MinAuc": 0.9}
    execution = studio.post(f"pipelines/{sample}/executions/", {"parameters": small})
    page.goto(f"/executions/{execution['id']}")
    expect_execution(page, "Succeeded", timeout=100_000)
    page.get_by_test_id("step-GoodEnough").click()
    drawer = page.get_by_role("complementary", name="Step GoodEnough")
    expect(drawer).to_contain_text("The if branch was taken")
    expect(drawer).to_contain_text("≥ MinAuc 0.9 → if")
    page.get_by_test_id("step-TrainForest").click()
    page.get_by_role("tab", name="Metrics").click()
    expect(page.get_by_role("img", name="fold:auc")).to_be_visible()
    page.get_by_test_id("step-Evaluate").click()
    page.get_by_role("tab", name="Data").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").first.click()
    assert download.value.path().stat().st_size > 0
