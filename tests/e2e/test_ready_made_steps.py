"""A ready-made step shows the Python it runs and becomes a code step in one press that undo takes back."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import Studio
from tests.engine.library.test_columns import made, out


@pytest.fixture
def pipeline(studio: Studio) -> dict[str, Any]:
    bucket = studio.get("session/")["workspace"]["default_bucket"]
    rule = [{"column": "mean_radius", "operator": ">", "value": "12"}]
    steps = [
        made("Load", "load-table@1", {"file": f"s3://{bucket}/breast-cancer/data/breast_cancer.csv"}),
        made("Choose", "select@1", {"table": out("Load", "table")}, filters=json.dumps(rule)),
        made("Split", "split@1", {"table": out("Choose", "table")}, stratify="diagnosis", share="0.25"),
    ]
    definition = json.dumps({"Version": "2020-12-01", "Steps": steps})
    found: dict[str, Any] = studio.post("pipelines/", {"name": f"ready-{uuid4().hex[:6]}", "definition": definition})
    return found


def test_the_code_is_shown_and_taken_over_and_given_back(page: Page, studio: Studio, pipeline: dict[str, Any]) -> None:
    page.goto(f"/pipelines/{pipeline['id']}")
    draw = Drawing(page)
    draw.open("Split", "Code")
    expect(draw.inspector.get_by_text("validation_rows").first).to_be_visible()
    draw.inspector.get_by_role("button", name="Turn into a code step").click()
    expect(draw.inspector.get_by_text("Process data")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    saved = json.loads(studio.get(f"pipelines/{pipeline['id']}/draft/")["definition"])
    app = saved["Steps"][2]["Arguments"]["AppSpecification"]
    assert app["ContainerEntrypoint"] == ["python3", "/opt/ml/processing/input/code/split.py"]
    page.get_by_role("button", name="Undo").click()
    expect(draw.inspector.get_by_text("Split step")).to_be_visible()
    draw.tab("Settings")
    expect(draw.inspector.get_by_label("Share for testing", exact=True)).to_have_value("0.25")


def test_forms_know_the_columns_of_the_table_that_arrives(page: Page, pipeline: dict[str, Any]) -> None:
    page.goto(f"/pipelines/{pipeline['id']}")
    draw = Drawing(page)
    draw.open("Choose", "Settings")
    rule = draw.inspector.get_by_role("combobox", name="Column of rule 1")
    expect(rule).to_have_value("mean_radius")
    expect(rule.get_by_role("option")).to_have_count(32)
    draw.inspector.get_by_role("combobox", name="Comparison of rule 1").select_option("has a value")
    expect(draw.inspector.get_by_role("textbox", name="Value of rule 1")).to_have_count(0)
    draw.inspector.get_by_label("Columns", exact=True).click()
    page.get_by_role("listbox", name="Columns").get_by_role("option", name="mean_area", exact=True).click()
    expect(page.get_by_text('Split: the column "diagnosis" is not in the table').first).to_be_visible()
