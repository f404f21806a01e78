"""The headline sample, drawn from an empty canvas with the mouse, run, watched, and undone to the empty canvas."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.studio import ROOT, Studio
from tests.e2e.watching import expect_execution, remember_statuses, seen_statuses, step_table

SAMPLE = ROOT / "examples" / "breast-cancer"
CODE = SAMPLE / "code"
INPUT, OUTPUT = "/opt/ml/processing/input", "/opt/ml/processing"
ENDED = [
    "Split succeeded",
    "TrainForest succeeded",
    "TrainLogistic succeeded",
    "Evaluate succeeded",
    "GoodEnough succeeded",
    "Register succeeded",
    "TooWeak skipped",
]


@pytest.mark.timeout(180)
def test_the_headline_sample_is_drawn_run_watched_and_undone(page: Page, studio: Studio, tmp_path: Path) -> None:
    name = f"tumours-{uuid4().hex[:6]}"
    page.goto("/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Start with a step")).to_be_visible()
    identifier = page.url.rsplit("/", 1)[-1]
    table = studio.get("session/")["workspace"]["default_bucket"]

    draw = Drawing(page)
    draw.add_parameters(
        (
            ("InputData", "String", f"s3://{table}/breast-cancer/data/breast_cancer.csv"),
            ("MinAuc", "Float", "0.9"),
            ("Folds", "Integer", "2"),
        )
    )
    draw_split(draw)
    draw_training(draw, tmp_path)
    draw_evaluation(draw)
    draw_decision(draw, name)
    page.get_by_role("button", name="Tidy").click()
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile(r"/executions/\w{12}"))
    watch(page)
    registered(studio, name)

    page.get_by_role("link", name="Edit pipeline").click()
    undo_everything(page, studio, identifier)


def draw_split(draw: Drawing) -> None:
    draw.drop("Process data", "ProcessData", "Split", 20, 300)
    draw.tab("Data")
    draw.upload("Upload a file", CODE / "split.py")
    draw.add("input", "data")
    draw.take_parameter("Data", "InputData")
    draw.rename_item("output", "train")
    draw.add("output", "test")
    draw.tab("Settings")
    draw.arguments("--input", f"{INPUT}/data", "--output-train", f"{OUTPUT}/train", "--output-test", f"{OUTPUT}/test")
    draw.arguments("--target", "diagnosis", "--positive", "malignant", "--test-share", "0.25", "--seed", "7")


def draw_training(draw: Drawing, folder: Path) -> None:
    archive = folder / "forest.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(CODE / "train_forest" / "train.py", "train.py")
    settings = {"TrainForest": ("trees", "20"), "TrainLogistic": ("repeats", "1")}
    code = {"TrainForest": archive, "TrainLogistic": CODE / "train_logistic" / "train.py"}
    for edges, (step, (setting, value)) in enumerate(settings.items(), start=1):
        draw.drop("Train model", "TrainModel", step, 300, 120 if edges == 1 else 440)
        draw.upload("Upload a file", code[step])
        draw.hyperparameter("folds", "")
        draw.take_parameter("Value of folds", "Folds")
        draw.hyperparameter(setting, value)
        draw.inspector.get_by_role("textbox", name="Name of metric 1").fill("validation:auc")
        draw.inspector.get_by_role("textbox", name="Pattern of metric 1").fill("validation-auc=([0-9.]+);")
        draw.wire("Split", "train", step, edges)


def draw_evaluation(draw: Drawing) -> None:
    draw.drop("Evaluate model", "EvaluateModel", "Evaluate", 560, 300)
    draw.wire("Split", "test", "Evaluate", 3)
    draw.wire("TrainForest", "Model", "Evaluate", 4)
    draw.wire("TrainLogistic", "Model", "Evaluate", 5)
    draw.open("Evaluate", "Data")
    draw.upload("Upload a file", CODE / "evaluate.py")
    draw.rename_item("model", "forest")
    draw.rename_item("model-2", "logistic")
    draw.add("output", "model")
    draw.tab("Settings")
    draw.arguments("--test", f"{INPUT}/test", "--forest", f"{INPUT}/forest", "--logistic", f"{INPUT}/logistic")
    draw.arguments("--output-report", f"{OUTPUT}/evaluation", "--output-model", f"{OUTPUT}/model", "--seed", "7")


def draw_decision(draw: Drawing, group: str) -> None:
    page = draw.page
    draw.page.get_by_role("button", name="Zoom out").click()
    draw.page.get_by_role("button", name="Zoom out").click()
    draw.drop("Condition", "Condition", "GoodEnough", 740, 300)
    draw.wire("Evaluate", "EvaluationReport", "GoodEnough", 6)
    draw.open("GoodEnough", "Settings")
    path = "binary_classification_metrics.auc.value"
    draw.inspector.get_by_label("Path of the value in EvaluationReport").fill(path)
    draw.take_parameter("Compare with", "MinAuc")
    draw.drop("Register model", "RegisterModel", "Register", 740, 100)
    draw.inspector.get_by_label("Model group", exact=True).fill(group)
    draw.wire("Evaluate", "model", "Register", 7)
    draw.wire("Evaluate", "EvaluationReport", "Register", 8)
    draw.wire("GoodEnough", "if", "Register", 9)
    draw.drop("Fail", "Fail", "TooWeak", 740, 480)
    draw.inspector.get_by_label("Message", exact=True).fill("The better model is not good enough.")
    draw.wire("GoodEnough", "else", "TooWeak", 10)
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()


def watch(page: Page) -> None:
    """Every status arrives by itself; a reload in the middle shows what was there; it succeeds."""
    remember_statuses(page)
    expect(page.get_by_test_id("step-Split")).to_have_attribute("data-status", re.compile("executing|succeeded"))
    page.reload()
    remember_statuses(page)
    expect(page.get_by_test_id("step-Split")).to_have_attribute("data-status", re.compile("executing|succeeded"))
    expect_execution(page, "Succeeded", timeout=60_000)
    seen = seen_statuses(page)
    assert seen["Evaluate"][-2:] == ["executing", "succeeded"]
    assert seen["Evaluate"][0] == seen["Register"][0] == "waiting"
    assert seen["TooWeak"][-1] == "skipped"
    assert sorted(step_table(page)) == sorted(ENDED)


def registered(studio: Studio, group: str) -> None:
    packages = studio.get(f"model-packages/{group}/")["results"]
    assert [package["approval_status"] for package in packages] == ["PendingManualApproval"]


def undo_everything(page: Page, studio: Studio, identifier: str) -> None:
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    while label := studio.get(f"pipelines/{identifier}/draft/")["undo_label"]:
        expect(undo).to_have_attribute("title", f"Undo: {label}")
        with page.expect_response("**/draft/undo/"):
            undo.click()
    expect(page.get_by_role("heading", name="Start with a step")).to_be_visible()
    expect(undo).to_be_disabled()
    draft = json.loads(studio.get(f"pipelines/{identifier}/draft/")["definition"])
    assert draft["Steps"] == []
    assert draft.get("Parameters", []) == []
