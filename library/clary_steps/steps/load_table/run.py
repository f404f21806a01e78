"""Reads a file people brought into a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.conversion import convert_types
from clary_steps.failures import StepFailure, listed
from clary_steps.reading import read_files, table_files
from clary_steps.tables import write_table


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    import pandas as pd

    files = table_files(inputs["file"]) or [path for path in sorted(inputs["file"].rglob("*")) if path.is_file()]
    tables: list[pd.DataFrame] = []
    notes: list[str] = []
    for path, (frame, found) in zip(files, read_files(files, options), strict=True):
        if tables and list(frame.columns) != list(tables[0].columns):
            raise StepFailure(
                "columns-differ",
                f"{path.name} has other columns ({listed(frame.columns, 4)}) than {files[0].name} "
                f"({listed(tables[0].columns, 4)}). Choose one file, or give all the same columns.",
            )
        tables.append(frame)
        notes += found
    table = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    if options["rows"]:
        table = table.head(options["rows"])
    table, converted = convert_types(table, options["types"] or {})
    if table.empty:
        raise StepFailure(
            "empty-table", f"{files[0].name} names columns but has no rows. Choose a file with data, or see the header."
        )
    if table.shape[1] == 1 and options["delimiter"] == "auto":
        notes.append("Only one column was found. If that is wrong, choose the delimiter.")
    write_table(table, outputs["table"], warnings=[*notes, *converted])
