"""What a query answers is found out in the reader's process, which gives it nothing to hold on to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from runs.tables.inspecting import describe
from runs.tables.options import Unreadable
from runs.tables.queries import describe_query

TABLES = {"table1": [("age", "integer"), ("City", "text"), ("day", "date"), ("odd", "other")]}
NOTHING = {"columns": None, "missing": None, "wrong": None}


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("FROM table1", [["age", "integer"], ["City", "text"], ["day", "datetime"], ["odd", "other"]]),
        ("SELECT sum(age) AS s, avg(age) AS a FROM table1;", [["s", "number"], ["a", "number"]]),
        ("WITH x AS (SELECT city FROM table1) SELECT * FROM x", [["City", "text"]]),
        ("SELECT day::DATE AS d, age > 3 AS old FROM table1", [["d", "date"], ["old", "boolean"]]),
    ],
)
def test_names_and_types_are_those_the_step_will_leave(query: str, columns: Any) -> None:
    assert describe_query(query, TABLES) == {**NOTHING, "columns": columns}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT age, age FROM table1",
        "SELECT odd + 1 FROM table1",
        "",
        "SELECT * FROM table9",
    ],
)
def test_what_cannot_be_told_is_not_known(query: str) -> None:
    assert describe_query(query, TABLES) == NOTHING


def test_a_column_no_table_has_is_named() -> None:
    assert describe_query("SELECT agee FROM table1", TABLES) == {**NOTHING, "missing": "agee"}


@pytest.mark.parametrize("tables", [TABLES, {}])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("nonsense", 'syntax error at or near "nonsense" (line 1: "nonsense")'),
        ("SELECT age\nFROM table1 grup by 1", 'syntax error at or near "by" (line 2: "FROM table1 grup by 1")'),
        ("SELECT 'abc", 'unterminated string literal (line 1: "SELECT \'abc")'),
        (f"SELECT {'age, ' * 40} FROM table1 LIMIT LIMIT 1", 'at or near "LIMIT" (line 1: "'),
    ],
)
def test_a_query_nobody_can_read_is_told_with_its_line(query: str, words: str, tables: Any) -> None:
    answer = describe_query(query, tables)
    assert answer["columns"] is None and words in answer["wrong"]
    assert answer["wrong"].startswith("DuckDB says: ") and answer["wrong"].endswith("). Correct the query.")
    assert len(answer["wrong"]) < 200


@pytest.mark.parametrize(
    "query",
    [
        "COPY table1 TO '/tmp/out.csv'",
        "SELECT 1; SELECT 2",
        "CREATE TABLE t (a INT)",
        "PIVOT table1 ON City USING sum(age)",
        "SET memory_limit = '9GB'",
        "-- nothing yet",
    ],
)
def test_anything_but_one_select_is_told_as_the_step_tells_it(query: str) -> None:
    assert describe_query(query, TABLES) == {
        **NOTHING,
        "wrong": "The query must be one SELECT. Split further work into more steps.",
    }


def test_without_tables_a_query_is_read_and_not_bound() -> None:
    assert describe_query("SELECT agee FROM table9", {}) == NOTHING


def test_tables_duckdb_cannot_hold_are_not_known() -> None:
    assert describe_query("FROM table1", {"table1": [("a", "integer"), ("A", "integer")]}) == NOTHING


def test_it_works_from_outside_and_leaves_nothing(tmp_path: Path) -> None:
    assert describe("SELECT age FROM table1", TABLES, work=tmp_path)["columns"] == [["age", "integer"]]
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_computes_for_ever_ends(tmp_path: Path) -> None:
    endless = "SELECT " + " + ".join(f"len(repeat('x', {2**28 + n}))" for n in range(400)) + " AS n"
    begun = time.monotonic()
    try:
        answer = describe(endless, TABLES, work=tmp_path)
    except Unreadable:
        answer = NOTHING
    assert time.monotonic() - begun < 12 and answer["missing"] is None
