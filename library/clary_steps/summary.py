"""`_summary.json`: what a step says of the table, model or report it leaves, ready to be drawn."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.tables import column_type

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_FILE = "_summary.json"
MOST_BYTES = 1024 * 1024
_PREVIEW_ROWS = 100
_PREVIEW_COLUMNS = 200
_DRAWN_COLUMNS = 300
_BINS = 20
_TEXT = 200


def table_summary(frame: pd.DataFrame, warnings: Sequence[str] = ()) -> dict[str, Any]:
    columns = [
        column_summary(name, frame.iloc[:, place], drawn=place < _DRAWN_COLUMNS)
        for place, name in enumerate(frame.columns)
    ]
    shown = frame.iloc[:_PREVIEW_ROWS, :_PREVIEW_COLUMNS]
    rows = [[plain(value) for value in row] for row in shown.itertuples(index=False, name=None)]
    return {
        "kind": "table",
        "rows": len(frame),
        "columns": columns,
        "preview": {"columns": [str(name) for name in shown.columns], "rows": rows},
        "key": {"label": "rows", "value": len(frame)},
        "warnings": list(warnings),
    }


def column_summary(name: str, values: pd.Series, *, drawn: bool = True) -> dict[str, Any]:
    """Facts about one column; `drawn` False leaves out what is only drawn."""
    kind = column_type(values)
    known = values.dropna()
    facts: dict[str, Any] = {"name": str(name), "type": kind, "missing": int(values.isna().sum())}
    try:
        facts["distinct"] = int(known.nunique())
    except TypeError:  # lists and objects cannot be told apart
        facts["distinct"] = None
        return facts
    if kind in ("integer", "number") and len(known):
        facts |= {"min": plain(known.min()), "max": plain(known.max()), "mean": plain(float(known.mean()))}
        if drawn:
            facts["histogram"] = _histogram(known)
    elif kind in ("date", "datetime") and len(known):
        facts |= {"min": plain(known.min()), "max": plain(known.max())}
        if drawn:
            facts["histogram"] = _periods(known)
    elif drawn and kind in ("text", "boolean") and len(known):
        counts = known.value_counts().head(10)
        facts["top"] = [{"value": plain(value), "count": int(count)} for value, count in counts.items()]
    return facts


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """Writes the summary; leaves out preview rows and drawings where it would grow too large."""
    document = {"version": 1, **summary}
    text = _dump(document)
    if len(text) > MOST_BYTES and isinstance(document.get("preview"), dict):
        document["preview"] = {**document["preview"], "rows": document["preview"]["rows"][:10]}
        text = _dump(document)
    if len(text) > MOST_BYTES:
        slim = ("name", "type", "missing")
        document["columns"] = [{key: one[key] for key in slim} for one in document.get("columns", ())]
        document["preview"] = None
        text = _dump(document)
    if len(text) > MOST_BYTES:
        document["charts"] = []
        text = _dump(document)
    (folder / SUMMARY_FILE).write_bytes(text)


def plain(value: Any) -> Any:
    """A value JSON can hold; what is missing or not finite is None, long texts are cut."""
    if value is None or isinstance(value, bool):
        return value
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return None if text == "NaT" else text.removesuffix("T00:00:00")
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    text = str(value)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _histogram(values: pd.Series) -> dict[str, Any] | None:
    import numpy as np

    numbers = values.to_numpy(dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return None
    try:
        counts, edges = np.histogram(numbers, bins=min(_BINS, max(1, len(np.unique(numbers[:10_000])))))
    except ValueError:  # a range no float can divide
        return None
    return {"edges": [plain(edge) for edge in edges], "counts": [int(count) for count in counts]}


def _periods(values: pd.Series) -> dict[str, Any] | None:
    """A histogram whose edges are dates."""
    import numpy as np

    try:
        values = values.dt.as_unit("us")  # nanoseconds cannot say how far 1700 lies from 2200
    except ValueError:  # years no calendar has
        return None
    first, last = values.min(), values.max()
    shares = ((values - first) / (last - first)).to_numpy(dtype=float) if last > first else np.zeros(len(values))
    counts, _ = np.histogram(shares, bins=_BINS if last > first else 1, range=(0.0, 1.0))
    edges = [first + (last - first) * (place / len(counts)) for place in range(len(counts) + 1)]
    return {"edges": [plain(edge) for edge in edges], "counts": [int(count) for count in counts]}


def _dump(document: Mapping[str, Any]) -> bytes:
    return json.dumps(finite(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def finite(value: Any) -> Any:
    """The value with everything JSON cannot say turned into what it can: NaN becomes null."""
    if isinstance(value, Mapping):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return value if isinstance(value, str) else plain(value)
