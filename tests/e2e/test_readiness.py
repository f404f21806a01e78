"""Somebody else's pipeline comes in: what it needs is told, and an address that lies elsewhere here is said once."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.pipelines import processing_step
from tests.e2e.studio import Studio


def test_an_imported_pipeline_says_what_it_needs_and_a_missing_file_is_brought(
    page: Page, studio: Studio, tmp_path: Path
) -> None:
    theirs = f"s3://theirs-{uuid4().hex[:8]}/raw/rows.csv"
    step = processing_step("Prepare", "s3://theirs/code/prepare.py")
    step["Arguments"]["ProcessingInputs"].append(
        {"InputName": "rows", "S3Input": {"S3Uri": theirs, "LocalPath": "/opt/ml/processing/rows"}}
    )
    cluster = {"Name": "Cluster", "Type": "EMR", "ClusterId": "j-1", "StepConfig": {}}
    text = json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": [step, cluster]})
    row = studio.post("pipelines/", {"name": f"moved-{uuid4().hex[:8]}", "definition": text})
    page.goto(f"/pipelines/{row['id']}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Readiness").click()
    dialog = page.get_by_role("dialog", name="Readiness")
    expect(dialog.get_by_role("listitem").filter(has_text="Cluster").first).to_contain_text("Cannot run")
    line = dialog.get_by_role("listitem").filter(has_text=theirs)
    expect(line).to_contain_text("Nothing there")
    rows = tmp_path / "rows.csv"
    rows.write_text("a,b\n1,2\n")
    with page.expect_file_chooser() as chosen:
        line.get_by_role("button", name="Upload a file").click()
    chosen.value.set_files(rows)
    expect(line).to_contain_text("Mapped")
    page.goto("/settings")
    listed = page.get_by_role("row").filter(has_text=theirs)
    expect(listed).to_contain_text("/rows.csv")
    listed.get_by_role("button", name=f"Delete {theirs}").click()
    expect(listed).to_have_count(0)
