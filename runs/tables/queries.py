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
_MISSING = re.compile(r'column "([^"]+)" not found')


def describe_query(query: str, tables: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Any]:
    """{"columns": [[name, type], …] or None where they cannot be told, "missing": a column no table has, or None}.

    `tables`: name → (column, type) of each.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "python_enable_replacements": "false",
        "threads": "1",
        "memory_limit": "256MB",
    }
    with duckdb.connect(":memory:", config=settings) as database:
        try:
            for name, columns in tables.items():
                listed = ", ".join(f"{quoted(one)} {_TABLE_TYPES[kind]}" for one, kind in columns)
                database.execute(f"CREATE TABLE {quoted(name)} ({listed})")
            database.execute("SET lock_configuration = true")
            text = query.strip().rstrip(";")
            statements = database.extract_statements(text)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                return {"columns": None, "missing": None}
            rows = database.execute(f"DESCRIBE {text}").fetchall()
        except duckdb.Error as problem:
            missing = _MISSING.search(str(problem))
            return {"columns": None, "missing": missing[1] if missing else None}
    names = [row[0] for row in rows]
    if len(set(names)) < len(names):
        return {"columns": None, "missing": None}
    return {"columns": [[row[0], kind_of_sql(row[1])] for row in rows], "missing": None}
