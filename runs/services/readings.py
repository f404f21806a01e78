"""Columns a step will find before it runs: a file read as the step says, and what a query makes of known tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from accounts.actors import Actor
from engine.library.rules import Column, Columns
from engine.names import did_you_mean
from runs.models import DatasetVersion
from runs.services.tables import dataset_version, found_of, stored_file, summary_of, table_at, work_folder
from runs.tables.inspecting import describe
from runs.tables.options import TOP, ReadOptions, Unreadable

#: What the forms of steps call delimiters nobody can see.
_DELIMITERS = {"tab": "\t", "space": " "}
_STRUCTURED = ("parquet", "json-lines")


def file_columns(actor: Actor, uri: str, reading: Mapping[str, Any]) -> Columns:
    """The columns of the file at a URI, read as a step is told to read it.

    Raises:
        NotPermitted, UriInvalid, ObjectNotFound: as they say.
        TableUnreadable: read so it is no table.
    """
    stored = stored_file(actor, uri)
    version = dataset_version(actor, stored, uri)
    known = {**version.found, "kind": version.kind} if version else found_of(stored)
    summary = summary_of(stored, _least(reading, version, known), full=False)
    rows = summary["rows"] if summary["sample"] is None else None
    return tuple(_column(fact, rows) for fact in summary["columns"])


def version_columns(actor: Actor, version: DatasetVersion) -> list[str]:
    """The names of a dataset version's columns.

    Raises:
        ObjectNotFound, TableUnreadable
    """
    return [column["name"] for column in table_at(actor=actor, uri=version.uri)["columns"]]


def _least(reading: Mapping[str, Any], version: DatasetVersion | None, known: Mapping[str, Any]) -> ReadOptions:
    """The reading without what is found out anyway, so that it is the one the file was looked at in."""
    said = {**reading, "delimiter": _DELIMITERS.get(reading.get("delimiter", ""), reading.get("delimiter"))}
    told = version.options if version else {}
    if said.get("format") == known.get("kind"):
        said.pop("format", None)
    if "format" not in said and known.get("kind") in _STRUCTURED:
        return ReadOptions()
    for name in ("delimiter", "encoding", "header", "decimal"):
        if name not in told and name in known and said.get(name) == known[name]:
            said.pop(name)
    return ReadOptions.of(said)


def _column(fact: Mapping[str, Any], rows: int | None) -> Column:
    """As Load table will leave it. `rows`: of the whole file, None where only its first rows were seen."""
    kind, missing = fact["type"], fact.get("missing")
    if rows and missing == rows:
        return Column(fact["name"], "other")
    if missing and kind == "integer":
        kind = "number"
    top = fact.get("top") or []
    whole = kind == "text" and rows is not None and missing == 0 and 0 < len(top) < TOP
    values = tuple(str(one["value"]) for one in top) if whole else None
    if values is not None and any(value.endswith("…") for value in values):
        values = None
    return Column(fact["name"], kind, values)


def query_columns(query: str, tables: Mapping[str, Columns]) -> Columns | str | None:
    """The columns of a query over these tables; None where nobody can tell, a text where it cannot be answered.

    Without tables it is only seen whether it is a query.
    """
    return _query_columns(query, tuple(sorted(tables.items())))


@lru_cache(maxsize=512)
def _query_columns(query: str, tables: tuple[tuple[str, Columns], ...]) -> Columns | str | None:
    if any(column.type == "unknown" for _, columns in tables for column in columns):
        return None
    asked = {name: [(column.name, column.type) for column in columns] for name, columns in tables}
    try:
        answer = describe(query, asked, work=work_folder())
    except Unreadable:
        return None
    if answer["wrong"] is not None:
        return str(answer["wrong"])
    if answer["missing"] is not None:
        names = [column.name for _, columns in tables for column in columns]
        near = did_you_mean(answer["missing"], names)
        return f'The query names the column "{answer["missing"]}", which no connected table has.{near}'
    columns = answer["columns"]
    return None if columns is None else tuple(Column(name, kind) for name, kind in columns)
