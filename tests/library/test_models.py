"""Tune, Predict, Compare, Cluster and Forecast on real tables."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import load_diabetes, load_iris
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler
from statsmodels.datasets import co2

from tests.library.conftest import Bench, summary, table


def test_tuning_finds_the_same_model_again(bench: Bench, cancer: pd.DataFrame) -> None:
    options = {"target": "diagnosis", "trials": 4, "seed": 3}
    first = bench.run("tune@1", {"train": cancer}, **options)
    again = bench.run("tune@1", {"train": cancer}, **options)
    trials = table(first / "trials")
    assert len(trials) == 4 and trials["best_so_far"].is_monotonic_increasing
    axes = summary(first / "model")["charts"][0]["spec"]["encoding"]
    assert (axes["x"]["title"], axes["y"]["title"]) == ("Trial", "Best so far")
    assert trials["score"].tolist() == table(again / "trials")["score"].tolist()
    key = summary(first / "model")["key"]
    assert key == {"label": "Cross-validated accuracy", "value": trials["score"].max()}
    assert (first / "model" / "booster.txt").read_bytes() == (again / "model" / "booster.txt").read_bytes()
    measured = bench.run("evaluate@1", {"model": first / "model", "test": cancer})
    assert summary(measured / "evaluation")["metrics"]["accuracy"] > 0.9


def test_tuning_regresses_too(bench: Bench) -> None:
    data = load_diabetes(as_frame=True).frame
    made = bench.run("tune@1", {"train": data}, target="target", task="regress", algorithm="neighbours", trials=3)
    assert table(made / "trials")["score"].max() > 0.2


def test_answers_are_class_names_with_probabilities(bench: Bench, cancer: pd.DataFrame) -> None:
    trained = bench.run("train-classifier@1", {"train": cancer}, target="diagnosis", trees=10)
    new = cancer.drop(columns="diagnosis").head(20)
    made = bench.run("predict@1", {"model": trained / "model", "table": new})
    found = table(made / "table")
    names = sorted(cancer["diagnosis"].map(str).unique())
    assert set(found["prediction"]) <= set(names)
    assert list(found.columns[-2:]) == [f"probability_{name}" for name in names]
    assert found[[f"probability_{name}" for name in names]].sum(axis=1).round(9).eq(1).all()


def test_a_row_without_a_column_of_the_model_is_refused_by_name(bench: Bench, cancer: pd.DataFrame) -> None:
    trained = bench.run("train-classifier@1", {"train": cancer}, target="diagnosis", trees=5)
    renamed = cancer.rename(columns={"mean_radius": "mean_radius_mm"})
    failure = bench.fail("predict@1", {"model": trained / "model", "table": renamed})
    assert (failure["code"], failure["column"]) == ("column-missing", "mean_radius")
    assert failure["suggestions"][0] == "mean_radius_mm"


def test_the_better_model_is_handed_on(bench: Bench, cancer: pd.DataFrame) -> None:
    inputs = {}
    for place, trees in ((1, 1), (2, 60)):
        trained = bench.run("train-classifier@1", {"train": cancer[::2]}, target="diagnosis", trees=trees, depth=1)
        measured = bench.run("evaluate@1", {"model": trained / "model", "test": cancer[1::2]})
        inputs |= {f"model{place}": trained / "model", f"evaluation{place}": measured / "evaluation"}
    made = bench.run("compare@1", inputs)
    assert "Model 2 is the best by ROC AUC." in summary(made / "evaluation")["warnings"]
    assert json.loads((made / "model" / "model.json").read_text())["parameters"]["trees"] == 60
    best = json.loads((made / "evaluation" / "evaluation.json").read_text())
    assert best == json.loads((inputs["evaluation2"] / "evaluation.json").read_text())
    key = {"label": "Model 2 · ROC AUC", "value": summary(inputs["evaluation2"])["metrics"]["auc"]}
    assert summary(made / "evaluation")["key"] == key  # both are forests, so their number tells them apart
    assert summary(made / "model")["key"] == key


def test_the_winner_is_known_by_its_algorithm(bench: Bench, cancer: pd.DataFrame) -> None:
    inputs = {}
    for place, algorithm in ((1, "logistic"), (2, "neighbours")):
        options = {"target": "diagnosis", "algorithm": algorithm}
        trained = bench.run("train-classifier@1", {"train": cancer[::2]}, **options)
        measured = bench.run("evaluate@1", {"model": trained / "model", "test": cancer[1::2]})
        inputs |= {f"model{place}": trained / "model", f"evaluation{place}": measured / "evaluation"}
    key = summary(bench.run("compare@1", inputs) / "model")["key"]
    assert key["label"] in ("Logistic regression · ROC AUC", "Nearest neighbours · ROC AUC")
    only = {name: folder for name, folder in inputs.items() if name.startswith("evaluation")}
    assert summary(bench.run("compare@1", only) / "evaluation")["key"]["label"] in (
        "Model 1 · ROC AUC",
        "Model 2 · ROC AUC",
    )


def test_clusters_are_those_of_k_means(bench: Bench) -> None:
    data = load_iris(as_frame=True).data
    made = bench.run("cluster@1", {"table": data}, groups=3)
    scaled = StandardScaler().fit_transform(data)
    plain = KMeans(n_clusters=3, random_state=42, n_init=10).fit_predict(scaled)
    assert table(made / "table")["cluster"].tolist() == plain.tolist()
    assert summary(made / "table")["metrics"]["silhouette"] == pytest.approx(silhouette_score(scaled, plain), abs=1e-6)


def test_a_forecast_continues_the_series_and_measures_itself(bench: Bench) -> None:
    series = co2.load_pandas().data.reset_index(names="week").tail(600)
    made = bench.run("forecast@1", {"table": series}, date="week", target="co2", every="month", horizon=12)
    found = table(made / "forecast")
    assert len(found) == 12 and (found["low"] < found["forecast"]).all() and (found["forecast"] < found["high"]).all()
    metrics = summary(made / "evaluation")["metrics"]
    assert metrics["mae"] < 1 and metrics["r2"] > 0.5
