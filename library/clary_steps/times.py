"""Dates and times in JSON lines, which has no type of its own for them: texts as ISO 8601 writes them.

The look at an uploaded file (`runs/tables`) takes them for dates, so that its types come true here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?")


def read_times(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of nothing but dates and times as such; one other text, and a column stays as it is."""
    return frame.assign(**{name: found for name in frame.columns if (found := _times(frame[name])) is not None})


def _times(values: pd.Series) -> pd.Series | None:
    import pandas as pd

    if values.dtype != object:
        return None
    zones = set()
    for value in values.dropna():
        match = _TIME.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return None
        zones.add(match["zone"] is not None)
    if len(zones) != 1:  # no values at all, or times of which nobody knows how they lie to each other
        return None
    try:
        found: pd.Series = pd.to_datetime(values, format="ISO8601", utc=zones.pop())
    except ValueError:  # no such day: 2024-02-31
        return None
    return found
