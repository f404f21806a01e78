"""A file people brought, as the summary every table in Clary has: rows, columns, facts about each, the first rows.

`full` False looks at the first rows only and says so (`sample`); a small file is always seen whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from runs.tables.column_types import SQL_TYPES, kind_of_sql, note_on_numbers
from runs.tables.database import csv_reading, described, json_described, json_reading, opened, parquet_reading, quoted
from runs.tables.options import DRAWN_COLUMNS, ReadOptions, Unreadable
from runs.tables.sniffing import kind_of
from runs.tables.statistics import Column, describe, plain
from runs.tables.texts import HEAD_BYTES, HEAD_ROWS, MOST_NOTES, Text, look_at, plain_file, write_head

PREVIEW_ROWS = 100
#: A preview looks at fewer rows of wide tables.
PREVIEW_CELLS = 100_000


def summarise(
    path: Path,
    name: str,
    options: ReadOptions,
    *,
    folder: Path,
    full: bool,
    places: Sequence[int] | None = None,
) -> dict[str, Any]:
    """The summary of the table in a file; of its columns at `places` only where they are given.

    Raises:
        Unreadable: it is none, or a damaged one; says what to do.
    """
    with path.open("rb") as stream:
        head = stream.read(64 * 1024)
    kind = options.format or kind_of(name, head)
    if options.format == "parquet" and not head.startswith(b"PAR1"):
        raise Unreadable("file-is-no-table", f"{name} is no Parquet file. Choose another format.")
    if kind == "zip":
        raise Unreadable("file-is-packed", f"{name} is a zip. Upload it as a dataset: the table inside is taken out.")
    with opened(path, name, folder) as database:
        if kind == "parquet":
            return _parquet(database, path, name, places, full=full)
        if kind == "json-lines":
            return _json_lines(database, path, name, folder, places, full=full)
        return _text(database, path, name, kind, options, folder, places, full=full)


def _drawn(names: Sequence[Any], places: Sequence[int] | None) -> list[int]:
    """The places of the columns that get facts and drawings."""
    if places is None:
        return list(range(min(len(names), DRAWN_COLUMNS)))
    return [place for place in places if 0 <= place < len(names)]


def _text(
    database: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    kind: str,
    options: ReadOptions,
    folder: Path,
    places: Sequence[int] | None,
    *,
    full: bool,
) -> dict[str, Any]:
    text = look_at(path, name, kind, options)
    drawn = _drawn(text.names, places)
    sampled = not (full or text.whole)
    taken = ", ".join(f"c{place}" for place in drawn)
    if text.whole or sampled:
        source = folder / "head.csv"
        width = max(drawn, default=-1) + 1
        write_head(text, source, width)
        reading = csv_reading(source, ",", False, width, missing=options.missing_words)
        database.execute(f"CREATE TABLE texts AS SELECT {taken} FROM {reading}")
    else:
        _read_all(database, plain_file(path, text, folder), text, taken, options)
    typed = [
        f"try_cast({_with_points(place, text)} AS {SQL_TYPES[text.types[place]]}) AS t{place}"
        for place in drawn
        if text.types[place] != "text"
    ]
    relation = "texts"
    if typed:
        database.execute(f"CREATE TABLE typed AS SELECT {', '.join(typed)} FROM texts")
        relation = "texts POSITIONAL JOIN typed"
    columns = [
        Column(name=text.names[place], type="text", source=f"c{place}")
        if text.types[place] == "text"
        else Column(name=text.names[place], type=text.types[place], source=f"t{place}", raw=f"c{place}")
        for place in drawn
    ]
    summary = _summary(database, relation, columns, kind=kind, notes=_notes(text, options))
    if places is None:
        summary["columns"] += _undrawn(text.names, text.types)
    summary["file"] |= text.facts()
    if sampled:
        _is_sample(summary, total=text.estimated_rows, exact=False)
    for fact in summary["columns"]:
        if fact.get("unfit"):
            summary["warnings"].append(_unfit_note(fact, text, options))
        if fact.pop("codes", 0) and fact["name"] not in options.types:
            summary["warnings"].append(
                f'"{fact["name"]}" looks like {fact["type"]}, but rows further down begin with a zero, which is lost. '
                "If they are codes, choose text as its type."
            )
    return summary


def _with_points(place: int, text: Text) -> str:
    """The column's texts, a decimal comma written as the point the database expects."""
    swapped = text.decimal == "," and text.types[place] == "number"
    return f"translate(c{place}, ',.', '.,')" if swapped else f"c{place}"


def _read_all(database: duckdb.DuckDBPyConnection, path: Path, text: Text, taken: str, options: ReadOptions) -> None:
    """On all threads where the file allows it: line ends inside quotes need one reader from start to end."""
    for parallel in (True, False):
        reading = csv_reading(
            path, text.delimiter, text.header, len(text.names), parallel=parallel, missing=options.missing_words
        )
        try:
            database.execute(f"CREATE OR REPLACE TABLE texts AS SELECT {taken} FROM {reading}")
        except duckdb.Error:
            if not parallel:
                raise
        else:
            return


