"""Digits behind a zero are codes: Load table keeps them as the look at the upload says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from clary_steps import codes
from clary_steps.tables import column_type

from runs.tables import column_types, texts
from runs.tables.options import ReadOptions
from runs.tables.summaries import summarise
from tests.library.conftest import Bench, summary, table

LATE = "plz,n\n" + "".join(f"{n},x\n" for n in range(10_000, 30_000)) + "01085,x\n"


def write(folder: Path, data: str, name: str = "given.csv") -> Path:
    path = folder / name
    path.write_text(data)
    return path


def seen(path: Path, **options: object) -> dict[str, object]:
    """Column → type, as the look at the file finds it."""
    work = path.parent / "work"
    work.mkdir(exist_ok=True)
    found = summarise(path, path.name, ReadOptions.of(options), folder=work, full=False)
    return {column["name"]: column["type"] for column in found["columns"]}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("01085", "10115"), "text"),
        (('"01085"', '"10115"'), "text"),
        (("10115", '"01085"', "NA", ""), "text"),
        (("0007",), "text"),
        (("00", "1.5"), "text"),
        (("012345678901234567890123",), "text"),
        (("0", "0.5"), "number"),
        (("0", "1", "NA"), "integer"),
        (("0",), "integer"),
        (("00.5", "1.5"), "number"),
        (("-01", "1"), "integer"),
        (("0e3", "1"), "number"),
    ],
)
def test_the_step_and_the_look_agree(bench: Bench, tmp_path: Path, values: tuple[str, ...], kind: str) -> None:
    given = write(tmp_path, "v,w\n" + "".join(f"{value},x\n" for value in values))
    found = table(bench.run("load-table@1", {"file": given}) / "table")["v"]
    read = column_type(found)
    assert seen(given)["v"] == kind
    assert read == kind or (read, kind) == ("number", "integer")  # pandas has no missing integers
    if kind == "text":
        assert [one for one in found if one] == [one.strip('"') for one in values if one not in ("NA", "")]


def test_it_is_told_in_one_sentence(bench: Bench, tmp_path: Path) -> None:
    given = write(tmp_path, "plz,word\n10115,01\n01085,a\n")
    told = summary(bench.run("load-table@1", {"file": given}) / "table")["warnings"]
    assert told == ['"plz" holds digits that begin with a zero, such as 01085: it is read as text, so the zeros stay.']


def test_a_decimal_comma_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    given = write(tmp_path, "plz;size\n01085;0,5\n10115;1,5\n")
    found = table(bench.run("load-table@1", {"file": given}) / "table")
    assert found.to_dict("list") == {"plz": ["01085", "10115"], "size": [0.5, 1.5]}
    assert seen(given) == {"plz": "text", "size": "number"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [("integer", [1085, 10115]), ("number", [1085.0, 10115.0]), ("text", ["01085", "10115"])],
)
def test_a_chosen_type_wins(bench: Bench, tmp_path: Path, kind: str, values: list[object]) -> None:
    given = write(tmp_path, "plz,n\n01085,1\n10115,2\n")
    made = bench.run("load-table@1", {"file": given}, types={"plz": kind})
    assert table(made / "table")["plz"].tolist() == values
    assert summary(made / "table")["warnings"] == []
    assert seen(given, types={"plz": kind})["plz"] == kind


def test_a_word_for_no_value_is_no_code(bench: Bench, tmp_path: Path) -> None:
    given = write(tmp_path, "size,n\n000,1\n12,2\n")
    found = table(bench.run("load-table@1", {"file": given}, missing=["000"]) / "table")["size"]
    assert found.isna().tolist() == [True, False] and found[1] == 12
    assert seen(given, missing=["000"])["size"] == "integer"


def test_both_judge_by_the_same_rows(bench: Bench, tmp_path: Path) -> None:
    """A zero behind them changes neither; reading all rows tells of it."""
    given = write(tmp_path, LATE)
    assert seen(given)["plz"] == "integer"
    assert column_type(table(bench.run("load-table@1", {"file": given}) / "table")["plz"]) == "integer"
    early = write(tmp_path, LATE.replace("12345,", "01234,"), "early.csv")
    assert seen(early)["plz"] == "text"
    assert table(bench.run("load-table@1", {"file": early}) / "table")["plz"].tolist()[-1] == "01085"


def test_the_bounds_and_the_rule_are_the_same_in_both_rooms() -> None:
    assert (codes.HEAD_BYTES, codes._HEAD_ROWS, codes._HEAD_CELLS, codes._FEWEST_ROWS) == (
        texts.HEAD_BYTES,
        texts.HEAD_ROWS,
        texts.HEAD_CELLS,
        texts.FEWEST_ROWS,
    )
    assert codes._CODE.pattern == column_types.CODE.pattern


@pytest.mark.parametrize("text", ["a,b\n1,2\n3,4\n", "\n\na,b\n1,2\n", 'a,b\n1,"2\n', "a\n" * 20_000])
@pytest.mark.parametrize("whole", [True, False])
def test_the_rows_judged_are_those_the_look_takes(text: str, whole: bool) -> None:
    assert codes.first_rows(text, ",", whole=whole) == texts._head_rows(text, ",", whole=whole)[0]


def test_a_file_of_several_parts_has_one_type(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    write(folder, "plz,n,m\n01085,1,\n", "a.csv")
    write(folder, "plz,n,m\n10115,2,5\n,3,6\n", "b.csv")
    found = table(bench.run("load-table@1", {"file": folder}) / "table")
    assert found["plz"].tolist() == ["01085", "10115", None]
    assert found["n"].tolist() == [1, 2, 3]
    assert found["m"].tolist()[1:] == [5, 6]  # a part without values says nothing about the type


def test_a_text_of_digits_in_json_stays_text(bench: Bench, tmp_path: Path) -> None:
    given = write(tmp_path, '{"plz": "01085", "n": 1}\n{"plz": "10115", "n": 2}\n', "given.jsonl")
    found = table(bench.run("load-table@1", {"file": given}) / "table")
    assert found.to_dict("list") == {"plz": ["01085", "10115"], "n": [1, 2]}
    assert seen(given) == {"plz": "text", "n": "integer"}


def test_a_step_that_reads_csv_keeps_codes_too(bench: Bench, tmp_path: Path) -> None:
    given = write(tmp_path, "plz,n\n01085,1\n10115,2\n")
    made = bench.run("select@1", {"table": given}, columns=["plz"])
    assert table(made / "table").equals(pd.DataFrame({"plz": ["01085", "10115"]}))
