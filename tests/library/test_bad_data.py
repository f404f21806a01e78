"""What goes wrong with people's data: each with a sentence that says what happened, where, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.library.conftest import Bench, summary, table

ROWS = pd.DataFrame({"a": range(30), "b": [str(n % 3) for n in range(30)], "label": ["x", "y"] * 15})


def train(bench: Bench, frame: pd.DataFrame, **options: Any) -> dict[str, Any]:
    return bench.fail("train-classifier@1", {"train": frame}, **{"target": "label", **options})


def test_one_class_only(bench: Bench) -> None:
    failure = train(bench, ROWS.assign(label="x"))
    assert (failure["code"], failure["column"]) == ("one-class-only", "label")
    assert "nothing to tell apart" in failure["message"]


def test_five_hundred_classes(bench: Bench) -> None:
    frame = pd.DataFrame({"a": range(5000), "label": [f"class {n % 500}" for n in range(5000)]})
    failure = train(bench, frame)
    assert failure["code"] == "too-many-classes" and "500" in failure["message"]


def test_a_column_that_is_gone_names_the_near_one(bench: Bench) -> None:
    failure = train(bench, ROWS.rename(columns={"label": "Labels"}))
    assert (failure["code"], failure["column"], failure["suggestions"]) == ("column-missing", "label", ["Labels"])
    assert 'Did you mean "Labels"?' in failure["message"]


def test_a_target_without_any_value(bench: Bench) -> None:
    assert train(bench, ROWS.assign(label=None))["code"] == "all-missing"


def test_columns_without_any_value_are_left_out_and_told(bench: Bench) -> None:
    made = bench.run("train-classifier@1", {"train": ROWS.assign(empty=np.nan)}, target="label", trees=5)
    assert any('"empty" has no values' in note for note in summary(made / "model")["warnings"])


def test_nothing_left_to_learn_from(bench: Bench) -> None:
    assert train(bench, ROWS[["label"]].assign(empty=np.nan))["code"] == "no-features"


def test_text_where_an_amount_is_wanted(bench: Bench) -> None:
    failure = bench.fail("train-regressor@1", {"train": ROWS}, target="label")
    assert failure["code"] == "wrong-type" and "Train classifier" in failure["message"]


def test_a_test_table_of_another_type(bench: Bench) -> None:
    made = bench.run("train-classifier@1", {"train": ROWS}, target="label", trees=5)
    failure = bench.fail("evaluate@1", {"model": made / "model", "test": ROWS.assign(a="many")})
    assert (failure["code"], failure["column"]) == ("wrong-type", "a")
    assert '"many"' in failure["message"]


def test_test_rows_of_one_class_are_measured_without_curves(bench: Bench) -> None:
    made = bench.run("train-classifier@1", {"train": ROWS}, target="label", trees=5)
    measured = bench.run("evaluate@1", {"model": made / "model", "test": ROWS[ROWS["label"] == "x"]})
    told = summary(measured / "evaluation")
    assert "auc" not in told["metrics"] and any("one class" in note for note in told["warnings"])


@pytest.mark.parametrize(("rows", "share"), [(1, 0.2), (2, 0.01)])
def test_an_empty_side_of_a_split(bench: Bench, rows: int, share: float) -> None:
    failure = bench.fail("split@1", {"table": ROWS.head(rows)}, share=share)
    assert failure["code"] == "empty-split" and str(rows) in failure["message"]


def test_a_mix_with_a_value_seen_once(bench: Bench) -> None:
    frame = ROWS.assign(label=["rare", *["x", "y"] * 14, "y"])
    failure = bench.fail("split@1", {"table": frame}, stratify="label")
    assert failure["code"] == "too-few-rows" and '"rare"' in failure["message"]


def test_a_model_of_somebody_else(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"\0" * 8)
    failure = bench.fail("evaluate@1", {"model": folder, "test": ROWS})
    assert failure["code"] == "model-missing"


def test_an_input_that_is_not_connected(bench: Bench) -> None:
    failure = bench.fail("split@1", {})
    assert failure["code"] == "input-missing" and '"Table"' in failure["message"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"share": "much"}, "option-invalid"),
        ({"share": "2"}, "option-invalid"),
        ({"methd": "random"}, "unknown-option"),
        ({"method": "orderd"}, "option-invalid"),
    ],
)
def test_options_that_do_not_fit(bench: Bench, options: dict[str, str], code: str) -> None:
    assert bench.fail("split@1", {"table": ROWS}, **options)["code"] == code


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "file-empty"),
        ("a.csv", "<!DOCTYPE html><html><body>404</body></html>", "wrong-format"),
        ("a.csv", "a,b\n1,2\n3,4,5\n", "file-unreadable"),
        ("a.csv", "a,b\n", "empty-table"),
        ("a.parquet", b"PAR1 cut in half", "file-unreadable"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "file-unreadable"),
    ],
)
def test_files_that_are_no_tables(bench: Bench, tmp_path: Path, name: str, data: bytes | str, code: str) -> None:
    failure = bench.fail("load-table@1", {"file": write(tmp_path, name, data)})
    assert failure["code"] == code and name in failure["message"]


def test_a_broken_json_line_is_named_with_what_stands_there(bench: Bench, tmp_path: Path) -> None:
    file = write(tmp_path, "a.jsonl", '{"a": 1}\n\n[2, 3]\n')
    message = bench.fail("load-table@1", {"file": file})["message"]
    assert message.startswith("Line 3 of a.jsonl is no JSON object: [2, 3] stands there. Every line has to be one")


@pytest.mark.parametrize(
    "data",
    [
        b"name;size\nAnna;1,5\nBob;2\n",
        b"name,size\r\nAnna,1\nBob,2\r\n",
        "name\tsize\nAnna\t1\nBob\t2\n".encode("utf-16"),
        "name,size\nJosé,1\nBob,2\n".encode("cp1252"),
        "\ufeffname|size\nAnna|1\nBob|2\n".encode(),
    ],
)
def test_files_written_in_odd_ways_are_read(bench: Bench, tmp_path: Path, data: bytes) -> None:
    made = bench.run("load-table@1", {"file": write(tmp_path, "odd.csv", data)})
    found = table(made / "table")
    assert list(found.columns) == ["name", "size"] and len(found) == 2


def test_names_that_are_empty_or_twice_are_mended_and_told(bench: Bench, tmp_path: Path) -> None:
    made = bench.run("load-table@1", {"file": write(tmp_path, "n.csv", "a,,a\n1,2,3\n")})
    assert list(table(made / "table").columns) == ["a", "column_2", "a_2"]
    assert len(summary(made / "table")["warnings"]) == 2


def test_words_for_no_value_and_types_are_as_said(bench: Bench, tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", "id,size\n001,-999\n002,5\n")
    made = bench.run("load-table@1", {"file": path}, missing=["-999"], types={"id": "text"})
    found = table(made / "table")
    assert found["size"].isna().tolist() == [True, False] and found["id"].tolist() == ["001", "002"]


def test_ten_thousand_columns_are_read(bench: Bench, tmp_path: Path) -> None:
    text = ",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join("1" for _ in range(10_000)) + "\n"
    made = bench.run("load-table@1", {"file": write(tmp_path, "wide.csv", text)})
    assert len(summary(made / "table")["columns"]) == 10_000


def test_a_value_that_is_no_number_is_named_with_its_row(bench: Bench) -> None:
    failure = bench.fail("clean@1", {"table": pd.DataFrame({"n": ["1", "2", "many"]})}, types={"n": "number"})
    assert failure["code"] == "wrong-type" and '"many" in row 3' in failure["message"]


def test_a_filter_that_keeps_nothing(bench: Bench) -> None:
    rule = {"column": "a", "operator": ">", "value": "1000"}
    assert bench.fail("select@1", {"table": ROWS}, filters=[rule])["code"] == "empty-result"


def test_a_join_that_would_never_match_or_grow_without_end(bench: Bench) -> None:
    failure = bench.fail("join@1", {"left": ROWS, "right": ROWS}, left_on=["a"], right_on=["b"])
    assert failure["code"] == "wrong-type"
    same = pd.DataFrame({"k": [1] * 8000})
    assert bench.fail("join@1", {"left": same, "right": same}, left_on=["k"])["code"] == "too-many-rows"
