"""Measures a model on rows it has not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.failures import StepFailure, listed
from clary_steps.features import as_number, label_text
from clary_steps.metrics import class_report, number_report, write_evaluation
from clary_steps.models import Model, load_model
from clary_steps.rare_classes import rare_class_notes
from clary_steps.tables import need_columns, read_table


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    model = load_model(inputs["model"])
    table = read_table(inputs["test"], "Rows to test with")
    need_columns(table, [model.target], "test table")
    rows = table[table[model.target].notna()]
    notes = []
    if len(rows) < len(table):
        notes.append(f'{len(table) - len(rows)} rows without a value in "{model.target}" were left out.')
    if rows.empty:
        raise StepFailure(
            "all-missing",
            f'No row of the test table has a value in "{model.target}", so nothing can be measured.',
            column=model.target,
        )
    if model.kind == "classifier":
        _classifier(model, rows, options, outputs["evaluation"], notes)
        return
    actual = as_number(rows[model.target], "test table").to_numpy()
    report, charts = number_report(actual, model.predict(rows, "test table"))
    write_evaluation(outputs["evaluation"], report, charts, key="r2", importance=model.importance(), warnings=notes)


def _classifier(model: Model, rows: Any, options: dict[str, Any], folder: Path, notes: list[str]) -> None:
    import numpy as np

    number = {name: place for place, name in enumerate(model.classes)}
    labels = rows[model.target].map(label_text)
    known = labels.isin(model.classes)
    if not known.all():
        new = listed(sorted(set(labels[~known])), 5)
        if not known.any():
            raise StepFailure(
                "unknown-classes",
                f'The test rows hold other classes in "{model.target}" ({new}) than the model learned '
                f"({listed(model.classes, 5)}). Connect rows of the same data.",
                column=model.target,
            )
        notes.append(f"{int((~known).sum())} rows of classes the model never saw ({new}) were left out.")
        rows, labels = rows[known], labels[known]
    actual = np.array([number[label] for label in labels])
    positive = _positive(model, options["positive"])
    scores = model.scores(rows, "test table")
    predicted = model.predict(rows, "test table")
    if options["threshold"] is not None and scores is not None and len(model.classes) == 2:
        predicted = np.where(scores[:, positive] >= options["threshold"], positive, 1 - positive)
    if len(set(actual.tolist())) == 1:
        notes.append("The test rows are all of one class, so curves and AUC cannot be computed.")
    cut = positive if scores is not None and len(model.classes) == 2 else None
    notes += rare_class_notes(model, actual, predicted, cut=cut)
    report, charts = class_report(actual, predicted, scores, model.classes, positive)
    key = "auc" if len(model.classes) == 2 else "accuracy"
    write_evaluation(folder, report, charts, key=key, importance=model.importance(), warnings=notes)


def _positive(model: Model, wanted: str | None) -> int:
    if not wanted:
        return len(model.classes) - 1
    if wanted not in model.classes:
        raise StepFailure(
            "option-invalid",
            f'"Class of interest" is {wanted}, but the classes are {listed(model.classes)}. Choose one of them.',
            suggestions=model.classes[:5],
        )
    return model.classes.index(wanted)
