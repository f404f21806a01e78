"""A table of any kind as CSV (RFC 4180, UTF-8) that a spreadsheet opens without running anything, piece by piece."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from runs.tables.database import csv_reading, described, json_described, json_reading, opened, parquet_reading, quoted
from runs.tables.options import ReadOptions, Unreadable
from runs.tables.sniffing import kind_of
from runs.tables.texts import HEAD_BYTES, look_at, plain_file

OUTPUT = "/dev/stdout"
#: What a spreadsheet program would take for a formula, unless it is a plain number.
FORMULA = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: With more columns the cells are written one by one.
WIDE = 200
_PLAIN = ("BOOLEAN", "DATE", "TIME", "UUID")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")


def write_csv(path: Path, name: str, options: ReadOptions, *, folder: Path, begin: Callable[[], object]) -> None:
    """Writes the table to standard output, as fast as somebody reads it, after a line that says it begins: `{}`.

    Raises:
        Unreadable: it is none. Unless `begin` was called, nothing was written.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    kind = options.format or kind_of(name, head[: 64 * 1024])
    if kind == "zip":
        raise Unreadable("file-is-packed", f"{name} is a zip, not a table. Take the table out of it.")
    with opened(path, name, folder, also=[OUTPUT]) as database:
        if kind == "parquet":
            reading = parquet_reading(path, name)
            columns = described(database, reading)
        elif kind == "json-lines":
            reading = json_reading(path, head)
            columns = json_described(database, reading, path, name)
        else:
            text = look_at(path, name, kind, options)
            plain = plain_file(path, text, folder)
            named = ", ".join(f"c{place} AS {quoted(one)}" for place, one in enumerate(text.names))
            source = csv_reading(plain, text.delimiter, text.header, len(text.names), missing=[""])
            reading = f"(SELECT {named} FROM {source})"
            columns = [(one, "VARCHAR") for one in text.names]
        _write(database, reading, columns, begin)


def _write(
    database: duckdb.DuckDBPyConnection,
    reading: str,
    columns: Sequence[tuple[str, str]],
    begin: Callable[[], object],
) -> None:
    if len(columns) > WIDE:
        _write_rows(database.execute(f"SELECT * FROM {reading}"), [one for one, _ in columns], begin)
        return
    runs = f"regexp_matches(x, '{FORMULA.pattern}') AND NOT regexp_full_match(x, '{NUMBER.pattern}')"
    database.execute(f"CREATE MACRO harmless(x) AS CASE WHEN {runs} THEN chr(39) || x ELSE x END")
    shown = ", ".join(f"{_written(*one)} AS {quoted(harmless(one[0]))}" for one in columns)
    question = f"SELECT {shown} FROM {reading}"
    database.execute(f"{question} LIMIT 1").fetchall()  # what cannot be read is said before anything is written
    _begin(begin)
    database.execute(f"COPY ({question}) TO '{OUTPUT}' (FORMAT csv, HEADER)")


def _begin(begin: Callable[[], object]) -> None:
    begin()
    sys.stdout.write("{}\n")
    sys.stdout.flush()


def _write_rows(found: duckdb.DuckDBPyConnection, names: Sequence[str], begin: Callable[[], object]) -> None:
    """As COPY, which takes long to plan thousands of expressions, and gigabytes to hold what is between them."""
    rows = found.fetchmany(50)
    _begin(begin)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(map(harmless, names))
    while rows:
        writer.writerows(map(_text, row) for row in rows)
        rows = found.fetchmany(50)
    sys.stdout.flush()


def _text(value: Any) -> str:
    """A value as `_written` has the database write it."""
    match value:
        case None:
            return ""
        case str():
            return harmless(value)
        case bool():
            return str(value).lower()
        case float():
            return str(value) if math.isfinite(value) else ""
        case list() | dict() | tuple():
            return harmless(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))
        case _:
            return harmless(str(value))


def harmless(cell: str) -> str:
    """The text, with an apostrophe before what a spreadsheet program would run."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def _written(name: str, sql: str) -> str:
    """The expression of a column as it is written: what is not finite is left empty, nested values are JSON."""
    source, word = quoted(name), sql.upper()
    if word in ("VARCHAR", "BLOB") or word.startswith("ENUM"):
        return f"harmless({source}::VARCHAR)"
    if word in ("FLOAT", "DOUBLE"):
        return f"(CASE WHEN isfinite({source}) THEN {source} END)::VARCHAR"
    if word.removeprefix("U") in _WHOLE or word in _PLAIN or word.startswith(("DECIMAL", "TIMESTAMP")):
        return f"{source}::VARCHAR"
    return f"harmless(to_json({source})::VARCHAR)"
