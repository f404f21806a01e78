"""A column that got another name is mended in every step at once: told before the run, and after one that failed."""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from palmerpenguins import load_penguins
from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import Studio
from tests.e2e.test_results import picture
from tests.e2e.watching import expect_execution, expect_step
from tests.engine.library.test_columns import made, out

EVERYWHERE = "Use gender in all 3 steps that name sex"


def upload(studio: Studio, name: str, data: bytes) -> str:
    """The URI of the dataset's new version."""
    token = json.loads((studio.home / "credentials.json").read_text())["api_token"]
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=50)) as connection:
        headers = {"Authorization": f"Bearer {token}", "Content-Length": str(len(data))}
        connection.request("POST", f"/api/datasets/files/{name}.csv/", data, headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
    assert answer.status in (200, 201), body
    return str(body["latest"]["uri"])


@pytest.fixture
def pipeline(studio: Studio) -> dict[str, Any]:
    """Trained on a table whose newest version calls `sex` `gender`."""
    name = f"renamed-{uuid4().hex[:6]}"
    penguins = load_penguins().dropna()
    upload(studio, name, penguins.to_csv(index=False).encode())
    uri = upload(studio, name, penguins.rename(columns={"sex": "gender"}).to_csv(index=False).encode())
    steps = [
        made("Load", "load-table@1", {"file": uri}),
        made("Choose", "select@1", {"table": out("Load", "table")}, columns=["species", "sex", "body_mass_g"]),
        made("Split", "split@1", {"table": out("Choose", "table")}, stratify="sex"),
        made("Train", "train-classifier@1", {"train": out("Split", "train")}, target="sex"),
        made("Evaluate", "evaluate@1", {"model": out("Train", "model"), "test": out("Split", "test")}),
    ]
    bucket = studio.get("session/")["workspace"]["default_bucket"]
    for step in steps:
        placed = json.dumps(step).replace("{bucket}", bucket).replace("{step}", step["Name"])
        step.update(json.loads(placed))
    definition = json.dumps({"Version": "2020-12-01", "Steps": steps})
    found: dict[str, Any] = studio.post("pipelines/", {"name": name, "definition": definition})
    return found


def named(studio: Studio, pipeline: dict[str, Any]) -> int:
    """How many steps name the new column."""
    definition = json.loads(studio.get(f"pipelines/{pipeline['id']}/draft/")["definition"])
    words = [step["Arguments"]["AppSpecification"].get("ContainerArguments", []) for step in definition["Steps"]]
    return sum("gender" in " ".join(some) for some in words)


@pytest.mark.parametrize("where", ["panel", "form"])
def test_before_the_run_one_press_mends_all_and_one_undo_takes_it_back(
    page: Page, studio: Studio, pipeline: dict[str, Any], where: str
) -> None:
    page.goto(f"/pipelines/{pipeline['id']}")
    draw = Drawing(page)
    expect(page.get_by_text("3 problems")).to_be_visible()
    expect(page.get_by_text('Choose: the column "sex" is not in the table that arrives.').first).to_be_visible()
    if where == "form":
        draw.open("Train", "Settings")
        picture(page, "renamed-form")
        draw.inspector.get_by_role("button", name=EVERYWHERE).click()
    else:
        page.get_by_text("3 problems").click()
        picture(page, "renamed-panel")
        page.get_by_role("button", name=EVERYWHERE).first.click()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    assert named(studio, pipeline) == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 problems")).to_be_visible()
    assert named(studio, pipeline) == 0


@pytest.mark.timeout(180)
def test_after_a_failure_one_press_mends_all_and_the_rest_succeeds(
    page: Page, studio: Studio, pipeline: dict[str, Any], tmp_path: Path
) -> None:
    execution = studio.post(f"pipelines/{pipeline['id']}/executions/", {})["id"]
    page.goto(f"/executions/{execution}?view=graph")
    expect_execution(page, "Failed", timeout=60_000)
    page.get_by_role("alert").get_by_role("button", name="What to do").click()
    why = page.get_by_role("region", name="Why Choose failed")
    expect(why).to_contain_text("A column is missing")
    repair = why.get_by_role("button", name="Use the column “gender” in all 3 steps that name sex")
    expect(repair).to_be_visible()
    picture(page, "renamed-failure")
    repair.click()
    expect(why.get_by_role("status")).to_contain_text("Done in the pipeline")
    assert named(studio, pipeline) == 3
    why.get_by_role("button", name="Retry from Choose with the change").click()
    expect(page).not_to_have_url(re.compile(execution))
    expect_execution(page, "Succeeded", timeout=90_000)
    expect_step(page, "Load", "cached")
    expect_step(page, "Evaluate", "succeeded")
