"""The summary of a table says how dates are spread, as the look at an upload does."""

from __future__ import annotations

import pandas as pd
import pytest
from clary_steps.summary import column_summary


def spread(*moments: str | None, unit: str = "ns", utc: bool = False) -> dict[str, list[object]]:
    values = pd.Series(pd.to_datetime(list(moments), format="ISO8601", utc=utc)).dt.as_unit(unit)
    found: dict[str, list[object]] = column_summary("sold at", values)["histogram"]
    return found


def test_dates_are_counted_between_the_first_and_the_last() -> None:
    found = spread("2024-01-01", None, "2024-01-02", "2024-12-31")
    assert (found["edges"][0], found["edges"][-1]) == ("2024-01-01", "2024-12-31")
    assert found["counts"] == [2, *[0] * 18, 1]


@pytest.mark.parametrize("moments", [("1678-01-01", "2262-01-01"), ("2025-01-01T00:00:00.1", "2025-01-01T00:00:00.9")])
def test_centuries_and_parts_of_a_second_are_spread_alike(moments: tuple[str, str]) -> None:
    assert spread(*moments)["counts"] == [1, *[0] * 18, 1]


def test_one_moment_is_one_bar_and_a_zone_is_kept() -> None:
    moment = "2025-01-01T02:00:00+00:00"
    assert spread(moment, moment, utc=True) == {"edges": [moment, moment], "counts": [2]}


def test_years_no_calendar_has_are_not_drawn() -> None:
    values = pd.Series(pd.array([2**53, 0], dtype="int64").to_numpy().astype("datetime64[s]"))
    assert column_summary("x", values)["histogram"] is None
