"""Queries connected tables with DuckDB, which sees those tables and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from clary_steps.algorithms import thread_count
from clary_steps.failures import StepFailure, near
from clary_steps.tables import read_table, write_table

#: As much of a query is shown on each side of the place where it is wrong.
_AROUND = 40


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    import duckdb

    tables = {name: read_table(folder, name, allow_empty=True) for name, folder in inputs.items()}
    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "python_enable_replacements": "false",
        "threads": str(thread_count()),
    }
    with duckdb.connect(":memory:", config=settings) as database:
        for name, table in tables.items():
            database.register(name, table)
        database.execute("SET lock_configuration = true")
        query = options["query"].strip().rstrip(";")
        try:
            statements = database.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise StepFailure("query-invalid", "The query must be one SELECT. Split further work into more steps.")
            table = database.execute(query).df()
        except duckdb.Error as problem:
            raise _failure(str(problem), tables) from None
    if len(set(table.columns)) < len(table.columns):
        raise StepFailure("query-invalid", "Two columns of the result have the same name. Rename one with AS.")
    write_table(table, outputs["table"])


def _failure(said: str, tables: dict[str, Any]) -> StepFailure:
    """DuckDB's words, with the near column or table where a name is wrong."""
    first = said.strip().splitlines()[0]
    column = re.search(r'column "([^"]+)" not found', said)
    if column:
        names = [str(name) for table in tables.values() for name in table.columns]
        match = near(column[1], names)
        hint = f' Did you mean "{match[0]}"?' if match else ""
        text = f'The query names the column "{column[1]}", which no connected table has.{hint}'
        return StepFailure("column-missing", text, column=column[1], suggestions=match)
    missing = re.search(r"Table with name (\S+) does not exist", said)
    if missing:
        text = f"The query names {missing[1]}; connected are {', '.join(tables)}. Connect it, or use one of these."
        return StepFailure("table-missing", text, suggestions=list(tables))
    if "Permission" in first or "disabled" in first:
        return StepFailure("query-refused", "A query sees only the connected tables, no files and no network.")
    words = first.partition(" Error: ")[2] or first
    return StepFailure("query-invalid", f"DuckDB says: {words[:400]}{_where(said)}. Correct the query.")


def _where(said: str) -> str:
    """` (line 2: "… from table1 grup by 1")` out of the line and the caret below DuckDB's words."""
    found = re.search(r"^LINE (\d+): ", said, re.MULTILINE)
    if found is None:
        return ""
    line, _, below = said[found.start() :].partition("\n")
    begin, caret = len(found[0]), below.split("\n")[0].find("^")
    caret = caret if caret >= begin else begin
    shown = line[max(begin, caret - _AROUND) : caret + _AROUND].strip()
    return f' (line {found[1]}: "{shown}")'
