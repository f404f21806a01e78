"""What a query answers, found out without a row: it is bound to empty tables of the columns that are known.

Runs in the reader's process only: the text is somebody's, and binding it may compute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from runs.tables.column_types import SQL_TYPES, kind_of_sql
from runs.tables.database import quoted

#: How the SQL step sees them: pandas has one type for dates and times.
_TABLE_TYPES = {**SQL_TYPES, "date": "TIMESTAMP", "other": "BLOB"}
_LINE = re.compile(r"^(?P<mark>LINE (?P<number>\d+): )(?P<text>.*)\n(?P<caret>.*)", re.MULTILINE)
#: As much of a query is shown on each side of the place where it is wrong.
_AROUND = 40
_MISSING = re.compile(r'column "([^"]+)" not found')


def describe_query(query: str, tables: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Any]:
    """What the query answers: {"columns": …, "missing": …, "wrong": …}, each None where there is nothing to tell.

    `tables`: name → (column, type) of each; without any the query is read and not bound. `columns`: [[name, type], …];
    `missing`: a column no table has; `wrong`: why no table makes it a query.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "python_enable_replacements": "false",
        "threads": "1",
        "memory_limit": "256MB",
    }
    with duckdb.connect(":memory:", config=settings) as database:
        text = query.strip().rstrip(";")
        try:
            statements = database.extract_statements(text)
        except duckdb.ParserException as problem:
            return _answer(wrong=f"DuckDB says: {_words(str(problem))}. Correct the query.")
        except duckdb.Error:
            return _answer()
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return _answer(wrong="The query must be one SELECT. Split further work into more steps." if text else None)
        if not tables:
            return _answer()
        try:
            for name, columns in tables.items():
                listed = ", ".join(f"{quoted(one)} {_TABLE_TYPES[kind]}" for one, kind in columns)
                database.execute(f"CREATE TABLE {quoted(name)} ({listed})")
            database.execute("SET lock_configuration = true")
            rows = database.execute(f"DESCRIBE {text}").fetchall()
        except duckdb.Error as problem:
            missing = _MISSING.search(str(problem))
            return _answer(missing=missing[1] if missing else None)
    names = [row[0] for row in rows]
    if len(set(names)) < len(names):
        return _answer()
    return _answer(columns=[[row[0], kind_of_sql(row[1])] for row in rows])


def _answer(
    *, columns: list[list[str]] | None = None, missing: str | None = None, wrong: str | None = None
) -> dict[str, Any]:
    return {"columns": columns, "missing": missing, "wrong": wrong}


def _words(said: str) -> str:
    """`syntax error at or near "by" (line 2: "… grup by 1")` out of DuckDB's words, the line and the caret below it."""
    first = said.partition("\n")[0].partition(" Error: ")[2][:400]
    found = _LINE.search(said)
    if found is None:
        return first
    place = max(found["caret"].find("^") - len(found["mark"]), 0)
    shown = found["text"][max(0, place - _AROUND) : place + _AROUND].strip()
    return f'{first} (line {found["number"]}: "{shown}")'
