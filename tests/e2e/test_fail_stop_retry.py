"""What goes wrong is told where one looks, and what can be done about it works."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import EXITS, QUICK, TALKING, make_pipeline, write_definition
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution, expect_step


def test_a_failure_names_its_step_and_leads_to_the_line_of_the_log(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"Load": EXITS, "Train": QUICK}).start()
    page.goto(f"/executions/{execution}")
    expect_execution(page, "Failed")
    expect_step(page, "Load", "failed")
    expect_step(page, "Train", "blocked")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Load failed.")
    banner.get_by_role("button", name="Show the log").click()
    log = page.get_by_role("log", name="Log of Load")
    expect(log).to_contain_text("KeyError: no column named target")
    expect(page.locator('[class*="current"]')).to_contain_text("KeyError")
    page.get_by_role("tab", name="Overview").click()
    expect(page.get_by_role("complementary")).to_contain_text("code 3")
    page.get_by_test_id("step-Train").click()
    expect(page.get_by_role("complementary", name="Step Train")).to_contain_text("Load did not succeed")


def test_stop_asks_once_and_ends_stopped_with_what_was_finished(page: Page, studio: Studio) -> None:
    scripts = {"Done": QUICK, "Running": TALKING.format(ticks=600), "Never": QUICK}
    execution = make_pipeline(studio, scripts).start()
    page.goto(f"/executions/{execution}")
    expect_step(page, "Running", "executing")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Keep running").click()
    expect_step(page, "Running", "executing")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop execution").click()
    expect_execution(page, "Stopped")
    expect_step(page, "Done", "succeeded")
    expect_step(page, "Running", "stopped")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    expect(page).to_have_title("Stopped · " + page.title().split(" · ", 1)[1])


def test_retry_runs_the_failed_part_again_and_keeps_the_rest(page: Page, studio: Studio) -> None:
    execution = make_pipeline(studio, {"Good": QUICK, "Bad": EXITS}).start()
    page.goto(f"/executions/{execution}")
    expect_execution(page, "Failed")
    page.get_by_test_id("step-Bad").click()
    page.get_by_role("tab", name="Attempts").click()
    expect(page.get_by_role("tab", name="Attempt 1")).to_be_visible()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("tab", name="Attempt 2")).to_be_visible()
    expect(page.get_by_role("tab", name="Attempt 1")).to_be_visible()
    expect_execution(page, "Failed")
    good = next(row for row in studio.get(f"executions/{execution}/")["steps"] if row["name"] == "Good")
    assert good["attempts"] == 1


def test_retry_asks_when_the_pipeline_has_changed_and_takes_over_what_succeeded(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Good": QUICK, "Bad": EXITS})
    execution = pipeline.start()
    page.goto(f"/executions/{execution}?view=graph")
    expect_execution(page, "Failed")
    code = studio.post(f"pipelines/{pipeline.id}/code/", {"file_name": "bad.py", "text": QUICK})
    definition = json.loads(studio.get(f"pipelines/{pipeline.id}/draft/")["definition"])
    definition["Steps"][1]["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] = code["uri"]
    write_definition(studio, pipeline.id, json.dumps(definition))
    page.get_by_role("button", name="Retry", exact=True).click()
    expect(page.get_by_text("The pipeline has changed since this run was started.")).to_be_visible()
    page.get_by_role("button", name="Retry with the changes").click()
    expect(page).not_to_have_url(re.compile(execution))
    expect_execution(page, "Succeeded")
    expect_step(page, "Good", "cached")
    expect_step(page, "Bad", "succeeded")


def test_a_viewer_sees_why_stop_is_off(page: Page, studio: Studio) -> None:
    def as_viewer(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]  # playwright's Route
        body = {**answer.json(), "role": "viewer", "permissions": ["view"]}
        route.fulfill(response=answer, json=body)  # type: ignore[attr-defined]

    page.route("**/api/session/", as_viewer)
    execution = make_pipeline(studio, {"Running": TALKING.format(ticks=80)}).start()
    page.goto(f"/executions/{execution}")
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_disabled()
    stop.locator("..").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your role here is viewer")
    studio.post(f"executions/{execution}/stop/", {})


def test_an_execution_that_does_not_exist_is_said_in_words(page: Page) -> None:
    page.goto("/executions/000000000000")
    expect(page.get_by_role("heading", name="This execution is not here")).to_be_visible()
