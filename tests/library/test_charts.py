"""What a chart shows of its rows."""

from __future__ import annotations

from typing import Any

import pytest
from clary_steps.charts import confusion_chart


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
