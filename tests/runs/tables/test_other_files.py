"""Parquet, JSON lines, zips, and files that are no tables."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path
from time import process_time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from runs.tables import archives
from runs.tables.archives import unpack_table
from runs.tables.options import Unreadable
from tests.runs.tables.conftest import Look, columns

CSV = b"age,city\n31,Kyiv\n45,Lviv\n"


def parquet(columns_: int = 3, rows: int = 100) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table({f"c{place}": list(range(rows)) for place in range(columns_)}), target)
    return target.getvalue()


def packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return target.getvalue()


def unpacked(tmp_path: Path, data: bytes) -> tuple[str, bytes]:
    path, target = tmp_path / "given.zip", tmp_path / "unpacked"
    path.write_bytes(data)
    return unpack_table(path, "given.zip", target), target.read_bytes()


# --- Parquet ---
def test_parquet_has_types_of_its_own(look: Look) -> None:
    target = io.BytesIO()
    table = pa.table({"n": [1, None], "x": [0.5, 1.5], "t": ["a", "b"], "l": [[1], [2]], "b": [True, False]})
    pq.write_table(table, target)
    found = look(target.getvalue(), "table.parquet")
    assert columns(found, "type") == ["integer", "number", "text", "other", "boolean"]
    assert columns(found, "missing") == [1, 0, 0, 0, 0]
    assert found["rows"] == 2


def test_parquet_is_known_by_its_bytes(look: Look) -> None:
    assert look(parquet(), "table.csv")["file"]["kind"] == "parquet"


def test_a_wide_parquet_names_all_and_draws_some(look: Look) -> None:
    found = look(parquet(columns_=5000, rows=5000), "wide.parquet")
    assert len(found["columns"]) == 5000
    assert found["rows"] == 5000
    assert found["sample"] == {"rows": 1000, "exact": True}
    assert "histogram" in found["columns"][99]
    assert "histogram" not in found["columns"][100]


def test_a_wide_parquet_of_few_rows_is_no_dearer_than_one_of_many(look: Look) -> None:
    def spent(rows: int) -> float:
        data = parquet(columns_=5000, rows=rows)
        began = process_time()
        assert look(data, "wide.parquet")["rows"] == rows
        return process_time() - began

    spent(10)  # what is loaded once
    assert spent(200) < 2 * spent(5000)


@pytest.mark.parametrize("part", [0.5, 0.9, 0.999])
def test_a_parquet_cut_in_half_says_so(look: Look, part: float) -> None:
    data = parquet(rows=10_000)
    with pytest.raises(Unreadable, match=r"table\.parquet is cut off"):
        look(data[: int(len(data) * part)], "table.parquet")


def test_a_damaged_parquet_is_no_crash(look: Look) -> None:
    data = parquet(rows=10_000)
    broken = data[:200] + b"\0" * (len(data) - 208) + data[-8:]
    with pytest.raises(Unreadable):
        look(broken, "table.parquet")


def test_a_csv_called_parquet_is_told(look: Look) -> None:
    with pytest.raises(Unreadable, match="is called Parquet"):
        look(CSV, "table.parquet")


# --- JSON lines ---
def test_json_lines_become_columns(look: Look) -> None:
    text = "\n".join(json.dumps({"n": n, "city": "Kyiv", "tags": ["a"]}) for n in range(5))
    found = look(text, "table.jsonl")
    assert columns(found, "name", "type") == [("n", "integer"), ("city", "text"), ("tags", "other")]
    assert found["rows"] == 5


def test_a_json_list_is_a_table_too(look: Look) -> None:
    assert look('[{"a": 1}, {"a": 2}]', "table.json")["rows"] == 2


def test_members_that_lack_are_missing(look: Look) -> None:
    assert columns(look('{"a": 1}\n{"a": 2, "b": 3}\n', "table.jsonl"), "missing") == [0, 1]


def test_many_json_lines_are_sampled(look: Look) -> None:
    found = look("".join(json.dumps({"n": n, "pad": "x" * 100}) + "\n" for n in range(60_000)), "table.jsonl")
    assert found["sample"]["exact"] is False
    assert found["rows"] == pytest.approx(60_000, rel=0.05)


@pytest.mark.parametrize("text", ["{not json", "1\n2\n3\n", '"a"\n"b"\n', '{"a": 1\n'])
def test_what_are_no_json_lines_is_told(look: Look, text: str) -> None:
    with pytest.raises(Unreadable, match=r"table\.jsonl"):
        look(text, "table.jsonl")


def test_the_line_that_does_not_fit_is_named(look: Look) -> None:
    with pytest.raises(Unreadable) as told:
        look('{"a": 1}\n{"a": 2,\n', "table.jsonl")
    assert told.value.message.startswith('Line 2 of table.jsonl is no JSON object: {"a": 2, stands there. Every line')


# --- zip ---
def test_the_one_table_inside_is_taken(tmp_path: Path) -> None:
    data = packed(data__people_dot_csv=CSV, README_dot_md=b"hello", __MACOSX__x=b"")
    assert unpacked(tmp_path, data) == ("people.csv", CSV)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed(readme_dot_md=b"hello"), "zip-without-table"),
        (packed(content_dot_xml=b"<x/>", mimetype=b"x"), "file-is-no-table"),
        (packed(a_dot_csv=CSV, b_dot_csv=CSV), "zip-with-many-tables"),
        (packed(a_dot_csv=packed(b_dot_csv=CSV)), "zip-in-zip"),
        (packed(a_dot_csv=b""), "file-empty"),
        (packed(a_dot_csv=CSV * 100)[:-30], "zip-damaged"),
        (b"PK\x03\x04 and no more", "zip-damaged"),
    ],
)
def test_a_zip_without_exactly_one_table_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        unpacked(tmp_path, data)
    assert refused.value.code == code


def test_an_excel_workbook_is_called_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is an Excel workbook"):
        unpacked(tmp_path, packed(xl__workbook_dot_xml=b"<x/>", xl__notes_dot_json=b"{}"))


def test_a_zip_bomb_stops_at_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ALWAYS_BYTES", 1024 * 1024)
    with pytest.raises(Unreadable) as refused:
        unpacked(tmp_path, packed(a_dot_csv=b"\0" * 200_000_000))
    assert refused.value.code == "zip-bomb"
    assert (tmp_path / "unpacked").stat().st_size < 60_000_000


def test_a_zip_that_lies_about_its_size_is_counted_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ALWAYS_BYTES", 1000)
    monkeypatch.setattr(archives, "LARGEST_RATIO", 2)
    data = packed(a_dot_csv=b"x" * 100_000)
    lie = data.replace(struct.pack("<I", 100_000), struct.pack("<I", 10))
    with pytest.raises(Unreadable) as refused:
        unpacked(tmp_path, lie)
    assert refused.value.code in ("zip-bomb", "zip-damaged")


def test_a_password_is_told(tmp_path: Path) -> None:
    data = bytearray(packed(a_dot_csv=CSV))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="password"):
        unpacked(tmp_path, bytes(data))


# --- no tables ---
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "is a web page"),
        (b"\xef\xbb\xbf  <HTML>", "is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08\x00", "packed with gzip"),
        (b"\x80\x04\x95\x00", "pickle"),
    ],
)
def test_what_is_no_table_is_named(look: Look, data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        look(data + b" " * 100, "table.csv")


@pytest.mark.parametrize("name", ["table.bin", "table.csv", "table.jsonl"])
def test_bytes_of_any_other_kind_are_refused(look: Look, name: str) -> None:
    with pytest.raises(Unreadable, match="no table Clary can read"):
        look(bytes(range(256)) * 10, name)