def _notes(text: Text, options: ReadOptions) -> list[str]:
    notes = list(text.notes)
    empty = [
        name
        for place, name in enumerate(text.names[:DRAWN_COLUMNS])
        if text.rows and all(place >= len(row) or row[place] in options.missing_words for row in text.rows)
    ]
    if empty:
        names = ", ".join(f'"{one}"' for one in empty[:5])
        notes.append(f"No value at all in {names}{' and more columns' if len(empty) > 5 else ''}.")
    if not text.rows:
        notes.append("There are column names, but no rows below them.")
    return notes


def _unfit_note(fact: dict[str, Any], text: Text, options: ReadOptions) -> str:
    chosen = "is read as" if fact["name"] in options.types else "looks like"
    return f'"{fact["name"]}" {chosen} {fact["type"]}, but {fact["unfit"]} values are none; they count as missing.'


def _parquet(
    database: duckdb.DuckDBPyConnection, path: Path, name: str, places: Sequence[int] | None, *, full: bool
) -> dict[str, Any]:
    reading = parquet_reading(path, name)
    found = described(database, reading)
    total = (database.execute(f"SELECT count(*) FROM {reading}").fetchone() or (0,))[0]
    return _structured(database, reading, found, total, places, kind="parquet", full=full)


def _json_lines(
    database: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    folder: Path,
    places: Sequence[int] | None,
    *,
    full: bool,
) -> dict[str, Any]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not full and size > len(head):
        kept = head[: head.rfind(b"\n") + 1]
        if not kept:
            raise Unreadable("file-unreadable", f"{name} has no line end in its first 4 MiB. One object per line is.")
        source = folder / "head.jsonl"
        source.write_bytes(kept)
        rows = kept.count(b"\n")
        total, exact = round(rows * size / len(kept)), False
    else:
        source, total, exact = path, 0, True
    reading = json_reading(source, head)
    found = json_described(database, reading, source, name)
    database.execute(f"CREATE TABLE lines AS SELECT * FROM {reading}")
    if exact:
        total = (database.execute("SELECT count(*) FROM lines").fetchone() or (0,))[0]
    summary = _structured(database, "lines", found, total, places, kind="json-lines", full=full or exact)
    if not exact:
        _is_sample(summary, total=total, exact=False)
    return summary


def _structured(
    database: duckdb.DuckDBPyConnection,
    reading: str,
    found: Sequence[tuple[str, str]],
    total: int,
    places: Sequence[int] | None,
    *,
    kind: str,
    full: bool,
) -> dict[str, Any]:
    """The summary of something that has types of its own."""
    drawn = [found[place] for place in _drawn(found, places)]
    most = min(HEAD_ROWS, max(1000, PREVIEW_CELLS // max(len(drawn), 1)))
    sampled = not full and total > most
    relation = reading
    if sampled or total <= most:  # every question to the file would read its directory again, which a wide one feels
        chosen = ", ".join(quoted(one) for one, _ in drawn)
        database.execute(f"CREATE TABLE head AS SELECT {chosen} FROM {reading} LIMIT {most}")
        relation = "head"
    columns = [Column(name=one, type=kind_of_sql(sql), source=quoted(one)) for one, sql in drawn]
    summary = _summary(database, relation, columns, kind=kind, notes=[])
    if places is None:
        summary["columns"] += _undrawn([one for one, _ in found], [kind_of_sql(sql) for _, sql in found])
        summary["warnings"] += _stored_as_text(columns, summary["preview"]["rows"])
    if sampled:
        _is_sample(summary, total=total, exact=True)
    return summary


def _summary(
    database: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column], *, kind: str, notes: list[str]
) -> dict[str, Any]:
    rows = (database.execute(f"SELECT count(*) FROM {relation}").fetchone() or (0,))[0]
    shown = ", ".join(column.source for column in columns)
    first = database.execute(f"SELECT {shown} FROM {relation} LIMIT {PREVIEW_ROWS}").fetchall() if columns else []
    return {
        "version": 1,
        "kind": "table",
        "rows": rows,
        "columns": describe(database, relation, columns, rows),
        "preview": {
            "columns": [column.name for column in columns],
            "rows": [[plain(value) for value in row] for row in first],
        },
        "key": {"label": "rows", "value": rows},
        "sample": None,
        "file": {"kind": kind},
        "warnings": notes,
    }


def _stored_as_text(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Notes on columns of text whose first values are all numbers."""
    notes = (
        note_on_numbers(column.name, [row[place] for row in rows if isinstance(row[place], str)])
        for place, column in enumerate(columns)
        if column.type == "text"
    )
    return [note for note in notes if note is not None][:MOST_NOTES]


def _undrawn(names: Sequence[str], types: Sequence[str]) -> list[dict[str, Any]]:
    rest = list(zip(names, types, strict=True))[DRAWN_COLUMNS:]
    return [{"name": name, "type": kind, "missing": None, "distinct": None} for name, kind in rest]


def _is_sample(summary: dict[str, Any], *, total: int, exact: bool) -> None:
    """Says that the facts are of the first rows only, and how many rows there are in all."""
    summary["sample"] = {"rows": summary["rows"], "exact": exact}
    summary["rows"] = total
    summary["key"] = {"label": "rows", "value": total}
