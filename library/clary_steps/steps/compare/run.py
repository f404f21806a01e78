"""Puts evaluations side by side and hands on the better model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from clary_steps.algorithms import algorithm_title
from clary_steps.charts import bar_chart
from clary_steps.failures import StepFailure, listed
from clary_steps.metrics import EVALUATION_FILE, metric_words, plain_metrics
from clary_steps.models import MODEL_FILE
from clary_steps.origins import step_names
from clary_steps.summary import SUMMARY_FILE, write_summary

_LESS_IS_BETTER = ("rmse", "mae", "mse")
#: A figure's label holds 80 characters, of the model and of what was measured.
_LONGEST_NAME = 50
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
    names = _names(inputs, list(reports))
    key = {"label": f"{names[best]} · {metric_words(metric)}", "value": numbers[best][metric]}
    if f"model{best}" in inputs:
        shutil.copytree(inputs[f"model{best}"], outputs["model"], dirs_exist_ok=True)
        _tell_of_winner(outputs["model"], key)
    folder = outputs["evaluation"]
    (folder / EVALUATION_FILE).write_text(json.dumps(reports[best], indent=1), encoding="utf-8")
    values = {names[place]: found[metric] for place, found in numbers.items()}
    every = [name for name in numbers[best] if all(name in found for found in numbers.values())]
    summary = {
        "kind": "evaluation",
        "metrics": {**numbers[best], **{f"{metric} of {name}": value for name, value in values.items()}},
        "key": key,
        "charts": [bar_chart(metric_words(metric), "comparison", values, "Model", metric_words(metric))],
        "warnings": [f"{names[best]} is the best by {metric_words(metric)}."],
        "rows": len(numbers),
        "columns": [{"name": metric_words(name), "type": "number", "missing": 0} for name in every],
        "preview": {
            "columns": ["Model", *map(metric_words, every)],
            "rows": [[names[place], *[one[name] for name in every]] for place, one in numbers.items()],
        },
    }
    write_summary(folder, summary)
    print(f"best={names[best]}\n{metric}={numbers[best][metric]:.6g}")


def _names(inputs: dict[str, Path], places: list[int]) -> dict[int, str]:
    """place → what the model is called: the step it comes from, else its algorithm; its number where others are too."""
    steps = step_names(next(iter(inputs.values())))
    told = {
        place: (
            steps.get(f"model{place}") or _algorithm(inputs.get(f"model{place}")) or steps.get(f"evaluation{place}", "")
        )[:_LONGEST_NAME]
        for place in places
    }
    every = list(told.values())
    return {place: name if name and every.count(name) == 1 else f"Model {place}" for place, name in told.items()}


def _algorithm(folder: Path | None) -> str:
    """ "" where the model is not one of the ready-made steps, or comes without its description."""
    facts = _read_object(folder / MODEL_FILE) if folder else {}
    name = facts.get("algorithm")
    return algorithm_title(name) if isinstance(name, str) else ""


def _tell_of_winner(folder: Path, key: dict[str, Any]) -> None:
    """The copied model's summary tells why it is here, not how it fitted its training rows."""
    summary = _read_object(folder / SUMMARY_FILE)
    if summary:
        write_summary(folder, {**summary, "key": key})


def _read_object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
