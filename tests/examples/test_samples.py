"""Every sample runs, with real processes and real data, and computes what it says it does."""

from __future__ import annotations

import hashlib
import io
import json
import math
import tarfile
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from engine.definition.parse import parse_definition
from engine.validation import validate
from runs.samples import BadSample, Sample, load_sample, load_samples
from runs.storage.uri import parse_s3_uri
from tests.examples.driver import BUCKET, Driver

#: Real work of several seconds each; a busy machine may take many times that.
pytestmark = pytest.mark.timeout(240)

EXAMPLES = Path(__file__).parents[2] / "examples"
#: The headline sample asks for less work here than in the studio; nothing else differs.
SMALL = {"Folds": 3, "Trees": 20}


@pytest.fixture(scope="module")
def headline(tmp_path_factory: pytest.TempPathFactory) -> Driver:
    driver = Driver(load_sample(EXAMPLES / "breast-cancer"), tmp_path_factory.mktemp("a"), **SMALL)
    driver.run()
    return driver


def _blob(driver: Driver, uri: str) -> bytes:
    with driver.store.open(driver.objects[uri][0]) as stream:
        return stream.read()


def _folder(driver: Driver, step: str, output: str) -> str:
    outputs = driver.result.documents[step]["ProcessingOutputConfig"]["Outputs"]
    return next(item for item in outputs if item["OutputName"] == output)["S3Output"]["S3Uri"]


def test_the_headline_sample_registers_the_better_of_two_models(headline: Driver) -> None:
    result = headline.result
    assert result.status == {
        "Split": "Succeeded",
        "TrainForest": "Succeeded",
        "TrainLogistic": "Succeeded",
        "Evaluate": "Succeeded",
        "GoodEnough": "Succeeded",
        "Register": "Succeeded",
        "TooWeak": "Skipped",
    }, result.logs
    report = result.property_files["Evaluate", "EvaluationReport"]
    models = report["models"]
    assert report["chosen"] == max(models, key=lambda name: models[name]["auc"])
    package = result.documents["Register"]
    model = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    training = {"forest": "TrainForest", "logistic": "TrainLogistic"}[report["chosen"]]
    chosen = result.documents[training]["ModelArtifacts"]["S3ModelArtifacts"]
    assert _blob(headline, model) == _blob(headline, chosen)
    assert package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"] in headline.objects


def test_its_metrics_are_found_while_it_trains(headline: Driver) -> None:
    for step in ("TrainForest", "TrainLogistic"):
        found = {item["MetricName"]: item["Value"] for item in headline.result.documents[step]["FinalMetricDataList"]}
        assert 0.9 < found["validation:auc"] <= 1
    assert headline.result.logs["TrainForest"].count("fold-auc=") == 18


def test_its_report_equals_a_direct_computation(headline: Driver) -> None:
    table = pd.read_csv(EXAMPLES / "breast-cancer/data/breast_cancer.csv")
    label = (table.pop("diagnosis") == "malignant").astype(int)
    train_x, test_x, train_y, test_y = train_test_split(table, label, test_size=0.25, random_state=7, stratify=label)

    archive = _blob(headline, headline.result.documents["TrainLogistic"]["ModelArtifacts"]["S3ModelArtifacts"])
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        stream = packed.extractfile("model.json")
        assert stream is not None
        saved = json.load(stream)
    candidates = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
    fitted = [
        make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=2000)).fit(train_x, train_y)
        for c in candidates
    ]
    same = [model for model in fitted if np.allclose(model[-1].coef_[0], saved["coefficients"], atol=1e-6)]
    assert len(same) == 1
    scores = same[0].predict_proba(test_x)[:, 1]

    report = json.loads(_blob(headline, f"{_folder(headline, 'Evaluate', 'evaluation')}/evaluation.json"))
    assert math.isclose(report["models"]["logistic"]["auc"], roc_auc_score(test_y, scores), abs_tol=1e-9)
    if report["chosen"] == "forest":
        archive = _blob(headline, headline.result.documents["TrainForest"]["ModelArtifacts"]["S3ModelArtifacts"])
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            stream = packed.extractfile("model.joblib")
            assert stream is not None
            scores = joblib.load(io.BytesIO(stream.read())).predict_proba(test_x)[:, 1]
    metrics = report["binary_classification_metrics"]
    assert math.isclose(metrics["auc"]["value"], roc_auc_score(test_y, scores), abs_tol=1e-9)
    assert math.isclose(metrics["accuracy"]["value"], accuracy_score(test_y, scores >= 0.5), abs_tol=1e-9)
    assert 0 < metrics["auc"]["standard_deviation"] < 0.05
    expected = confusion_matrix(test_y, scores >= 0.5)
    assert [[metrics["confusion_matrix"][a][p] for p in "01"] for a in "01"] == expected.tolist()


