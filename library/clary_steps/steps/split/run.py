"""Divides the rows of a table in two, or in three."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.failures import StepFailure
from clary_steps.tables import need_columns, read_table, write_table

if TYPE_CHECKING:
    import pandas as pd


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    table = read_table(inputs["table"])
    test_rows, validation_rows = _rows(table, options["share"]), _rows(table, options["validation"])
    if test_rows == 0 or test_rows + validation_rows >= len(table) or (options["validation"] and not validation_rows):
        raise StepFailure(
            "empty-split",
            f"{len(table)} rows with {_shares(options)} leave one part empty. Bring more rows, or change the share.",
        )
    if options["method"] == "ordered":
        parts = _in_order(table, options, test_rows, validation_rows)
    else:
        parts = _at_random(table, options, validation_rows)
    counts = [len(part) for part in parts.values()]
    for name, part in parts.items():
        write_table(part, outputs[name], parts=counts if name == "train" else None)


def _rows(table: pd.DataFrame, share: float) -> int:
    return round(len(table) * share)


def _shares(options: dict[str, Any]) -> str:
    share, validation = options["share"], options["validation"]
    return f"a share of {share} to test and {validation} to validate with" if validation else f"a share of {share}"


def _in_order(table: pd.DataFrame, options: dict[str, Any], test: int, validation: int) -> dict[str, pd.DataFrame]:
    """The last rows test, those before them validate."""
    if options["sort"]:
        need_columns(table, [options["sort"]], "table")
        table = table.sort_values(options["sort"], kind="stable")
    train = len(table) - test - validation
    parts = {"train": table.iloc[:train]}
    if validation:
        parts["validation"] = table.iloc[train : train + validation]
    return {**parts, "test": table.iloc[train + validation :]}


def _at_random(table: pd.DataFrame, options: dict[str, Any], validation: int) -> dict[str, pd.DataFrame]:
    """The test rows are the same whether or not there is a part to validate with."""
    from sklearn.model_selection import train_test_split

    rest, test = _halves(train_test_split, table, options, options["share"])
    if not validation:
        return {"train": rest, "test": test}
    train, held = _halves(train_test_split, rest, options, validation)
    return {"train": train, "validation": held, "test": test}


def _halves(
    divide: Any, table: pd.DataFrame, options: dict[str, Any], size: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    groups = None
    if options["stratify"]:
        need_columns(table, [options["stratify"]], "table")
        groups = table[options["stratify"]].fillna("missing").map(str)
        rarest = groups.value_counts()
        if rarest.iloc[-1] < 2:
            raise StepFailure(
                "too-few-rows",
                f'The value "{rarest.index[-1]}" of "{options["stratify"]}" is in one row only, which cannot be on '
                'every side. Clear "Keep the mix of", or filter such rows out.',
                column=options["stratify"],
            )
    try:
        kept, held = divide(table, test_size=size, random_state=options["seed"], stratify=groups)
    except ValueError as problem:
        raise StepFailure(
            "empty-split", f"The rows cannot be divided so: {problem}. Change the share, or clear the mix."
        ) from None
    return kept, held
