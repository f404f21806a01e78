"""Lets a model answer for the rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.failures import StepFailure
from clary_steps.models import load_model
from clary_steps.tables import read_table, write_table


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    model = load_model(inputs["model"])
    table = read_table(inputs["table"], "Rows to answer for")
    name = options["name"]
    new: dict[str, Any] = {name: model.predict(table)}
    if model.kind == "classifier":
        new[name] = [model.classes[int(place)] for place in new[name]]
        chances = model.probabilities(table) if options["probabilities"] else None
        if chances is not None:
            new |= {f"probability_{label}": chances[:, place] for place, label in enumerate(model.classes)}
    taken = [column for column in new if column in table.columns]
    if taken:
        raise StepFailure(
            "name-taken", f'The table has a column "{taken[0]}" already. Choose another name for the answer.'
        )
    write_table(table.assign(**new), outputs["table"])
