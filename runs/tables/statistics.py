"""Facts about the columns of a DuckDB relation, in a few statements."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from runs.tables.column_types import CODE
from runs.tables.options import TOP

BINS = 20
LONGEST_TEXT = 200
#: Up to here distinct values are counted exactly.
EXACT_ROWS = 200_000
#: Columns per statement; planning grows faster than their number.
_AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class Column:
    """`source`: the expression of the column, quoted; `raw`: its text before it was turned into `type`, if it was."""

    name: str
    type: str
    source: str
    raw: str | None = None


def describe(database: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column], rows: int) -> list[Any]:
    """One dict per column: name, type, missing, distinct, and what fits its type."""
    facts = []
    for start in range(0, len(columns), _AT_ONCE):
        facts += _basics(database, relation, columns[start : start + _AT_ONCE], rows)
    for column, fact in zip(columns, facts, strict=True):
        if column.type in ("integer", "number"):
            histogram = _histogram(database, relation, column, fact)
            if histogram:
                fact["histogram"] = histogram
        elif column.type in ("date", "datetime"):
            periods = _periods(database, relation, column)
            if periods:
                fact["histogram"] = periods
        elif column.type in ("text", "boolean"):
            fact["top"] = _top(database, relation, column)
    return facts


def _basics(database: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column], rows: int) -> list[Any]:
    count = "count(DISTINCT {0})" if rows <= EXACT_ROWS else "approx_count_distinct({0})"
    wanted = []
    for column in columns:
        source = column.source
        finite = f" FILTER (isfinite({source}))" if column.type in ("number", "date", "datetime") else ""
        wanted += [f"count({source})", count.format(source) if column.type != "other" else "NULL"]
        ordered = column.type in ("integer", "number", "date", "datetime")
        wanted += [f"min({source}){finite}", f"max({source}){finite}"] if ordered else ["NULL", "NULL"]
        wanted.append(f"avg({source}::DOUBLE){finite}" if column.type in ("integer", "number") else "NULL")
        wanted.append(f"count({column.raw})" if column.raw else "NULL")
        wanted.append(_codes(column))
    found = database.execute(f"SELECT {', '.join(wanted)} FROM {relation}").fetchone() or ()
    facts = []
    for place, column in enumerate(columns):
        known, distinct, least, most, mean, raw, codes = found[place * 7 : place * 7 + 7]
        fact: dict[str, Any] = {"name": column.name, "type": column.type, "missing": rows - known}
        fact["distinct"] = None if distinct is None else min(distinct, known)
        if raw is not None and raw > known:
            fact["unfit"] = raw - known
        if codes:
            fact["codes"] = codes
        if least is not None:
            fact |= {"min": plain(least), "max": plain(most)}
        if mean is not None:
            fact["mean"] = plain(mean)
        facts.append(fact)
    return facts


def _codes(column: Column) -> str:
    """Counts digits behind a zero, as `column_types.CODE` says, in what became numbers."""
    if not column.raw or column.type not in ("integer", "number"):
        return "NULL"
    near = f"{column.raw} >= '00' AND {column.raw} < '0:'"  # cheap, and almost never so
    return f"count(*) FILTER ({near} AND regexp_full_match({column.raw}, '{CODE.pattern}'))"


def _histogram(
    database: duckdb.DuckDBPyConnection, relation: str, column: Column, fact: dict[str, Any]
) -> dict[str, Any] | None:
    low, high = fact.get("min"), fact.get("max")
    if low is None or high is None:
        return None
    whole = column.type == "integer"
    bins = min(BINS, int(high) - int(low) + 1) if whole else (BINS if high > low else 1)
    width = (float(high) - float(low) + (1 if whole else 0)) / bins
    if not math.isfinite(width) or (bins > 1 and width <= 0):
        return None
    counts = _binned(database, relation, f"({column.source}::DOUBLE)", column, float(low), width or 1.0, bins)
    return {"edges": [plain(float(low) + width * place) for place in range(bins + 1)], "counts": counts}


def _periods(database: duckdb.DuckDBPyConnection, relation: str, column: Column) -> dict[str, Any] | None:
    """A histogram whose edges are dates."""
    source = f"epoch({column.source}::TIMESTAMP)"
    finite = f"WHERE isfinite({column.source})"
    found = database.execute(f"SELECT min({source}), max({source}) FROM {relation} {finite}").fetchone()
    if found is None or found[0] is None:
        return None
    low, high = float(found[0]), float(found[1])
    bins = BINS if high > low else 1
    width = (high - low) / bins or 1.0
    edges = [low + width * place for place in range(bins + 1)]
    return {
        "edges": [_moment(edge, column.type) for edge in edges],
        "counts": _binned(database, relation, source, column, low, width, bins),
    }


def _binned(
    database: duckdb.DuckDBPyConnection,
    relation: str,
    source: str,
    column: Column,
    low: float,
    width: float,
    bins: int,
) -> list[int]:
    finite = "" if column.type == "integer" else f" AND isfinite({column.source})"
    found = database.execute(
        f"SELECT least(greatest(floor(({source} - ?) / ?), 0), ?)::INTEGER AS bin, count(*) FROM {relation} "
        f"WHERE {column.source} IS NOT NULL{finite} GROUP BY bin",
        [low, width, bins - 1],
    ).fetchall()
    counts = [0] * bins
    for place, count in found:
        counts[place] = count
    return counts


def _top(database: duckdb.DuckDBPyConnection, relation: str, column: Column) -> list[dict[str, Any]]:
    source = column.source
    found = database.execute(
        f"SELECT {source} AS value, count(*) AS times FROM {relation} WHERE {source} IS NOT NULL "
        f"GROUP BY value ORDER BY times DESC, value LIMIT {TOP}"
    ).fetchall()
    return [{"value": plain(value), "count": count} for value, count in found]


def _moment(seconds: float, kind: str) -> str:
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return moment.date().isoformat() if kind == "date" else moment.replace(microsecond=0).isoformat()


def plain(value: Any) -> Any:
    """A value JSON can hold: what is not finite is None, long texts are cut."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    text = value.hex() if isinstance(value, bytes | bytearray) else str(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
