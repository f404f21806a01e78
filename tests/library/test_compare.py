"""What a comparison calls the models it compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from clary_steps.algorithms import algorithm_title
from clary_steps.origins import step_names

from tests.library.conftest import Bench, summary


def test_models_are_called_by_the_steps_they_come_from(bench: Bench, cancer: pd.DataFrame) -> None:
    rows = cancer.assign(size=cancer["mean_radius"] ** 2)
    inputs = {}
    for place, algorithm in ((1, "linear"), (2, "forest")):
        trained = bench.run("train-regressor@1", {"train": rows[::2]}, target="size", algorithm=algorithm, trees=10)
        measured = bench.run("evaluate@1", {"model": trained / "model", "test": rows[1::2]})
        inputs |= {f"model{place}": trained / "model", f"evaluation{place}": measured / "evaluation"}
    run = "s3://bucket/prices/abc123"
    bench.addresses = {
        "model1": f"{run}/Straight/output/model",
        "evaluation1": f"{run}/Measure/output/evaluation",
        "model2": f"{run}/Trees/output/model/",
        "evaluation2": f"{run}/Measure2/output/evaluation",
    }
    found = summary(bench.run("compare@1", inputs, metric="rmse") / "evaluation")
    numbers = {
        name: summary(inputs[f"evaluation{place}"])["metrics"] for place, name in ((1, "Straight"), (2, "Trees"))
    }
    best = min(numbers, key=lambda name: numbers[name]["rmse"])
    assert found["key"] == {"label": f"{best} · RMSE", "value": numbers[best]["rmse"]}
    assert found["warnings"] == [f"{best} is the best by RMSE."]
    assert found["preview"]["columns"] == ["Model", "RMSE", "MAE (mean error)", "MSE", "R²"]
    assert [row[0] for row in found["preview"]["rows"]] == ["Straight", "Trees"]
    assert [one["name"] for one in found["columns"]] == found["preview"]["columns"][1:]
    assert found["metrics"]["rmse of Trees"] == numbers["Trees"]["rmse"]
    bench.addresses = {"evaluation1": f"{run}/Measure/output/evaluation", "evaluation2": "s3://bucket/mine/report"}
    only = {name: folder for name, folder in inputs.items() if name.startswith("evaluation")}
    rows_told = summary(bench.run("compare@1", only) / "evaluation")["preview"]["rows"]
    assert [row[0] for row in rows_told] == ["Measure", "Model 2"]


@pytest.mark.parametrize(
    "uri",
    ["", "s3://b/job-name/output/model", "s3://b/p/x/Step/model", "/p/x/e/Step/output/model", 5],
    ids=repr,
)
def test_an_address_that_names_no_step_gives_no_name(tmp_path: Path, uri: Any) -> None:
    config = tmp_path / "config" / "processingjobconfig.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"ProcessingInputs": [{"InputName": "model1", "S3Input": {"S3Uri": uri}}]}))
    assert step_names(tmp_path / "processing" / "input" / "model1") == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"ProcessingInputs": [{"InputName": "a"}]}', '{"ProcessingInputs": 5}']
)
def test_a_request_that_cannot_be_read_gives_no_names(tmp_path: Path, text: str) -> None:
    config = tmp_path / "config" / "processingjobconfig.json"
    config.parent.mkdir()
    config.write_text(text)
    assert step_names(tmp_path / "processing" / "input" / "model1") == {}


def test_algorithms_are_called_as_the_forms_call_them() -> None:
    assert algorithm_title("linear") == "Linear regression"
    assert algorithm_title("xgboost") == "XGBoost"
    assert algorithm_title("somebody-else") == "somebody-else"
