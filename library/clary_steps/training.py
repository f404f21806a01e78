"""Fitting one model and leaving it, with what is worth knowing about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.algorithms import classifier, preparation, regressor
from clary_steps.charts import bar_chart, metric_chart
from clary_steps.failures import StepFailure
from clary_steps.features import choose_features, class_target, feature_table, number_target
from clary_steps.metrics import class_metrics, metric_words, number_metrics
from clary_steps.models import Model, save_model
from clary_steps.summary import write_summary

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

PARAMETERS = ("trees", "depth", "rate", "strength", "neighbours", "penalty", "balanced", "seed")


def fit_classifier(table: pd.DataFrame, options: dict[str, Any]) -> tuple[Model, pd.DataFrame, np.ndarray, list[str]]:
    """(model, the rows it learned from, their class numbers, notes)."""
    rows, answers, classes, notes = class_target(table, options["target"])
    features = choose_features(rows, options["columns"], options["target"])
    model = _model("classifier", options, features.numbers, features.texts, classifier(options, len(classes)))
    model.classes = classes
    model.preparation = preparation(features, options["algorithm"])
    _fit(model, rows, answers)
    return model, rows, answers, [*notes, *features.notes]


def fit_regressor(table: pd.DataFrame, options: dict[str, Any]) -> tuple[Model, pd.DataFrame, np.ndarray, list[str]]:
    """(model, the rows it learned from, their answers, notes)."""
    rows, answers, notes = number_target(table, options["target"])
    features = choose_features(rows, options["columns"], options["target"])
    model = _model("regressor", options, features.numbers, features.texts, regressor(options))
    model.preparation = preparation(features, options["algorithm"])
    _fit(model, rows, answers)
    return model, rows, answers, [*notes, *features.notes]


def leave_model(
    model: Model,
    rows: pd.DataFrame,
    answers: np.ndarray,
    folder: Path,
    notes: list[str],
    charts: list[Any] | None = None,
    measured: tuple[str, float] | None = None,
) -> None:
    """The model, and a summary with its fit on the rows it learned from.

    `measured`: (what, value) of a measure on rows it did not learn from, which then is what the step is known by.
    """
    predicted = model.predict(rows)
    if model.kind == "classifier":
        found = class_metrics(answers, predicted, model.scores(rows), model.classes, len(model.classes) - 1)
    else:
        found = number_metrics(answers, predicted)
    metrics = {f"train_{name}": value for name, value in found.items()}
    save_model(model, folder)
    importance = model.importance()
    drawn = list(charts or [])
    if importance:
        drawn.append(bar_chart("Feature importance", "feature-importance", importance, "Column", "Share"))
    drawn.append(metric_chart(metrics))
    fit = "accuracy" if model.kind == "classifier" else "r2"
    label, value = measured or (f"{metric_words(fit)} on training rows", found[fit])
    write_summary(
        folder,
        {
            "kind": "model",
            "rows": len(rows),
            "metrics": metrics,
            "key": {"label": label, "value": value},
            "charts": drawn,
            "warnings": notes,
        },
    )
    print(f"{model.algorithm}: {len(rows)} rows, {len(model.numbers) + len(model.texts)} columns → {model.target}")
    for name, value in metrics.items():
        print(f"{name}={value:.6g}")
    for note in notes:
        print(f"note: {note}")


def _model(kind: str, options: dict[str, Any], numbers: list[str], texts: list[str], estimator: Any) -> Model:
    return Model(
        kind=kind,
        algorithm=options["algorithm"],
        target=options["target"],
        numbers=numbers,
        texts=texts,
        preparation=None,
        estimator=estimator,
        parameters={name: options[name] for name in PARAMETERS if name in options},
    )


def _fit(model: Model, rows: pd.DataFrame, answers: np.ndarray) -> None:
    table = feature_table(rows, model.numbers, model.texts, "training table")
    try:
        model.estimator.fit(model.preparation.fit_transform(table), answers)
    except ValueError as problem:
        raise StepFailure(
            "training-failed",
            f"{model.algorithm} cannot learn from these rows: {str(problem).splitlines()[0][:300]}. "
            "Choose another algorithm, or clean the table first.",
        ) from None
