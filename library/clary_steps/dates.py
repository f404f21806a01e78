"""Dates that were written as text, in the order people write them."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Nobody writes the month first with dots.
_DOTTED = re.compile(r"\s*\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}\b")
_SLASHED = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b")


def as_dates(values: pd.Series) -> pd.Series:
    """The dates; what is none becomes missing.

    01.02.2024 is the first of February. 01/02/2024 is the second of January, unless another value of the column, such
    as 31/12/2024, can only have the day first.
    """
    import pandas as pd

    if values.dtype != object:
        return pd.to_datetime(values, errors="coerce")
    slashed = [found for one in values if isinstance(one, str) and (found := _SLASHED.match(one))]
    days = any(int(found[1]) > 12 for found in slashed) and not any(int(found[2]) > 12 for found in slashed)
    first = values.map(lambda one: _day_comes_first(one, days)).astype(bool)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # 12.31.2024 among them: there is only one way to read it
        others = pd.to_datetime(values.where(~first), errors="coerce", format="mixed")
        if not first.any():
            return others
        ours = pd.to_datetime(values.where(first), errors="coerce", format="mixed", dayfirst=True)
    if others.dt.tz is not None and ours.dt.tz is None:
        ours = ours.dt.tz_localize(others.dt.tz)
    return ours if first.all() else others.where(~first, ours)


def _day_comes_first(value: Any, slashed: bool) -> bool:
    return isinstance(value, str) and bool(_DOTTED.match(value) or (slashed and _SLASHED.match(value)))
