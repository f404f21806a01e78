"""Split divides in three when a share is kept to validate with; without one nothing is other than before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.library.conftest import Bench

ROWS = pd.DataFrame({"n": range(100), "label": ["a", "b"] * 50})


def rows(folder: Path) -> list[int]:
    return list(pd.read_parquet(folder / "table.parquet")["n"])


def figure(folder: Path) -> Any:
    return json.loads((folder / "_summary.json").read_text())["key"]


@pytest.mark.parametrize("options", [{}, {"stratify": "label"}, {"method": "ordered"}])
def test_three_parts_hold_every_row_once_and_the_test_rows_stay_the_same(bench: Bench, options: dict[str, Any]) -> None:
    two = bench.run("split@1", {"table": ROWS}, **options)
    three = bench.run("split@1", {"table": ROWS}, validation=0.1, **options)
    assert rows(three / "test") == rows(two / "test")
    train, validation = rows(three / "train"), rows(three / "validation")
    assert (len(train), len(validation)) == (70, 10)
    assert sorted([*train, *validation, *rows(three / "test")]) == list(range(100))
    assert figure(three / "train") == {"label": "rows", "value": "70 / 10 / 20"}
    assert figure(two / "train") == {"label": "rows", "value": "80 / 20"}
    assert figure(two / "test") == {"label": "rows", "value": 20}
    assert not list((two / "validation").iterdir())


def test_the_middle_rows_validate_where_order_counts(bench: Bench) -> None:
    parts = bench.run("split@1", {"table": ROWS}, method="ordered", validation=0.1, share=0.2)
    assert rows(parts / "validation") == list(range(70, 80))


@pytest.mark.parametrize("validation", [0.001, 0.85])
def test_a_part_without_rows_is_told(bench: Bench, validation: float) -> None:
    failure = bench.fail("split@1", {"table": ROWS}, validation=validation)
    assert failure["code"] == "empty-split" and "to validate with leave one part empty" in failure["message"]
