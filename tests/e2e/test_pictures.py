"""The README's picture, taken from a true run of the headline sample.

`README_PICTURES=1` writes it to docs/images; otherwise it is taken into a temporary folder, so the way to it is tested.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.studio import ROOT, Studio
from tests.e2e.watching import expect_step


@pytest.mark.timeout(120)
def test_a_running_pipeline_has_its_picture_taken(page: Page, studio: Studio, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "images" if os.environ.get("README_PICTURES") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    rows = studio.get("pipelines/?search=breast-cancer")["results"]
    sample = next(row["id"] for row in rows if row["name"] == "breast-cancer")
    execution = studio.post(f"pipelines/{sample}/executions/", {"parameters": {"Trees": 300, "Folds": 5}})["id"]
    page.goto(f"/executions/{execution}?step=TrainForest&tab=logs")
    expect_step(page, "TrainForest", "executing")
    expect(page.get_by_role("complementary", name="Step TrainForest")).to_contain_text("fold-auc", timeout=60_000)
    picture = folder / "run.png"
    page.screenshot(path=str(picture), animations="disabled")
    assert 20_000 < picture.stat().st_size < 400_000
    studio.post(f"executions/{execution}/stop/", {})
