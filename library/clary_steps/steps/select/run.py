"""Chooses columns and rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.failures import StepFailure
from clary_steps.tables import need_columns, read_table, write_table

if TYPE_CHECKING:
    import pandas as pd

_COMPARISONS = ("=", "!=", ">", ">=", "<", "<=", "contains", "missing", "present")


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    table = read_table(inputs["table"], allow_empty=True)
    rules = options["filters"] or []
    if rules:
        kept = [_rule(table, rule) for rule in rules]
        every = kept[0]
        for one in kept[1:]:
            every = every & one if options["match"] == "all" else every | one
        table = table[every]
        if table.empty:
            raise StepFailure(
                "empty-result", "No row fits the rules. Loosen one of them, or look at the values before."
            )
    if options["sort"]:
        need_columns(table, [options["sort"]], "table")
        table = table.sort_values(options["sort"], ascending=not options["descending"], kind="stable")
    if options["limit"]:
        table = table.head(options["limit"])
    chosen = options["columns"] or []
    need_columns(table, chosen, "table")
    if chosen:
        table = table[chosen] if options["keep"] else table.drop(columns=chosen)
    if table.shape[1] == 0:
        raise StepFailure("no-columns", "Every column was dropped. Keep at least one.")
    renames = {old: new for old, new in (options["renames"] or {}).items() if new}
    need_columns(table, renames, "table that is left")
    table = table.rename(columns=renames)
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise StepFailure("name-taken", f'Two columns would be called "{twice[0]}". Choose another name.')
    write_table(table, outputs["table"])


def _rule(table: pd.DataFrame, rule: dict[str, Any]) -> pd.Series:
    """Which rows one rule keeps."""
    name, operator = str(rule.get("column", "")), rule.get("operator", "=")
    need_columns(table, [name], "table")
    if operator not in _COMPARISONS:
        raise StepFailure("option-invalid", f"A rule compares with {', '.join(_COMPARISONS)}; {operator} is none.")
    values, wanted = table[name], rule.get("value", "")
    if operator in ("missing", "present"):
        return values.isna() if operator == "missing" else values.notna()
    if operator == "contains":
        return values.astype(str).str.contains(str(wanted), case=False, regex=False) & values.notna()
    other = _like(values, wanted, name)
    compared = {
        "=": values.eq,
        "!=": values.ne,
        ">": values.gt,
        ">=": values.ge,
        "<": values.lt,
        "<=": values.le,
    }
    return compared[operator](other)


def _like(values: pd.Series, wanted: Any, name: str) -> Any:
    """The typed value as the column's own kind."""
    import pandas as pd
    from pandas.api import types

    try:
        if types.is_bool_dtype(values):
            return {"true": True, "false": False, "1": True, "0": False}[str(wanted).strip().casefold()]
        if types.is_numeric_dtype(values):
            return float(wanted)
        if types.is_datetime64_any_dtype(values):
            return pd.Timestamp(wanted)
    except (ValueError, KeyError):
        text = (
            f'"{name}" cannot be compared with "{str(wanted)[:40]}": the column holds {values.dtype}. Change the value.'
        )
        raise StepFailure("wrong-type", text, column=name) from None
    return str(wanted)
