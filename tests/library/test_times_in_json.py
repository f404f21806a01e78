"""JSON has no type for dates: Load table reads them as the look at the upload shows them, whatever their name."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from clary_steps.reading import read_file
from clary_steps.tables import column_type

from runs.tables.options import ReadOptions
from runs.tables.summaries import summarise


def lines(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def seen(path: Path) -> dict[str, object]:
    work = path.parent / "work"
    work.mkdir()
    found = summarise(path, path.name, ReadOptions.of({}), folder=work, full=False)
    return {column["name"]: column["type"] for column in found["columns"]}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("2025-01-01", "2025-12-31"), "date"),
        (("2025-01-01T00:00:07.000Z", "2025-12-28T23:59:07.879Z"), "datetime"),
        (("2025-01-01 00:00:07", None, "2025-12-28 23:59:07"), "datetime"),
        (("2025-01-01", "soon"), "text"),
        (("2025-02-31", "2025-02-28"), "text"),
        (("2025", "2024"), "text"),
        (("20250101", "20240101"), "text"),
        ((1_735_689_607, 1_735_689_608), "integer"),
    ],
)
def test_the_type_goes_by_the_values_and_not_by_the_name(tmp_path: Path, values: tuple[object, ...], kind: str) -> None:
    path = lines(tmp_path, *({"@timestamp": value, "modified": value, "date": value} for value in values))
    frame, _ = read_file(path)
    assert (
        {name: column_type(frame[name]) for name in frame.columns} == dict.fromkeys(frame.columns, kind) == seen(path)
    )


def test_the_moment_stays_what_it_was(tmp_path: Path) -> None:
    frame, _ = read_file(
        lines(tmp_path, {"at": "2025-01-01T02:00:00+02:00"}, {"at": None}, {"at": "2025-01-01T00:00:00Z"})
    )
    assert list(frame["at"].dropna()) == [pd.Timestamp("2025-01-01T00:00:00Z")] * 2
    assert frame["at"].isna().tolist() == [False, True, False]


def test_times_with_and_without_a_zone_in_one_column_stay_texts(tmp_path: Path) -> None:
    frame, _ = read_file(lines(tmp_path, {"at": "2025-01-01T02:00:00"}, {"at": "2025-01-01T02:00:00Z"}))
    assert frame["at"].tolist() == ["2025-01-01T02:00:00", "2025-01-01T02:00:00Z"]
