"""An address with nothing behind it: told at the field, among the problems and before Run; gone once it is there."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import Studio


def test_an_address_with_nothing_behind_it_is_told_before_the_run(page: Page, studio: Studio) -> None:
    row = studio.post("pipelines/", {"name": f"nowhere-{uuid4().hex[:8]}"})
    nowhere = f"s3://nowhere-{uuid4().hex[:8]}/rows.csv"
    page.goto(f"/pipelines/{row['id']}")
    draw = Drawing(page)
    draw.drop("Load table", "LoadTable", "Load", 200, 200)
    draw.inspector.get_by_role("textbox", name="File", exact=True).fill(nowhere)
    told = f"Nothing is stored at {nowhere} yet. Upload it, choose a dataset, or map the address under Readiness."
    expect(draw.inspector.get_by_text(told)).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("list", name="Good to know before this run")).to_contain_text(told)
    expect(dialog.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="1 problem").click()
    expect(page.get_by_role("button", name=f"Warning Load {told}")).to_be_visible()

    kept = studio.post(f"pipelines/{row['id']}/code/", {"file_name": "rows.csv", "text": "a,b\n1,2\n"})["uri"]
    studio.post("uri-mappings/", {"prefix": nowhere, "target": kept})
    expect(page.get_by_text(told)).to_have_count(0, timeout=30_000)
    expect(page.get_by_text("No problems. This pipeline can run.")).to_be_visible()
