"""A high accuracy that hides a class nobody finds is not shown without a word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from clary_steps import rare_classes
from clary_steps.catalog import find_step
from clary_steps.models import Model

from tests.library.conftest import Bench, summary

WEIGH = 'Train classifier can weigh rare classes more: "Rare classes count more", under More options.'


def notes_of(
    actual: list[int], predicted: list[int], algorithm: str = "forest", cut: int | None = None, **parameters: Any
) -> list[str]:
    classes = [f"c{place}" for place in range(max(actual) + 1)]
    model = Model("classifier", algorithm, "y", [], [], None, None, classes, parameters)
    return rare_classes.rare_class_notes(model, np.array(actual), np.array(predicted), cut=cut)


def test_a_class_that_is_never_predicted_is_told_with_its_rows_and_what_helps(bench: Bench) -> None:
    noise = np.random.default_rng(3).normal(size=(1200, 2))
    rows = pd.DataFrame(noise, columns=["a", "b"]).assign(fraud=["yes"] * 23 + ["no"] * 1177)
    trained = bench.run("train-classifier@1", {"train": rows}, target="fraud", algorithm="logistic")
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": rows})
    found = summary(measured / "evaluation")
    assert found["metrics"]["accuracy"] > 0.98
    assert found["metrics"]["recall"] == 0
    assert found["warnings"] == [f'"yes" is 23 of 1,200 rows and was never predicted. {WEIGH}']


def test_classes_that_are_found_are_no_matter(bench: Bench, cancer: pd.DataFrame) -> None:
    trained = bench.run("train-classifier@1", {"train": cancer}, target="diagnosis", trees=5)
    measured = bench.run("evaluate@1", {"model": trained / "model", "test": cancer})
    assert summary(measured / "evaluation")["warnings"] == []


def test_a_rare_class_of_which_most_is_missed_is_told_too() -> None:
    actual = [0] * 90 + [1] * 10
    assert notes_of(actual, [0] * 97 + [1] * 3) == [f'"c1" is 10 of 100 rows; 3 of them were found. {WEIGH}']
    assert notes_of(actual, [0] * 95 + [1] * 5) == []


def test_a_common_class_with_poor_recall_shows_in_its_figures_alone() -> None:
    assert notes_of([0] * 50 + [1] * 50, [0] * 90 + [1] * 10) == []


def test_many_classes_make_one_note() -> None:
    actual = [0] * 60 + [place for place in range(1, 9) for _ in range(5)]
    (note,) = notes_of(actual, [0] * 100)
    assert note.startswith('8 of 9 classes were never predicted: "c1", "c2", "c3", "c4", "c5" and 3 more.')


@pytest.mark.parametrize(
    ("algorithm", "cut", "parameters", "advice"),
    [
        ("forest", 1, {}, WEIGH),
        ("forest", 1, {"balanced": True}, 'A lower "Threshold", under More options of Evaluate, finds more of "c1".'),
        ("xgboost", 1, {}, 'A lower "Threshold", under More options of Evaluate, finds more of "c1".'),
        ("xgboost", 0, {}, "More rows of such classes, or another algorithm, can help."),
        ("neighbours", None, {}, "More rows of such classes, or another algorithm, can help."),
    ],
)
def test_only_what_the_model_can_do_is_advised(
    algorithm: str, cut: int | None, parameters: dict[str, Any], advice: str
) -> None:
    (note,) = notes_of([0] * 90 + [1] * 10, [0] * 100, algorithm, cut, **parameters)
    assert note == f'"c1" is 10 of 100 rows and was never predicted. {advice}'


def test_a_class_without_rows_is_no_matter() -> None:
    assert notes_of([0] * 5 + [2] * 5, [0] * 5 + [2] * 5) == []
    assert notes_of([1] * 5, [0] * 5) == []


def test_the_option_that_is_advised_is_there_under_that_name() -> None:
    form = find_step("train-classifier").document["form"]["properties"]
    assert form["balanced"]["title"] in WEIGH
    assert form["balanced"]["x-advanced"]
    assert tuple(sorted(form["balanced"]["x-when"]["algorithm"])) == tuple(sorted(rare_classes.WEIGHED))
    threshold = find_step("evaluate").document["form"]["properties"]["threshold"]
    assert (threshold["title"], threshold["x-advanced"]) == ("Threshold", True)
