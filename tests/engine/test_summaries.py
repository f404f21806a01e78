from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.summaries import clean_summary, parse_summary

TABLE: dict[str, Any] = {
    "version": 1,
    "kind": "table",
    "rows": 455,
    "columns": [
        {
            "name": "radius",
            "type": "number",
            "missing": 3,
            "distinct": 412,
            "min": 6.9,
            "max": 28.1,
            "mean": 14.1,
            "histogram": {"edges": [6.9, 17.5, 28.1], "counts": [380, 75]},
        },
        {"name": "diagnosis", "type": "text", "top": [{"value": "benign", "count": 285}]},
    ],
    "preview": {"columns": ["radius", "diagnosis"], "rows": [[17.99, "malignant"], [None, "benign"]]},
}


def test_a_table_keeps_what_was_said_of_it() -> None:
    found = clean_summary(TABLE)
    assert (found["kind"], found["rows"]) == ("table", 455)
    assert found["columns"][0]["histogram"] == {"edges": [6.9, 17.5, 28.1], "counts": [380, 75]}
    assert found["columns"][1]["top"] == [{"value": "benign", "count": 285}]
    assert found["preview"] == TABLE["preview"]


def test_numbers_that_are_not_finite_are_null() -> None:
    text = b'{"kind": "evaluation", "metrics": {"auc": NaN, "f1": 0.9}, "key": {"label": "AUC", "value": Infinity}}'
    found = parse_summary(text)
    assert found is not None
    assert found["metrics"] == {"f1": 0.9}
    assert found["key"] is None
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("data", [b"", b"[1]", b"<html>", b'"text"', b"\xff\xfe", b"[" * 200_000])
def test_bytes_that_are_no_json_object_are_no_summary(data: bytes) -> None:
    assert parse_summary(data) is None


def test_parts_of_another_shape_are_dropped_and_the_rest_stays() -> None:
    broken = {
        **TABLE,
        "rows": "many",
        "columns": [{"name": 3}, {"name": "x", "type": "tensor", "histogram": {"edges": [1], "counts": [2]}}],
        "preview": {"columns": ["x"], "rows": [[1], [1, 2], "row"]},
        "charts": [{"title": "ROC", "kind": "roc"}, {"kind": "roc", "spec": {"mark": "line"}}],
        "warnings": ["odd", 3],
    }
    found = clean_summary(broken)
    assert found["rows"] is None
    assert [(one["name"], one["type"], one["histogram"]) for one in found["columns"]] == [("x", "other", None)]
    assert found["preview"] == {"columns": ["x"], "rows": [[1]]}
    assert found["charts"] == [{"title": "Chart", "kind": "roc", "spec": {"mark": "line"}}]
    assert found["warnings"] == ["odd"]


def test_a_preview_has_at_most_a_hundred_rows_and_nested_cells_become_text() -> None:
    found = clean_summary({"preview": {"columns": ["x"], "rows": [[{"a": [1]}]] * 500}})
    assert len(found["preview"]["rows"]) == 100
    assert found["preview"]["rows"][0] == ['{"a": [1]}']


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner))
MEMBERS = ["kind", "rows", "columns", "preview", "metrics", "key", "charts", "warnings"]


@given(st.dictionaries(st.sampled_from(MEMBERS), VALUES))
def test_whatever_a_step_wrote_it_can_be_read_and_sent(value: dict[str, Any]) -> None:
    found = clean_summary(value)
    found.pop("charts")  # drawn by a library that reads any JSON
    json.dumps(found, allow_nan=False)
