"""Metrics AWS's XGBoost image computes beside XGBoost's own, with the same names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def custom_metric(names: list[str], objective: str) -> Callable[[Any, Any], list[tuple[str, float]]]:
    """A function for xgboost.train(custom_metric=…): all named metrics of one evaluation."""

    def evaluate(predictions: Any, data: Any) -> list[tuple[str, float]]:
        labels = data.get_label()
        return [(name, _METRICS[name](labels, np.asarray(predictions), objective)) for name in names]

    return evaluate


def _classes(predictions: Any, objective: str) -> Any:
    """Predicted classes: the likeliest column, or above one half (above zero for raw scores)."""
    if predictions.ndim > 1:
        return predictions.argmax(axis=1)
    if objective == "multi:softmax":
        return predictions
    return (predictions > (0.0 if objective == "binary:logitraw" else 0.5)).astype(int)


def _accuracy(labels: Any, predictions: Any, objective: str) -> float:
    return float(np.mean(_classes(predictions, objective) == labels))


def _per_class(labels: Any, predictions: Any, objective: str) -> list[tuple[float, float, float]]:
    """(precision, recall, f1) of every class that occurs, in order; 0 where nothing was predicted."""
    found = _classes(predictions, objective)
    scores = []
    for each in np.unique(np.concatenate([labels, found])):
        hits = float(np.sum((found == each) & (labels == each)))
        predicted, actual = float(np.sum(found == each)), float(np.sum(labels == each))
        precision = hits / predicted if predicted else 0.0
        recall = hits / actual if actual else 0.0
        both = precision + recall
        scores.append((precision, recall, 2 * precision * recall / both if both else 0.0))
    return scores


def _macro(position: int) -> Callable[[Any, Any, str], float]:
    return lambda labels, predictions, objective: float(
        np.mean([scores[position] for scores in _per_class(labels, predictions, objective)])
    )


def _positive(position: int) -> Callable[[Any, Any, str], float]:
    """The score of class 1, for two classes; over several classes their mean."""

    def score(labels: Any, predictions: Any, objective: str) -> float:
        scores = _per_class(labels, predictions, objective)
        if len(scores) > 2:
            return float(np.mean([each[position] for each in scores]))
        return scores[-1][position]

    return score


def _balanced(labels: Any, predictions: Any, objective: str) -> float:
    found = _classes(predictions, objective)
    return float(np.mean([np.mean(found[labels == each] == each) for each in np.unique(labels)]))


def _mse(labels: Any, predictions: Any, objective: str) -> float:
    return float(np.mean((predictions - labels) ** 2))


def _r2(labels: Any, predictions: Any, objective: str) -> float:
    spread = float(np.sum((labels - np.mean(labels)) ** 2))
    return 1.0 - float(np.sum((labels - predictions) ** 2)) / spread if spread else 0.0


_METRICS: dict[str, Callable[[Any, Any, str], float]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced,
    "f1": _macro(2),
    "f1_binary": _positive(2),
    "f1_macro": _macro(2),
    "mse": _mse,
    "precision": _positive(0),
    "precision_macro": _macro(0),
    "precision_micro": _accuracy,  # every row has one class, so both micro averages are the accuracy
    "r2": _r2,
    "recall": _positive(1),
    "recall_macro": _macro(1),
    "recall_micro": _accuracy,
}
