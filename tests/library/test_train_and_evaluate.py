"""Split, Train and Evaluate give the numbers that scikit-learn gives when it is called directly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from sklearn.datasets import load_diabetes, load_wine
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.library.conftest import CANCER, Bench, summary

CLASSIFIERS = ("forest", "logistic", "boosting", "xgboost", "lightgbm", "svm", "neighbours")
REGRESSORS = ("forest", "linear", "ridge", "boosting", "xgboost", "lightgbm", "neighbours")


@pytest.mark.parametrize("seed", [7, 42])
def test_a_forest_measures_as_in_plain_scikit_learn(bench: Bench, cancer: pd.DataFrame, seed: int) -> None:
    loaded = bench.run("load-table@1", {"file": CANCER})
    parts = bench.run("split@1", {"table": loaded / "table"}, stratify="diagnosis", seed=seed)
    trained = bench.run("train-classifier@1", {"train": parts / "train"}, target="diagnosis", seed=seed)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": parts / "test"})

    answers = (cancer["diagnosis"] == sorted(cancer["diagnosis"].unique())[1]).astype(int)
    rows = cancer.drop(columns="diagnosis")
    train, test, train_answers, test_answers = train_test_split(
        rows, answers, test_size=0.2, random_state=seed, stratify=answers
    )
    forest = RandomForestClassifier(n_estimators=100, random_state=seed).fit(train.to_numpy(), train_answers)
    predicted = forest.predict(test.to_numpy())
    chance = forest.predict_proba(test.to_numpy())[:, 1]
    found = summary(measured / "evaluation")["metrics"]
    assert found["accuracy"] == metrics.accuracy_score(test_answers, predicted)
    assert found["auc"] == metrics.roc_auc_score(test_answers, chance)
    assert found["f1"] == metrics.f1_score(test_answers, predicted)
    assert found["precision"] == metrics.precision_score(test_answers, predicted)
    assert found["recall"] == metrics.recall_score(test_answers, predicted)


@pytest.mark.parametrize("seed", [1, 2])
def test_logistic_regression_measures_as_in_plain_scikit_learn(bench: Bench, cancer: pd.DataFrame, seed: int) -> None:
    parts = bench.run("split@1", {"table": cancer}, seed=seed)
    trained = bench.run(
        "train-classifier@1", {"train": parts / "train"}, target="diagnosis", algorithm="logistic", seed=seed
    )
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": parts / "test"})

    train, test = train_test_split(cancer, test_size=0.2, random_state=seed)
    plain = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, random_state=seed))
    plain.fit(train.drop(columns="diagnosis").to_numpy(), train["diagnosis"])
    rows, answers = test.drop(columns="diagnosis").to_numpy(), test["diagnosis"]
    found = summary(measured / "evaluation")["metrics"]
    assert found["accuracy"] == plain.score(rows, answers)
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(answers, plain.predict_proba(rows)[:, 1]), abs=1e-12)


@pytest.mark.parametrize("seed", [3, 11])
def test_a_regression_forest_measures_as_in_plain_scikit_learn(bench: Bench, seed: int) -> None:
    data = load_diabetes(as_frame=True).frame
    parts = bench.run("split@1", {"table": data}, seed=seed)
    trained = bench.run("train-regressor@1", {"train": parts / "train"}, target="target", seed=seed)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": parts / "test"})

    train, test = train_test_split(data, test_size=0.2, random_state=seed)
    forest = RandomForestRegressor(n_estimators=100, random_state=seed)
    forest.fit(train.drop(columns="target").to_numpy(), train["target"])
    predicted = forest.predict(test.drop(columns="target").to_numpy())
    found = summary(measured / "evaluation")["metrics"]
    assert found["r2"] == pytest.approx(metrics.r2_score(test["target"], predicted), abs=1e-12)
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(test["target"], predicted), abs=1e-9)
    assert found["rmse"] == pytest.approx(np.sqrt(metrics.mean_squared_error(test["target"], predicted)), abs=1e-9)


@pytest.mark.parametrize("algorithm", CLASSIFIERS)
def test_every_classifier_survives_the_way_through_its_files(
    bench: Bench, cancer: pd.DataFrame, algorithm: str
) -> None:
    trained = bench.run("train-classifier@1", {"train": cancer}, target="diagnosis", algorithm=algorithm, trees=20)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": cancer})
    before, after = summary(trained / "model")["metrics"], summary(measured / "evaluation")["metrics"]
    assert after["accuracy"] == before["train_accuracy"] > 0.9
    assert summary(trained / "model")["key"]["label"] == "Accuracy on training rows"
    assert summary(measured / "evaluation")["key"]["label"] == "ROC AUC"
    assert (trained / "model" / "model.tar.gz").stat().st_size > 0


@pytest.mark.parametrize("algorithm", REGRESSORS)
def test_every_regressor_survives_the_way_through_its_files(bench: Bench, algorithm: str) -> None:
    data = load_diabetes(as_frame=True).frame
    trained = bench.run("train-regressor@1", {"train": data}, target="target", algorithm=algorithm, trees=20)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": data})
    before, after = summary(trained / "model")["metrics"], summary(measured / "evaluation")["metrics"]
    assert after["r2"] == pytest.approx(before["train_r2"], abs=1e-9)


def test_the_report_has_the_shape_of_a_model_quality_report(bench: Bench, cancer: pd.DataFrame) -> None:
    trained = bench.run("train-classifier@1", {"train": cancer}, target="diagnosis", trees=5)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": cancer})
    report = json.loads((measured / "evaluation" / "evaluation.json").read_text())
    figures = report["binary_classification_metrics"]
    assert 0 < figures["auc"]["value"] <= 1
    assert set(figures["confusion_matrix"]) == set(cancer["diagnosis"].map(str))
    curve = figures["receiver_operating_characteristic_curve"]
    assert len(curve["false_positive_rates"]) == len(curve["true_positive_rates"]) <= 200
    kinds = {chart["kind"] for chart in summary(measured / "evaluation")["charts"]}
    assert kinds == {"confusion-matrix", "roc", "precision-recall", "feature-importance", "metric-table"}


def test_several_classes_are_measured_too(bench: Bench) -> None:
    data = load_wine(as_frame=True).frame
    trained = bench.run("train-classifier@1", {"train": data}, target="target", trees=10)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": data})
    report = json.loads((measured / "evaluation" / "evaluation.json").read_text())
    assert set(report) == {"multiclass_classification_metrics"}
    assert report["multiclass_classification_metrics"]["weighted_f1"]["value"] > 0.9


def test_a_model_is_taken_from_its_archive(bench: Bench, cancer: pd.DataFrame) -> None:
    trained = bench.run("train-classifier@1", {"train": cancer}, target="diagnosis", trees=5)
    archive: Path = trained / "model" / "model.tar.gz"
    measured = bench.run("evaluate@1", {"model": archive, "test": cancer})
    assert summary(measured / "evaluation")["metrics"]["accuracy"] > 0.9


def test_equal_rows_and_seed_give_equal_bytes(bench: Bench, cancer: pd.DataFrame) -> None:
    first = bench.run("split@1", {"table": cancer}, seed=5)
    again = bench.run("split@1", {"table": cancer}, seed=5)
    assert (first / "train" / "table.parquet").read_bytes() == (again / "train" / "table.parquet").read_bytes()
