"""What a chart shows of its rows."""

from __future__ import annotations

from typing import Any

import pytest
from clary_steps.charts import confusion_chart, curve_chart


def layers(count: int) -> list[dict[str, Any]]:
    matrix = [[1176] * count for _ in range(count)]
    found: list[dict[str, Any]] = confusion_chart(matrix, [f"class {n}" for n in range(count)])["spec"]["layer"]
    return found


@pytest.mark.parametrize("count", [2, 20])
def test_cells_that_tell_their_number_need_no_legend(count: int) -> None:
    cells, words = layers(count)
    assert cells["encoding"]["color"]["legend"] is None
    assert words["encoding"]["text"]["format"] == ",d"


def test_more_classes_than_numbers_fit_are_told_by_a_legend() -> None:
    (cells,) = layers(21)
    assert "legend" not in cells["encoding"]["color"]


HALF = ([0.0, 0.5, 1.0], [0.0, 0.9, 1.0])


@pytest.mark.parametrize("names", [["yes"], ["a", "b", "c"]])
def test_a_roc_curve_stands_over_what_guessing_gives(names: list[str]) -> None:
    drawn = curve_chart("ROC curve", "roc", dict.fromkeys(names, HALF), "False", "True", guessing=True)["spec"]
    line, words, curves = drawn["layer"]
    assert line["data"]["values"] == [{"x": 0, "y": 0, "to_x": 1, "to_y": 1}]
    assert line["mark"]["type"] == "rule" and "color" not in line["mark"]
    assert words["encoding"]["text"] == {"value": "Guessing"}
    assert ("color" in curves["encoding"]) == (len(names) > 1)
    assert "color" not in drawn["encoding"]
    assert len(drawn["data"]["values"]) == 3 * len(names)


def test_other_curves_stand_alone() -> None:
    drawn = curve_chart("Precision and recall", "precision-recall", {"a": HALF, "b": HALF}, "Recall", "Precision")
    assert "layer" not in drawn["spec"]
    assert drawn["spec"]["encoding"]["color"]["field"] == "class"
