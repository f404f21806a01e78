"""The figures of a model's quality report: what people see before they approve a model.

The report is a user's file: `evaluation.json` as our Evaluate writes it and as scripts of the SageMaker SDK do,
`{"regression_metrics": {"mse": {"value": 4.2, "standard_deviation": 0.1}}}`. What has another shape says nothing.

Source: AWS, "Model quality metrics" of Model Monitor (statistics.json); the SDK's examples also name the group
`classification_metrics` or `metrics`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

Json = Any

REPORT_FILE = "evaluation.json"
MOST_FIGURES = 4
_LABEL_LENGTH = 40
#: Told first, in this order; other figures follow as the file has them.
_FIRST = (
    *("auc", "accuracy", "precision", "recall", "f1", "weighted_precision", "weighted_recall", "weighted_f1"),
    *("r2", "rmse", "mae", "mse"),
)
#: What people call them, as the ready-made Evaluate does on its node; others lose their underscores.
_WORDS = {"auc": "ROC AUC", "f1": "F1", "r2": "R²", "rmse": "RMSE", "mae": "MAE (mean error)", "mse": "MSE"}


def key_figures(report: bytes) -> list[dict[str, Json]]:
    """`[{"label": "ROC AUC", "value": 0.965}, …]`, at most `MOST_FIGURES`; none for what is no such report.

    The first group of the report that has figures counts: a group is a member named `metrics` or `…_metrics`, a
    figure a finite number in it, alone or as `{"value": number}`.
    """
    try:
        document = json.loads(report, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return []
    groups = document.items() if isinstance(document, dict) else ()
    named = (_figures(group) for name, group in groups if name == "metrics" or name.endswith("_metrics"))
    figures: Mapping[str, float] = next((found for found in named if found), {})
    ordered = sorted(figures, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    told: dict[str, float] = {}
    for name in ordered:
        told.setdefault(_label(name), figures[name])
    return [{"label": label, "value": value} for label, value in list(told.items())[:MOST_FIGURES]]


def _figures(group: Json) -> dict[str, float]:
    members = group.items() if isinstance(group, dict) else ()
    given = ((name, _figure(one)) for name, one in members if name.strip() and name.isprintable())
    return {name: value for name, value in given if value is not None}


def _figure(member: Json) -> float | None:
    value = member.get("value") if isinstance(member, dict) else member
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:  # an integer no float can hold
        return None


def _label(name: str) -> str:
    text = name.replace("_", " ").strip()
    return _WORDS.get(name) or (text[:1].upper() + text[1:])[:_LABEL_LENGTH]
