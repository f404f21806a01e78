"""Fits a classifier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.tables import read_table
from clary_steps.training import fit_classifier, leave_model


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    table = read_table(inputs["train"], "Rows to train on")
    model, rows, answers, notes = fit_classifier(table, options)
    leave_model(model, rows, answers, outputs["model"], notes)
