"""A failure is told in plain words where one looks, and a press repairs what can be repaired."""

from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pipelines import QUICK, make_pipeline, write_definition
from tests.e2e.results import make_results_pipeline
from tests.e2e.studio import Studio
from tests.e2e.test_results import picture
from tests.e2e.watching import expect_execution, expect_step

BROKEN_LINE = (
    "import pandas\n\n\ndef main():\n    frame = pandas.DataFrame({'a': [1]})\n    print(frame['b'])\n\n\nmain()\n"
)


@pytest.mark.timeout(180)
def test_a_misspelled_column_is_explained_repaired_and_retried(page: Page, studio: Studio) -> None:
    execution = make_results_pipeline(studio, target="diagnosys").start()
    page.goto(f"/executions/{execution}?view=graph")
    expect_execution(page, "Failed", timeout=60_000)
    expect(page.get_by_test_id("step-Evaluate")).to_contain_text("column missing")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Evaluate failed.")
    expect(banner).to_contain_text('There is no column "diagnosys" in the table.')
    banner.get_by_role("button", name="What to do").click()
    why = page.get_by_role("region", name="Why Evaluate failed")
    expect(why).to_contain_text("A column is missing")
    expect(why).to_contain_text("evaluate.py, line")
    expect(why.get_by_role("link", name="Open the code at line")).to_be_visible()
    picture(page, "failure-light")
    why.get_by_role("button", name="Use the column “diagnosis”").click()
    expect(why.get_by_role("status")).to_contain_text("Done in the pipeline: Use the column “diagnosis”.")
    picture(page, "failure-repaired")
    why.get_by_role("button", name="Retry from Evaluate with the change").click()
    expect(page).not_to_have_url(re.compile(execution))
    expect_execution(page, "Succeeded", timeout=60_000)
    expect_step(page, "Prepare", "cached")
    expect(page.get_by_test_id("step-Evaluate")).to_contain_text("AUC 0.9")


def test_open_the_code_leads_to_the_line_in_the_editor(page: Page, studio: Studio) -> None:
    pipeline = make_pipeline(studio, {"Read": BROKEN_LINE})
    page.goto(f"/executions/{pipeline.start()}?view=graph")
    expect_execution(page, "Failed")
    page.get_by_test_id("step-Read").click()
    why = page.get_by_role("region", name="Why Read failed")
    expect(why).to_contain_text("read.py, line 6, in main")
    expect(why).to_contain_text("print(frame['b'])")
    why.get_by_role("link", name="Open the code at line 6").click()
    dialog = page.get_by_role("dialog", name="read.py · Read")
    expect(dialog.locator(".cm-activeLine").last).to_have_text("    print(frame['b'])")
    picture(page, "failure-code")
    dialog.get_by_role("button", name="Close").first.click()
    expect(page.get_by_role("textbox", name="Name").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_input_with_nothing_behind_it_offers_the_last_good_value(
    page: Page, studio: Studio, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    pipeline = make_pipeline(studio, {"Read": QUICK})
    good = pipeline.start()
    page.goto(f"/executions/{good}?view=graph")
    expect_execution(page, "Succeeded")
    definition = json.loads(studio.get(f"pipelines/{pipeline.id}/draft/")["definition"])
    source = definition["Steps"][0]["Arguments"]["ProcessingInputs"][0]["S3Input"]
    address, source["S3Uri"] = source["S3Uri"], "s3://nowhere/read.py"
    write_definition(studio, pipeline.id, json.dumps(definition))
    page.goto(f"/executions/{pipeline.start()}?view=graph&step=Read")
    expect_execution(page, "Failed")
    expect(page.get_by_test_id("step-Read")).to_contain_text("input missing")
    why = page.get_by_role("region", name="Why Read failed")
    expect(why).to_contain_text("Nothing is stored at s3://nowhere/read.py")
    picture(page, f"failure-input-{scheme}")
    why.get_by_role("button", name="Use the last good value of S3Uri").click()
    expect(why.get_by_role("status")).to_contain_text("Done in the pipeline")
    kept = json.loads(studio.get(f"pipelines/{pipeline.id}/draft/")["definition"])
    assert kept["Steps"][0]["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] == address


def test_a_failure_fits_a_phone(page: Page, studio: Studio) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    execution = make_pipeline(studio, {"Read": "import cv2\n"}).start()
    page.goto(f"/executions/{execution}?view=table&step=Read")
    expect_execution(page, "Failed")
    why = page.get_by_role("region", name="Why Read failed")
    expect(why).to_contain_text("The script imports cv2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "failure-phone")
