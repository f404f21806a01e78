"""Puts evaluations side by side and hands on the better model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from clary_steps.charts import bar_chart
from clary_steps.failures import StepFailure, listed
from clary_steps.metrics import EVALUATION_FILE, metric_words, plain_metrics
from clary_steps.summary import write_summary

_LESS_IS_BETTER = ("rmse", "mae", "mse")
_USUAL = ("auc", "accuracy", "r2")


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    reports = {place: _report(inputs[f"evaluation{place}"]) for place in (1, 2, 3) if f"evaluation{place}" in inputs}
    numbers = {place: plain_metrics(report) for place, report in reports.items()}
    metric = _metric(options["metric"], list(numbers.values()))
    sign = -1 if metric in _LESS_IS_BETTER else 1
    best = 1
    for place, found in numbers.items():
        ahead = sign * (found[metric] - numbers[best][metric])
        if place != best and ahead > 0 and (best != 1 or ahead >= options["gain"]):
            best = place
    if f"model{best}" in inputs:
        shutil.copytree(inputs[f"model{best}"], outputs["model"], dirs_exist_ok=True)
    folder = outputs["evaluation"]
    (folder / EVALUATION_FILE).write_text(json.dumps(reports[best], indent=1), encoding="utf-8")
    values = {f"Model {place}": found[metric] for place, found in numbers.items()}
    every = [name for name in numbers[best] if all(name in found for found in numbers.values())]
    summary = {
        "kind": "evaluation",
        "metrics": {**numbers[best], **{f"{metric} of model {place}": one[metric] for place, one in numbers.items()}},
        "key": {"label": metric_words(metric), "value": numbers[best][metric]},
        "charts": [bar_chart(metric_words(metric), "comparison", values, "Model", metric_words(metric))],
        "warnings": [f"Model {best} is the best by {metric_words(metric)}."],
        "rows": len(numbers),
        "columns": [{"name": name, "type": "number", "missing": 0} for name in every],
        "preview": {
            "columns": ["model", *every],
            "rows": [[f"Model {place}", *[one[name] for name in every]] for place, one in numbers.items()],
        },
    }
    write_summary(folder, summary)
    print(f"best=Model {best}\n{metric}={numbers[best][metric]:.6g}")


def _report(folder: Path) -> dict[str, Any]:
    path = folder / EVALUATION_FILE
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(report, dict) or not plain_metrics(report):
            raise ValueError("it holds no metrics")
    except (OSError, ValueError) as problem:
        raise StepFailure(
            "evaluation-unreadable",
            f"An evaluation cannot be read ({problem}). Connect the report of an Evaluate step.",
        ) from None
    return report


def _metric(wanted: str, numbers: list[dict[str, float]]) -> str:
    shared = [name for name in numbers[0] if all(name in one for one in numbers)]
    if wanted == "auto":
        wanted = next((name for name in _USUAL if name in shared), shared[0] if shared else "")
    if wanted not in shared:
        raise StepFailure(
            "metric-missing",
            f"The evaluations have no {wanted or 'metric'} in common; shared are: {listed(shared) or 'none'}. "
            "Compare models of one task.",
            suggestions=shared[:5],
        )
    return wanted
