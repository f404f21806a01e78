"""Puts a table right: types, missing values, duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.conversion import convert_types
from clary_steps.failures import StepFailure
from clary_steps.tables import column_type, is_missing, need_columns, read_table, write_table

if TYPE_CHECKING:
    import pandas as pd


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    table = read_table(inputs["table"])
    rows = len(table)
    if options["trim"]:
        table = _trimmed(table)
    table, notes = convert_types(table, options["types"] or {}, unreadable=options["unreadable"])
    share = table.isna().mean()
    gone = [name for name in table.columns if share[name] > options["drop_empty"]]
    table = table.drop(columns=gone)
    notes += [f'"{name}" was dropped: {share[name]:.0%} of it is missing.' for name in gone]
    chosen = options["columns"] or list(table.columns)
    need_columns(table, [name for name in chosen if name not in gone], "table")
    for name in chosen:
        if name in table.columns and table[name].isna().any():
            table = _filled(table, name, options, notes)
    if options["duplicates"] == "drop":
        before = len(table)
        table = table.loc[~table.map(str).duplicated()] if _has_lists(table) else table.drop_duplicates()
        if before > len(table):
            notes.append(f"{before - len(table)} duplicate rows were dropped.")
    if table.empty:
        raise StepFailure(
            "empty-result",
            f"None of the {rows} rows is left: each has a missing value somewhere. Fill missing values instead of "
            "dropping their rows, or drop columns that are mostly missing.",
        )
    write_table(table, outputs["table"], warnings=notes)


def _trimmed(table: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in table.columns if column_type(table[name]) == "text"]
    trimmed = {name: table[name].str.strip() for name in texts}
    return table.assign(**{name: values.where(values != "", None) for name, values in trimmed.items()})


def _filled(table: pd.DataFrame, name: str, options: dict[str, Any], notes: list[str]) -> pd.DataFrame:
    values = table[name]
    kind = column_type(values)
    how = options["numbers"] if kind in ("integer", "number", "date", "datetime") else options["texts"]
    if how == "keep":
        return table
    if how == "drop":
        return table[values.notna()]
    if is_missing(values):
        notes.append(f'"{name}" has no values at all, so there is nothing to fill it with.')
        return table
    if how in ("median", "mean", "zero") and kind in ("date", "datetime"):
        return table.assign(**{name: values.ffill().bfill()})
    fill: Any = {"zero": 0, "word": "missing"}.get(how)
    if how in ("median", "mean"):
        fill = values.median() if how == "median" else values.mean()
    elif how == "common" or kind == "boolean":
        fill = values.mode().iloc[0]
    return table.assign(**{name: values.fillna(fill).infer_objects(copy=False)})


def _has_lists(table: pd.DataFrame) -> bool:
    return any(column_type(table[name]) == "other" for name in table.columns)
