"""From somebody's own CSV to a registered model: mouse and names only, no line of code; then a renamed column."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from palmerpenguins import load_penguins
from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution


@pytest.fixture
def own_data(tmp_path: Path) -> Path:
    penguins = load_penguins().dropna()
    penguins["big"] = (penguins["body_mass_g"] > 4200).map({True: "yes", False: "no"})
    path = tmp_path / "penguins.csv"
    penguins.drop(columns="body_mass_g").to_csv(path, index=False)
    return path


@pytest.mark.timeout(240)
def test_own_data_becomes_a_registered_model_without_code(page: Page, studio: Studio, own_data: Path) -> None:
    name = f"penguins-{uuid4().hex[:6]}"
    page.goto("/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    page.get_by_role("textbox", name="Name").fill(f"Größe & Art: {name}")
    expect(page.get_by_text(f"Scripts call it Grosse-Art-{name}.")).to_be_visible()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("banner").get_by_text(f"Größe & Art: {name}")).to_be_visible()
    expect(page.get_by_role("heading", name="Start with a step")).to_be_visible()
    draw = Drawing(page)
    draw_steps(draw, own_data, name)
    page.get_by_role("button", name="Tidy").click()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile(r"/executions/\w{12}"))
    expect_execution(page, "Succeeded", timeout=120_000)
    packages = studio.get(f"model-packages/{name}/")["results"]
    assert [package["approval_status"] for package in packages] == ["PendingManualApproval"]

    page.get_by_role("link", name="Edit pipeline").click()
    rename_upstream(draw)


def draw_steps(draw: Drawing, data: Path, group: str) -> None:
    page = draw.page
    draw.drop("Load table", "LoadTable", "Load", 20, 300)
    with page.expect_file_chooser() as chooser:
        draw.inspector.get_by_role("button", name="Upload a file").click()
    chooser.value.set_files(data)
    expect(draw.inspector.get_by_role("textbox", name="File", exact=True)).to_have_value(re.compile("^s3://.*penguins"))

    draw.drop("Select and filter", "SelectAndFilter", "Choose", 220, 480)
    draw.wire("Load", "table", "Choose", 1)
    draw.drop("Split", "Split", "Split", 300, 300)
    draw.wire("Choose", "table", "Split", 2)
    draw.inspector.get_by_label("Keep the mix of", exact=True).select_option("big")

    draw.drop("Train classifier", "TrainClassifier", "Train", 560, 160)
    draw.wire("Split", "train", "Train", 3)
    draw.inspector.get_by_label("Target column", exact=True).select_option("big")
    draw.inspector.get_by_label("Algorithm", exact=True).select_option("LightGBM")

    draw.drop("Evaluate Measure", "Evaluate", "Evaluate", 560, 420)
    draw.wire("Train", "model", "Evaluate", 4)
    draw.wire("Split", "test", "Evaluate", 5)

    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Zoom out").click()
    draw.drop("Condition", "Condition", "GoodEnough", 740, 300)
    draw.wire("Evaluate", "evaluation", "GoodEnough", 6)
    draw.open("GoodEnough", "Settings")
    expect(draw.inspector.get_by_label("Value in evaluation")).to_have_value("binary_classification_metrics.auc.value")
    draw.inspector.get_by_label("Compare with", exact=True).fill("0.85")

    draw.drop("Register model", "RegisterModel", "Register", 740, 100)
    draw.inspector.get_by_label("Model group", exact=True).fill(group)
    draw.wire("Train", "model", "Register", 7)
    draw.wire("Evaluate", "evaluation", "Register", 8)
    draw.wire("GoodEnough", "if", "Register", 9)


def rename_upstream(draw: Drawing) -> None:
    """A new name for a column shows where it is missed, before anything runs; one press mends it."""
    page = draw.page
    draw.open("Choose", "Settings")
    renames = draw.inspector.locator("[data-field*=renames], [data-field*=ContainerArguments]").filter(
        has_text="Rename"
    )
    renames.get_by_role("button", name="Add column").click()
    draw.inspector.get_by_label("Rename: column 1").select_option("big")
    draw.inspector.get_by_label("Rename: new name 1").fill("bigg")
    told = page.get_by_text('Train: the column "big" is not in the table that arrives. Did you mean "bigg"?')
    expect(told.first).to_be_visible()
    draw.open("Train", "Settings")
    expect(draw.inspector.get_by_text('Did you mean "bigg"?')).to_be_visible()
    page.get_by_role("button", name="2 problems").click()
    page.get_by_role("button", name=re.compile("^Use bigg in .+ and Train$")).first.click()
    expect(page.get_by_role("button", name="Use bigg")).to_have_count(0)
    expect(draw.inspector.get_by_label("Target column", exact=True)).to_have_value("bigg")
