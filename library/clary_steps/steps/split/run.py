"""Divides the rows of a table in two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.failures import StepFailure
from clary_steps.tables import need_columns, read_table, write_table


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    from sklearn.model_selection import train_test_split

    table = read_table(inputs["table"])
    share = options["share"]
    test_rows = round(len(table) * share)
    if test_rows == 0 or test_rows >= len(table):
        raise StepFailure(
            "empty-split",
            f"{len(table)} rows with a share of {share} leave one side empty. Bring more rows, or change the share.",
        )
    if options["method"] == "ordered":
        if options["sort"]:
            need_columns(table, [options["sort"]], "table")
            table = table.sort_values(options["sort"], kind="stable")
        train, test = table.iloc[: len(table) - test_rows], table.iloc[len(table) - test_rows :]
    else:
        groups = None
        if options["stratify"]:
            need_columns(table, [options["stratify"]], "table")
            groups = table[options["stratify"]].fillna("missing").map(str)
            rarest = groups.value_counts()
            if rarest.iloc[-1] < 2:
                raise StepFailure(
                    "too-few-rows",
                    f'The value "{rarest.index[-1]}" of "{options["stratify"]}" is in one row only, which cannot be on '
                    'both sides. Clear "Keep the mix of", or filter such rows out.',
                    column=options["stratify"],
                )
        try:
            train, test = train_test_split(table, test_size=share, random_state=options["seed"], stratify=groups)
        except ValueError as problem:
            raise StepFailure(
                "empty-split", f"The rows cannot be divided so: {problem}. Change the share, or clear the mix."
            ) from None
    write_table(train, outputs["train"])
    write_table(test, outputs["test"])
