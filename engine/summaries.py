"""`_summary.json`: what a step says of the table, model or report it left in an output folder.

The file is a user's: every member may be missing, of another type, or absurd. Reading it keeps what fits the shape and
drops the rest, so that what comes out can be drawn without another look.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Json = Any
T = TypeVar("T")

SUMMARY_FILE = "_summary.json"
SUMMARY_BYTES = 1024 * 1024
KINDS = ("table", "model", "evaluation", "report")
COLUMN_TYPES = ("integer", "number", "text", "boolean", "date", "datetime", "other")
MOST_PREVIEW_ROWS = 100
MOST_METRICS = 200
MOST_CHARTS = 24
MOST_WARNINGS = 50
_NAME_LENGTH = 500
_TEXT_LENGTH = 2_000


def parse_summary(data: bytes) -> dict[str, Json] | None:
    """The summary in these bytes; None when they are no JSON object. Numbers that are not finite become null."""
    try:
        value = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return clean_summary(value) if isinstance(value, dict) else None


def clean_summary(value: dict[str, Json]) -> dict[str, Json]:
    """The summary with exactly the known members, each of its type; what does not fit is left out or null."""
    kind = value.get("kind")
    columns = _many(value.get("columns"), _column)
    return {
        "kind": kind if kind in KINDS else "report",
        "rows": _count(value.get("rows")),
        "columns": columns,
        "preview": _preview(value.get("preview")),
        "metrics": _metrics(value.get("metrics")),
        "key": _key(value.get("key")),
        "charts": _many(value.get("charts"), _chart)[:MOST_CHARTS],
        "warnings": _many(value.get("warnings"), _text)[:MOST_WARNINGS],
        "sampled": value.get("sampled") is True,
    }


def _many(value: Json, read: Callable[[Json], T | None]) -> list[T]:
    found = (read(item) for item in value) if isinstance(value, list) else ()
    return [item for item in found if item is not None]


def _column(value: Json) -> dict[str, Json] | None:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    kind = value.get("type")
    return {
        "name": value["name"][:_NAME_LENGTH],
        "type": kind if kind in COLUMN_TYPES else "other",
        "missing": _count(value.get("missing")),
        "distinct": _count(value.get("distinct")),
        "min": _scalar(value.get("min")),
        "max": _scalar(value.get("max")),
        "mean": _number(value.get("mean")),
        "histogram": _histogram(value.get("histogram")),
        "top": _many(value.get("top"), _top)[:20],
    }


def _histogram(value: Json) -> dict[str, Json] | None:
    if not isinstance(value, dict):
        return None
    edges, counts = value.get("edges"), value.get("counts")
    if not isinstance(edges, list) or not isinstance(counts, list) or not counts or len(edges) != len(counts) + 1:
        return None
    bars = [_count(count) for count in counts]
    if any(bar is None for bar in bars):
        return None
    return {"edges": [_scalar(edge) for edge in edges], "counts": bars}


def _top(value: Json) -> dict[str, Json] | None:
    if not isinstance(value, dict) or _count(value.get("count")) is None:
        return None
    return {"value": _scalar(value.get("value")), "count": _count(value["count"])}


def _preview(value: Json) -> dict[str, Json] | None:
    if not isinstance(value, dict) or not isinstance(value.get("rows"), list):
        return None
    columns = [str(name)[:_NAME_LENGTH] for name in value.get("columns") or () if isinstance(name, str)]
    rows = [row for row in value["rows"] if isinstance(row, list) and len(row) == len(columns)]
    return {"columns": columns, "rows": [[_scalar(cell) for cell in row] for row in rows[:MOST_PREVIEW_ROWS]]}


def _metrics(value: Json) -> dict[str, float]:
    pairs: Iterable[tuple[Json, Json]] = value.items() if isinstance(value, dict) else ()
    found = {str(name)[:_NAME_LENGTH]: figure for name, given in pairs if (figure := _number(given)) is not None}
    return dict(list(found.items())[:MOST_METRICS])


def _key(value: Json) -> dict[str, Json] | None:
    if not isinstance(value, dict) or not isinstance(value.get("label"), str):
        return None
    figure = value.get("value")
    shown: Json = figure[:80] if isinstance(figure, str) else _number(figure)
    return None if shown is None else {"label": value["label"][:80], "value": shown}


def _chart(value: Json) -> dict[str, Json] | None:
    if not isinstance(value, dict) or not isinstance(value.get("spec"), dict):
        return None
    return {
        "title": _text(value.get("title")) or "Chart",
        "kind": str(value.get("kind") or "chart")[:40],
        "spec": value["spec"],
    }


def _text(value: Json) -> str | None:
    return value[:_TEXT_LENGTH] if isinstance(value, str) else None


def _scalar(value: Json) -> Json:
    """A cell: text, number, true, false or null. Lists and objects are shown as their JSON."""
    if isinstance(value, str):
        return value[:_TEXT_LENGTH]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    return json.dumps(value, ensure_ascii=False)[:_TEXT_LENGTH]


def _number(value: Json) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # an integer no float can hold
        return None


def _count(value: Json) -> int | None:
    figure = _number(value)
    return None if figure is None or figure < 0 or figure != int(figure) else int(figure)