def test_a_higher_threshold_takes_the_other_branch_and_says_why(headline: Driver, tmp_path: Path) -> None:
    driver = Driver(load_sample(EXAMPLES / "breast-cancer"), tmp_path, **SMALL, MinAuc=1.1)
    # Everything up to the condition is the run above; only the decision is taken again.
    driver.result, driver.objects, driver.store = headline.result, headline.objects, headline.store
    branches: dict[str, bool] = {}
    assert driver._run("GoodEnough", branches) == "Succeeded"
    assert branches == {"GoodEnough": False}
    assert driver._run("TooWeak", branches) == "Failed"
    assert "less than MinAuc = 1.1" in (driver.result.failure or "")


@pytest.fixture(scope="module")
def boosted(tmp_path_factory: pytest.TempPathFactory) -> Driver:
    driver = Driver(load_sample(EXAMPLES / "breast-cancer-xgboost"), tmp_path_factory.mktemp("b"), Rounds=60)
    driver.run()
    return driver


def test_the_sdk_written_sample_runs_without_a_training_script(boosted: Driver) -> None:
    result = boosted.result
    assert result.status["Register-RegisterModel"] == "Succeeded", result.logs
    names = {item["MetricName"] for item in result.documents["Train"]["FinalMetricDataList"]}
    assert names == {"train:auc", "validation:auc", "train:logloss", "validation:logloss"}
    report = result.property_files["Evaluate", "EvaluationReport"]["binary_classification_metrics"]
    assert report["auc"]["value"] > 0.95
    assert result.documents["Register-RegisterModel"]["ModelApprovalStatus"] == "PendingManualApproval"


def test_the_sdk_written_sample_names_its_code_by_path_and_content() -> None:
    sample = load_sample(EXAMPLES / "breast-cancer-xgboost")
    for item in sample.objects:
        if item.path.suffix == ".py":
            path = item.path.relative_to(EXAMPLES / "breast-cancer-xgboost").as_posix()
            digest = hashlib.sha256(path.encode() + item.read()).hexdigest()  # the SDK hashes the path as well
            assert f"/code/{digest}/{item.path.name}" in f"/{item.key}", (
                f"run pipeline.py again: {item.path.name} changed"
            )


def test_the_broken_sample_says_what_to_put_right(tmp_path: Path) -> None:
    driver = Driver(load_sample(EXAMPLES / "broken-column"), tmp_path)
    result = driver.run()
    assert result.status == {"Summarise": "Failed", "Compare": "Skipped"}
    assert result.failure is not None
    for words in ("no column 'Diagnose'", "Did you mean 'diagnosis'?", "GroupColumn to one of: diagnosis, mean_radius"):
        assert words in result.failure


def test_the_broken_sample_runs_once_it_is_put_right(tmp_path: Path) -> None:
    result = Driver(load_sample(EXAMPLES / "broken-column"), tmp_path, GroupColumn="diagnosis").run()
    assert result.status == {"Summarise": "Succeeded", "Compare": "Succeeded"}


@pytest.mark.parametrize("sample", load_samples(EXAMPLES), ids=lambda sample: sample.name)
def test_a_sample_uploads_every_object_its_definition_names(sample: Sample) -> None:
    parsed = parse_definition(sample.definition_for(BUCKET))
    assert parsed.document is not None and not parsed.problems
    assert "{bucket}" not in sample.definition_for(BUCKET)
    named = {text for text in _texts(parsed.document) if text.startswith(f"s3://{BUCKET}/{sample.pipeline}/")}
    uploaded = {f"s3://{BUCKET}/{item.key}" for item in sample.objects}
    for item in uploaded:
        parse_s3_uri(item)
    assert uploaded <= named
    assert named - uploaded <= {f"s3://{BUCKET}/{sample.pipeline}/models"}


@pytest.mark.parametrize("sample", load_samples(EXAMPLES), ids=lambda sample: sample.name)
def test_a_sample_has_no_problems(sample: Sample) -> None:
    assert validate(parse_definition(sample.definition_for(BUCKET)).document) == ()


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip('"')]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []


def test_the_first_sample_is_the_headline_and_folders_are_packed_the_same_each_time() -> None:
    first = load_samples(EXAMPLES)[0]
    assert first.name == "breast-cancer"
    folders = [item for item in first.objects if item.path.is_dir()]
    assert folders and all(item.read() == item.read() for item in folders)


def test_a_sample_that_names_a_file_outside_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "definition.json").write_text("{}")
    manifest = {"title": "", "description": "", "pipeline": "x", "order": 1, "files": [{"path": "../x", "key": "x"}]}
    (tmp_path / "sample.json").write_text(json.dumps(manifest))
    with pytest.raises(BadSample, match="not in it"):
        load_sample(tmp_path)
