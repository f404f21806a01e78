"""Columns turned into other types; what cannot be turned fails with the value that stands in the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from clary_steps.dates import as_dates
from clary_steps.failures import StepFailure
from clary_steps.tables import column_type, need_columns

if TYPE_CHECKING:
    import pandas as pd

_TRUE = ("true", "yes", "y", "1", "on", "t")
_FALSE = ("false", "no", "n", "0", "off", "f")
#: Numbers whose comma, or whose point, can only stand before the fraction.
_DECIMAL_COMMA = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+)")
_DECIMAL_POINT = re.compile(r"[-+]?(\d{1,3}(,\d{3})+\.\d+|\d+\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+)")
TYPES = ("integer", "number", "text", "boolean", "date", "datetime")


def convert_types(
    frame: pd.DataFrame, types: Mapping[str, Any], *, unreadable: str = "fail"
) -> tuple[pd.DataFrame, list[str]]:
    """The table with columns converted, and notes. `unreadable`: "fail", or "missing" to leave such values out.

    Raises:
        StepFailure: column-missing, wrong-type, option-invalid.
    """
    need_columns(frame, types, "table")
    notes: list[str] = []
    changed = {}
    for name, wanted in types.items():
        if wanted not in TYPES:
            raise StepFailure("option-invalid", f'A column is {", ".join(TYPES)}; "{wanted}" is none.', column=name)
        before = frame[name]
        after = _converted(before, wanted)
        lost = before[before.notna() & after.isna()]
        if len(lost) and unreadable == "fail":
            raise StepFailure(
                "wrong-type",
                f'The column "{name}" cannot be read as {wanted}: {len(lost)} values do not fit, the first is '
                f'"{str(lost.iloc[0])[:40]}" in row {int(lost.index[0]) + 1}. Choose another type, or clean it first.',
                column=name,
            )
        if len(lost):
            notes.append(f'"{name}": {len(lost)} values that are no {wanted} became missing.')
        changed[name] = after
    return frame.assign(**changed), notes


def _converted(values: pd.Series, wanted: str) -> pd.Series:
    """What does not fit becomes missing."""
    import pandas as pd

    if column_type(values) == wanted:
        return values
    if wanted == "text":
        return values.map(_as_text, na_action="ignore").astype(object)
    if wanted == "boolean":
        return values.map(_as_boolean, na_action="ignore")
    if wanted in ("date", "datetime"):
        found = as_dates(values)
        return found.dt.normalize() if wanted == "date" else found
    numbers = pd.to_numeric(_without_signs(values), errors="coerce")
    if wanted == "number":
        return numbers.astype(float)
    whole = numbers.where(numbers.isna() | (numbers == numbers.round()))
    return whole if whole.isna().any() else whole.astype("int64")


def _without_signs(values: pd.Series) -> pd.Series:
    """Text such as "1,200.50", "1.200,50", "12 %" or "€ 3" without what is around the number."""
    if values.dtype != object:
        return values
    bare = values.map(lambda one: one.strip(" %€$£").replace(" ", "") if isinstance(one, str) else one)
    words = [one for one in bare if isinstance(one, str)]
    if any(_DECIMAL_COMMA.fullmatch(word) for word in words):
        if any(_DECIMAL_POINT.fullmatch(word) for word in words):  # both ways in one column: nobody can tell
            return bare
        return bare.map(lambda one: one.replace(".", "").replace(",", ".") if isinstance(one, str) else one)
    return bare.map(lambda one: one.replace(",", "") if isinstance(one, str) else one)


def _as_text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _as_boolean(value: Any) -> bool | None:
    word = str(value).strip().casefold().removesuffix(".0")
    return True if word in _TRUE else False if word in _FALSE else None
