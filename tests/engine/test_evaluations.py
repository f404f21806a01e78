"""The key figures of a quality report: what is told, in which words, and what is passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from clary_steps.metrics import metric_words
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluations import MOST_FIGURES, key_figures


def read(report: Any) -> list[tuple[str, float]]:
    return [(figure["label"], figure["value"]) for figure in key_figures(json.dumps(report).encode())]


def test_a_regression_of_an_sdk_script_is_read() -> None:
    report = {"regression_metrics": {"mse": {"value": 4.25, "standard_deviation": 2.1}}}
    assert read(report) == [("MSE", 4.25)]


def test_plain_classification_metrics_are_read() -> None:
    report = {"classification_metrics": {"accuracy": 0.9, "log_loss": {"value": 0.2, "standard_deviation": "NaN"}}}
    assert read(report) == [("Accuracy", 0.9), ("Log loss", 0.2)]


def test_the_four_most_telling_figures_come_first() -> None:
    names = ("specificity", "balanced_accuracy", "f1", "recall", "precision", "accuracy", "auc")
    group = {name: {"value": place / 10} for place, name in enumerate(names)}
    report = {"binary_classification_metrics": {"confusion_matrix": {"yes": {"yes": 3}}, **group}}
    assert read(report) == [("ROC AUC", 0.6), ("Accuracy", 0.5), ("Precision", 0.4), ("Recall", 0.3)]


def test_other_members_beside_the_metrics_are_passed_over() -> None:
    models = {"forest": {"auc": {"value": 0.1}}}
    report = {"version": 0.0, "models": models, "multiclass_classification_metrics": {"weighted_f1": {"value": 0.93}}}
    assert read(report) == [("Weighted f1", 0.93)]


def test_no_words_stand_for_two_figures() -> None:
    assert read({"metrics": {"log_loss": 0.1, "log loss": 0.2, "x" * 40: 1, "x" * 41: 2}}) == [
        ("Log loss", 0.1),
        ("X" + "x" * 39, 1.0),
    ]


@pytest.mark.parametrize("name", ["auc", "f1", "r2", "rmse", "mae", "mse", "accuracy", "balanced_accuracy"])
def test_a_figure_is_called_as_on_the_node_of_evaluate(name: str) -> None:
    assert read({"metrics": {name: {"value": 1}}}) == [(metric_words(name), 1.0)]


@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[1]",
        b'"text"',
        b'{"metrics": null}',
        b'{"metrics": [1]}',
        b'{"metrics": {"auc": NaN, "f1": {"value": Infinity}, "mae": 1e999, "r2": true, "mse": "0.9"}}',
        b'{"metrics": {"": 1, " ": 2, "a\\u0000b": 3, "\\ud800": 4}}',
        b'{"accuracy": 0.9}',
        b'{"metrics": {"auc": 1' + b"0" * 400 + b"}}",
        b'{"metrics": {"auc": 1' + b"0" * 5000 + b"}}",
    ],
)
def test_what_is_no_quality_report_says_nothing(report: bytes) -> None:
    assert key_figures(report) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["metrics", "a_metrics", "value", "auc"]), inner),
)


@given(_JSON)
def test_whatever_the_file_holds_there_are_at_most_four_figures_that_can_be_stored(document: Any) -> None:
    figures = key_figures(json.dumps(document).encode())
    assert len(figures) <= MOST_FIGURES
    json.dumps(figures, allow_nan=False)
