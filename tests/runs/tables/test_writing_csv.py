"""A table of any kind leaves as a CSV that holds every cell and runs nothing."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pytest

from runs.tables import exporting
from runs.tables.exporting import CsvExport
from runs.tables.inspecting import EXPORT
from runs.tables.options import ReadOptions, Unreadable
from runs.tables.writing_csv import WIDE


async def taken(export: CsvExport) -> bytes:
    return b"".join([piece async for piece in export])


def exported(tmp_path: Path, data: bytes, name: str = "t.csv", **options: Any) -> list[list[str]]:
    path = tmp_path / "given"
    path.write_bytes(data)
    export = CsvExport(path, name, ReadOptions.of(options), work=tmp_path, drained=None)
    text = asyncio.run(taken(export)).decode()
    assert [one.name for one in tmp_path.iterdir()] == ["given"]
    return list(csv.reader(io.StringIO(text)))


def parquet(tmp_path: Path, question: str) -> bytes:
    target = tmp_path / "made.parquet"
    duckdb.sql(f"COPY ({question}) TO '{target}' (FORMAT parquet)")
    data = target.read_bytes()
    target.unlink()
    return data


def test_what_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path) -> None:
    given = b'id,note\n1,=1+1\n2,+49 30 1234\n3,-2\n4,@SUM(A1)\n5,"\tx"\n6,-x\n7,+1e5\n8,plain\n'
    assert [row[1] for row in exported(tmp_path, given)] == [
        *("note", "'=1+1", "'+49 30 1234", "-2", "'@SUM(A1)", "'\tx", "'-x", "'+1e5", "plain"),
    ]


def test_names_of_columns_run_nothing_either(tmp_path: Path) -> None:
    assert exported(tmp_path, b"=cmd,b\n1,2\n3,4\n")[0] == ["'=cmd", "b"]


def test_texts_stay_as_they_are(tmp_path: Path) -> None:
    rows = [["code", "said"], ["007", 'a "b", c'], ["NA", "two\nlines"], ["1.50", ""]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    assert exported(tmp_path, out.getvalue().encode()) == rows


def test_another_delimiter_and_encoding_become_commas_and_utf_8(tmp_path: Path) -> None:
    given = "stadt;preis\nMünchen;1,5\nKöln;2,5\n".encode("cp1252")
    assert exported(tmp_path, given, delimiter=";", encoding="cp1252") == [
        *(["stadt", "preis"], ["München", "1,5"], ["Köln", "2,5"]),
    ]


def test_parquet_keeps_figures_and_leaves_out_what_is_none(tmp_path: Path) -> None:
    data = parquet(
        tmp_path,
        "SELECT * FROM (VALUES (1::BIGINT, 0.1::DOUBLE, DATE '2024-02-29', '=x', [1, 2]), "
        "(NULL, 'nan'::DOUBLE, NULL, NULL, NULL), (-7, '-inf'::DOUBLE, NULL, '-7', [])) t(n, f, d, s, l)",
    )
    assert exported(tmp_path, data, "t.parquet") == [
        ["n", "f", "d", "s", "l"],
        ["1", "0.1", "2024-02-29", "'=x", "[1,2]"],
        ["", "", "", "", ""],
        ["-7", "", "", "-7", "[]"],
    ]


def test_a_wide_table_is_written_as_a_narrow_one_is(tmp_path: Path) -> None:
    kinds = (
        "SELECT * FROM (VALUES (1::BIGINT, 0.1::DOUBLE, DATE '2024-02-29', '=x', [1, 2], true, "
        "TIMESTAMP '2024-02-29 12:30:00', 1.50::DECIMAL(9, 2), {'a': 'ü'}), "
        "(NULL, 'inf'::DOUBLE, NULL, '-7', NULL, false, NULL, NULL, NULL)) t(n, f, d, s, l, b, t, m, o)"
    )
    narrow = exported(tmp_path, parquet(tmp_path, kinds), "t.parquet")
    filler = ", ".join(f"{n} AS x{n}" for n in range(WIDE))
    wide = exported(tmp_path, parquet(tmp_path, f"SELECT *, {filler} FROM ({kinds})"), "t.parquet")
    assert [row[:9] for row in wide] == narrow


def test_json_lines_become_rows(tmp_path: Path) -> None:
    assert exported(tmp_path, b'{"a": 1, "b": "x"}\n{"a": 2, "b": {"c": 1}}\n', "t.jsonl") == [
        *(["a", "b"], ["1", '"x"'], ["2", '{"c":1}']),
    ]


def test_five_thousand_columns_are_written(tmp_path: Path) -> None:
    names = ",".join(f"c{n}" for n in range(5_000))
    rows = exported(tmp_path, f"{names}\n{','.join(['1'] * 5_000)}\n".encode())
    assert [len(row) for row in rows] == [5_000, 5_000]


@pytest.mark.parametrize("name", ["t.parquet", "t.csv"])
def test_what_is_no_table_is_refused_before_a_byte(tmp_path: Path, name: str) -> None:
    data = parquet(tmp_path, "SELECT 1 AS a")[:-20] if name.endswith("parquet") else b"<!DOCTYPE html><html>"
    with pytest.raises(Unreadable, match=r"cut off|web page"):
        exported(tmp_path, data, name)


def test_a_writer_waits_for_its_reader_and_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(parquet(tmp_path, "SELECT range AS n, 'text ' || range AS s FROM range(3_000_000)"))
    free = EXPORT.at_once._value
    export = CsvExport(path, "t.parquet", ReadOptions(), work=tmp_path, drained=None)

    async def begin() -> None:
        async for piece in export:
            assert piece.startswith(b"n,s\n")
            await asyncio.sleep(0.5)
            resident.append(int(Path(f"/proc/{export._process.pid}/statm").read_text().split()[1]) * 4096)
            break

    resident: list[int] = []
    asyncio.run(begin())
    assert resident[0] < 400 * 1024 * 1024
    export.close()
    export.close()
    assert export._process.returncode is not None
    assert [one.name for one in tmp_path.iterdir()] == ["given"]
    assert EXPORT.at_once._value == free


def test_a_client_that_is_gone_ends_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(parquet(tmp_path, "SELECT range AS n FROM range(2_000_000)"))

    async def gone() -> bool:
        return False

    export = CsvExport(path, "t.parquet", ReadOptions(), work=tmp_path, drained=gone)
    assert len(asyncio.run(taken(export))) <= exporting.PIECE
    assert export._process.returncode is not None


def test_a_download_waits_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "TURN_SECONDS", 0.01)
    (tmp_path / "given").write_text("a\n1\n")
    taken_turns = [EXPORT.at_once.acquire(blocking=False) for _ in range(4)]
    try:
        with pytest.raises(Unreadable, match="Try again in a minute"):
            CsvExport(tmp_path / "given", "t.csv", ReadOptions(), work=tmp_path, drained=None)
    finally:
        for _ in filter(None, taken_turns):
            EXPORT.at_once.release()
