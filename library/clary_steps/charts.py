"""Vega-Lite charts with their data inside, at most 2,000 points each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

MOST_POINTS = 2000
#: Classes up to which every cell of a confusion matrix tells its number; beyond, a legend does.
MOST_TOLD = 20
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def chart(title: str, kind: str, rows: Sequence[Mapping[str, Any]], spec: Mapping[str, Any]) -> dict[str, Any]:
    """One chart of a summary; `spec` says everything but the data."""
    return {
        "title": title,
        "kind": kind,
        "spec": {"$schema": _SCHEMA, "data": {"values": thinned(list(rows))}, "width": "container", **spec},
    }


def thinned(rows: list[Any], most: int = MOST_POINTS) -> list[Any]:
    """At most `most` of the rows, evenly spread, first and last kept."""
    if len(rows) <= most:
        return rows
    return [rows[round(place * (len(rows) - 1) / (most - 1))] for place in range(most)]


def confusion_chart(matrix: Sequence[Sequence[int]], classes: Sequence[str]) -> dict[str, Any]:
    rows = [
        {"actual": actual, "predicted": predicted, "rows": int(matrix[i][j])}
        for i, actual in enumerate(classes)
        for j, predicted in enumerate(classes)
    ]
    position = {
        "x": {"field": "predicted", "type": "nominal", "title": "Predicted", "sort": list(classes)},
        "y": {"field": "actual", "type": "nominal", "title": "Actual", "sort": list(classes)},
    }
    told = len(classes) <= MOST_TOLD
    color = {"field": "rows", "type": "quantitative", "title": "Rows"} | ({"legend": None} if told else {})
    cells = {"mark": "rect", "encoding": {"color": color}}
    words = {"mark": "text", "encoding": {"text": {"field": "rows", "type": "quantitative", "format": ",d"}}}
    layers = [cells, words] if told else [cells]
    return chart("Confusion matrix", "confusion-matrix", rows, {"encoding": position, "layer": layers})


def curve_chart(
    title: str,
    kind: str,
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    x: str,
    y: str,
    *,
    guessing: bool = False,
) -> dict[str, Any]:
    """Lines between 0 and 1, one for each name; `guessing` draws beneath them the diagonal that chance would give."""
    most = MOST_POINTS // max(1, len(curves))
    rows = [
        {"class": name, "x": float(a), "y": float(b)}
        for name, (xs, ys) in curves.items()
        for a, b in thinned(list(zip(xs, ys, strict=True)), most)
    ]
    encoding: dict[str, Any] = {
        "x": {"field": "x", "type": "quantitative", "title": x, "scale": {"domain": [0, 1]}},
        "y": {"field": "y", "type": "quantitative", "title": y, "scale": {"domain": [0, 1]}},
    }
    # The colour belongs to the curves alone, so that the diagonal gets no line in the legend.
    color = {"color": {"field": "class", "type": "nominal", "title": "Class"}} if len(curves) > 1 else {}
    drawn = {"mark": {"type": "line", "interpolate": "linear"}, "encoding": color}
    if not guessing:
        return chart(title, kind, rows, {"mark": drawn["mark"], "encoding": encoding | color})
    return chart(title, kind, rows, {"encoding": encoding, "layer": [*_diagonal(), drawn]})


def _diagonal() -> list[dict[str, Any]]:
    """Both take their colours from the page, light or dark."""
    line = {
        "data": {"values": [{"x": 0, "y": 0, "to_x": 1, "to_y": 1}]},
        "mark": {"type": "rule", "strokeDash": [4, 4]},
        "encoding": {"x2": {"field": "to_x"}, "y2": {"field": "to_y"}},
    }
    words = {
        "data": {"values": [{"x": 0.5, "y": 0.5}]},
        "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 8, "fontSize": 11, "opacity": 0.7},
        "encoding": {"text": {"value": "Guessing"}},
    }
    return [line, words]


def bar_chart(title: str, kind: str, values: Mapping[str, float], label: str, measure: str) -> dict[str, Any]:
    """Horizontal bars, longest first."""
    rows = [{"name": name, "value": float(value)} for name, value in values.items()]
    encoding = {
        "y": {"field": "name", "type": "nominal", "sort": "-x", "title": label},
        "x": {"field": "value", "type": "quantitative", "title": measure},
    }
    return chart(title, kind, rows, {"mark": "bar", "encoding": encoding})


def residual_chart(predicted: np.ndarray, residuals: np.ndarray) -> dict[str, Any]:
    pairs = thinned(list(zip(predicted, residuals, strict=True)))
    rows = [{"predicted": float(a), "residual": float(b)} for a, b in pairs]
    encoding = {
        "x": {"field": "predicted", "type": "quantitative", "title": "Predicted", "scale": {"zero": False}},
        "y": {"field": "residual", "type": "quantitative", "title": "Actual − predicted"},
    }
    return chart("Residuals", "residuals", rows, {"mark": {"type": "point", "opacity": 0.6}, "encoding": encoding})


def metric_chart(metrics: Mapping[str, float]) -> dict[str, Any]:
    rows = [{"metric": name, "value": float(value)} for name, value in metrics.items()]
    encoding = {
        "y": {"field": "metric", "type": "nominal", "sort": None, "title": None},
        "text": {"field": "value", "type": "quantitative", "format": ".4g"},
    }
    return chart("Metrics", "metric-table", rows, {"mark": "text", "encoding": encoding})


def line_chart(
    title: str, kind: str, rows: Sequence[Mapping[str, Any]], x: tuple[str, str], y: tuple[str, str], color: str | None
) -> dict[str, Any]:
    """`x` and `y` are (field, Vega-Lite type)."""
    encoding: dict[str, Any] = {
        "x": {"field": x[0], "type": x[1], "title": _words(x[0])},
        "y": {"field": y[0], "type": y[1], "title": _words(y[0]), "scale": {"zero": False}},
    }
    if color:
        encoding["color"] = {"field": color, "type": "nominal", "title": None}
    return chart(title, kind, rows, {"mark": {"type": "line", "point": len(rows) < 60}, "encoding": encoding})


def _words(field: str) -> str:
    return field.replace("_", " ").capitalize()


def scatter_chart(
    title: str, kind: str, rows: Sequence[Mapping[str, Any]], x: str, y: str, color: str | None
) -> dict[str, Any]:
    encoding: dict[str, Any] = {
        "x": {"field": x, "type": "quantitative", "scale": {"zero": False}},
        "y": {"field": y, "type": "quantitative", "scale": {"zero": False}},
    }
    if color:
        encoding["color"] = {"field": color, "type": "nominal"}
    return chart(title, kind, rows, {"mark": {"type": "point", "opacity": 0.7}, "encoding": encoding})
