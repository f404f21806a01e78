"""Reading happens in a process of its own that ends, whatever the file holds."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import duckdb
import pytest

from runs.tables import inspecting
from runs.tables.database import opened
from runs.tables.inspecting import Bounds, inspect, unpack
from runs.tables.options import ReadOptions, Unreadable

ANY = ReadOptions()


def given(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "given"
    path.write_text(text)
    return path


def test_a_table_is_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    found = inspect(given(tmp_path, "a,b\n1,2\n"), "t.csv", ANY, work=tmp_path)
    assert found["rows"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_what_it_refuses_comes_back_as_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is a web page") as refused:
        inspect(given(tmp_path, "<html>"), "t.csv", ANY, work=tmp_path)
    assert refused.value.code == "file-is-a-web-page"


@pytest.mark.parametrize(
    "bounds",
    [{"seconds": 0.05}, {"memory_bytes": 64 * 1024 * 1024}, {"file_bytes": 10}],
    ids=["time", "memory", "disk"],
)
def test_a_reader_that_wants_too_much_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, float]
) -> None:
    monkeypatch.setattr(inspecting, "LOOK", dataclasses.replace(inspecting.LOOK, **bounds))  # type: ignore[arg-type]
    begun = time.monotonic()
    with pytest.raises(Unreadable):
        inspect(given(tmp_path, "a,b\n" + "1,2\n" * 100_000), "t.csv", ANY, work=tmp_path)
    assert time.monotonic() - begun < 15
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_bounds_are_handed_over_whole() -> None:
    assert Bounds(seconds=1.5, memory_bytes=2, file_bytes=3, nice=4).limits() == {
        "memory_bytes": 2,
        "cpu_seconds": 4,
        "file_bytes": 3,
        "nice": 4,
    }


def test_a_zip_is_unpacked_by_a_process_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        unpack(given(tmp_path, "PK\x03\x04"), "t.zip", tmp_path)


def test_the_reader_opens_no_other_file(tmp_path: Path) -> None:
    other = tmp_path / "secret.csv"
    other.write_text("a\n1\n")
    work = tmp_path / "work"
    work.mkdir()
    with opened(given(tmp_path, "a\n1\n"), "t.csv", work) as database:
        with pytest.raises(duckdb.PermissionException):
            database.execute(f"SELECT * FROM read_csv('{other}')")
        with pytest.raises(duckdb.Error):
            database.execute("SET enable_external_access = true")
