"""How good a model is: numbers, charts, and `evaluation.json` in the shape SageMaker's model quality reports have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.charts import bar_chart, confusion_chart, curve_chart, metric_chart, residual_chart, thinned
from clary_steps.summary import finite, write_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

EVALUATION_FILE = "evaluation.json"
_CURVE_POINTS = 200
#: What people call the metrics.
WORDS = {
    "auc": "ROC AUC",
    "f1": "F1",
    "mae": "MAE (mean error)",
    "mse": "MSE",
    "r2": "R²",
    "rmse": "RMSE",
    "weighted_f1": "F1, weighted",
    "weighted_precision": "Precision, weighted",
    "weighted_recall": "Recall, weighted",
}
#: AWS's word for a spread that was not computed.
_NO_DEVIATION = "NaN"


def class_metrics(
    actual: np.ndarray, predicted: np.ndarray, scores: np.ndarray | None, classes: Sequence[str], positive: int
) -> dict[str, float]:
    """Plain numbers, straight from scikit-learn. Two classes: of the class `positive`; more: means over all."""
    import warnings

    from sklearn import metrics

    average = "binary" if len(classes) == 2 else "macro"
    about: dict[str, Any] = {"average": average, "zero_division": 0}
    if average == "binary":
        about["pos_label"] = positive
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class that is not among the rows
        balanced = metrics.balanced_accuracy_score(actual, predicted)
    found = {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "balanced_accuracy": balanced,
        "precision": metrics.precision_score(actual, predicted, **about),
        "recall": metrics.recall_score(actual, predicted, **about),
        "f1": metrics.f1_score(actual, predicted, **about),
    }
    if scores is not None and len(set(actual.tolist())) == len(classes):
        if len(classes) == 2:
            truth = (actual == positive).astype(int)
            found["auc"] = metrics.roc_auc_score(truth, scores[:, positive])
            found["average_precision"] = metrics.average_precision_score(truth, scores[:, positive])
        elif abs(float(scores[0].sum()) - 1) < 1e-3:
            found["auc"] = metrics.roc_auc_score(actual, scores, multi_class="ovr", average="macro")
    return {name: float(value) for name, value in found.items()}


def number_metrics(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    from sklearn import metrics

    mse = float(metrics.mean_squared_error(actual, predicted))
    return {
        "rmse": mse**0.5,
        "mae": float(metrics.mean_absolute_error(actual, predicted)),
        "mse": mse,
        "r2": float(metrics.r2_score(actual, predicted)) if len(actual) > 1 else float("nan"),
    }


def class_report(
    actual: np.ndarray, predicted: np.ndarray, scores: np.ndarray | None, classes: Sequence[str], positive: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(evaluation.json, charts)."""
    from sklearn import metrics

    numbers = class_metrics(actual, predicted, scores, classes, positive)
    matrix = metrics.confusion_matrix(actual, predicted, labels=range(len(classes)))
    figures: dict[str, Any] = {
        name: {"value": value, "standard_deviation": _NO_DEVIATION} for name, value in numbers.items()
    }
    figures["confusion_matrix"] = {
        name: {other: int(matrix[i][j]) for j, other in enumerate(classes)} for i, name in enumerate(classes)
    }
    charts = [confusion_chart(matrix.tolist(), classes)]
    rankable = scores is not None and len(set(actual.tolist())) > 1
    if rankable and scores is not None:
        shown = [positive] if len(classes) == 2 else list(range(min(len(classes), 10)))
        shown = [place for place in shown if 0 < int((actual == place).sum()) < len(actual)]
        roc, recall = {}, {}
        for place in shown:
            truth = (actual == place).astype(int)
            false_rate, true_rate, _ = metrics.roc_curve(truth, scores[:, place])
            precision, found, _ = metrics.precision_recall_curve(truth, scores[:, place])
            roc[classes[place]] = (false_rate, true_rate)
            recall[classes[place]] = (found, precision)
        charts.append(curve_chart("ROC curve", "roc", roc, "False positive rate", "True positive rate", guessing=True))
        charts.append(curve_chart("Precision and recall", "precision-recall", recall, "Recall", "Precision"))
        if len(classes) == 2 and shown:
            figures |= _curves(*roc[classes[positive]], *recall[classes[positive]])
    if len(classes) == 2:
        return {"binary_classification_metrics": figures}, [*charts, metric_chart(numbers)]
    weighted = {"average": "weighted", "zero_division": 0}
    for name, measure in (("precision", metrics.precision_score), ("recall", metrics.recall_score)):
        value = float(measure(actual, predicted, **weighted))
        figures[f"weighted_{name}"] = {"value": value, "standard_deviation": _NO_DEVIATION}
    value = float(metrics.f1_score(actual, predicted, **weighted))
    figures["weighted_f1"] = {"value": value, "standard_deviation": _NO_DEVIATION}
    return {"multiclass_classification_metrics": figures}, [*charts, metric_chart(numbers)]


def number_report(actual: np.ndarray, predicted: np.ndarray) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(evaluation.json, charts)."""
    numbers = number_metrics(actual, predicted)
    figures = {name: {"value": value, "standard_deviation": _NO_DEVIATION} for name, value in numbers.items()}
    return {"regression_metrics": figures}, [residual_chart(predicted, actual - predicted), metric_chart(numbers)]


def write_evaluation(
    folder: Path,
    report: dict[str, Any],
    charts: Sequence[dict[str, Any]],
    *,
    key: str,
    importance: dict[str, float] | None = None,
    warnings: Sequence[str] = (),
) -> None:
    """evaluation.json and its summary; `key` is the metric shown on the step."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / EVALUATION_FILE).write_text(json.dumps(finite(report), indent=1), encoding="utf-8")
    numbers = plain_metrics(report)
    every = list(charts)
    if importance:
        every.insert(1, bar_chart("Feature importance", "feature-importance", importance, "Column", "Share"))
    shown = key if key in numbers else next(iter(numbers), "")
    summary: dict[str, Any] = {"kind": "evaluation", "metrics": numbers, "charts": every, "warnings": list(warnings)}
    if shown:
        summary["key"] = {"label": metric_words(shown), "value": numbers[shown]}
    write_summary(folder, summary)
    for name, value in numbers.items():
        print(f"{name}={value:.6g}")


def metric_words(name: str) -> str:
    """ "auc" → "ROC AUC", "balanced_accuracy" → "Balanced accuracy"."""
    text = name.replace("_", " ")
    return WORDS.get(name) or text[:1].upper() + text[1:]


def plain_metrics(report: dict[str, Any]) -> dict[str, float]:
    """name → value from an evaluation.json."""
    group: dict[str, Any] = next((one for one in report.values() if isinstance(one, dict)), {})
    return {
        name: one["value"]
        for name, one in group.items()
        if isinstance(one, dict) and isinstance(one.get("value"), int | float)
    }


def _curves(false_rate: Any, true_rate: Any, found: Any, precision: Any) -> dict[str, Any]:
    roc = thinned(list(zip(false_rate, true_rate, strict=True)), _CURVE_POINTS)
    pairs = thinned(list(zip(precision, found, strict=True)), _CURVE_POINTS)
    return {
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": [float(a) for a, _ in roc],
            "true_positive_rates": [float(b) for _, b in roc],
        },
        "precision_recall_curve": {
            "precisions": [float(a) for a, _ in pairs],
            "recalls": [float(b) for _, b in pairs],
        },
    }
