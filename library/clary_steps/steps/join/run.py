"""Joins two tables by their keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clary_steps.failures import StepFailure
from clary_steps.tables import column_type, need_columns, read_table, write_table

MOST_ROWS = 50_000_000


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    left, right = read_table(inputs["left"], "Left table"), read_table(inputs["right"], "Right table")
    left_keys = options["left_on"]
    right_keys = options["right_on"] or left_keys
    if len(left_keys) != len(right_keys):
        raise StepFailure("option-invalid", "Both sides of a join need as many key columns. Choose them in pairs.")
    need_columns(left, left_keys, "left table")
    need_columns(right, right_keys, "right table")
    for mine, other in zip(left_keys, right_keys, strict=True):
        kinds = {column_type(left[mine]), column_type(right[other])}
        if len(kinds) > 1 and not kinds <= {"integer", "number"} and not kinds <= {"date", "datetime"}:
            raise StepFailure(
                "wrong-type",
                f'"{mine}" holds {column_type(left[mine])} on the left, "{other}" {column_type(right[other])} on the '
                "right, so they are never equal. Give both one type with a Clean step.",
                column=mine,
            )
    pairs = left.groupby(left_keys).size().rename("l").reset_index()
    partners = right.groupby(right_keys).size().rename("r").reset_index()
    expected = pairs.merge(partners, left_on=left_keys, right_on=right_keys)
    if int((expected["l"] * expected["r"]).sum()) > MOST_ROWS:
        raise StepFailure(
            "too-many-rows",
            f"Joined so, the tables give more than {MOST_ROWS:,} rows, as keys repeat on both sides. Choose more key "
            "columns, or remove duplicates first.",
        )
    renames = {name: f"{name}{options['suffix']}" for name in right.columns if name in left.columns}
    renames = {name: new for name, new in renames.items() if name not in right_keys}
    joined = left.merge(
        right.rename(columns=renames), how=options["how"], left_on=left_keys, right_on=right_keys, indicator="_side"
    )
    found = int((joined["_side"] == "both").sum())
    joined = joined.drop(columns=["_side", *[name for name in right_keys if name not in left_keys]])
    if joined.empty:
        raise StepFailure("empty-result", "No key is found on both sides, so no row is left. Compare the key columns.")
    notes = [f"{found} of {len(joined)} rows have a partner on both sides."]
    write_table(joined, outputs["table"], warnings=notes)
