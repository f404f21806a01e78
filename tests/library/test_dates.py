"""Dates as people write them, and the day that comes first or second."""

from __future__ import annotations

import pandas as pd
import pytest
from clary_steps.dates import as_dates

from tests.library.conftest import Bench, summary, table


def read(*written: str | None) -> list[str]:
    found = as_dates(pd.Series(list(written), dtype=object))
    return ["" if pd.isna(one) else one.strftime("%Y-%m-%d") for one in found]


def test_with_dots_the_day_comes_first() -> None:
    assert read("01.02.2024", "31.12.2024", " 3. 4. 24", None) == ["2024-02-01", "2024-12-31", "2024-04-03", ""]


def test_with_slashes_the_month_comes_first_unless_a_value_says_otherwise() -> None:
    assert read("01/02/2024", "03/04/2024") == ["2024-01-02", "2024-03-04"]
    assert read("01/02/2024", "31/12/2024") == ["2024-02-01", "2024-12-31"]
    assert read("01/02/2024", "12/31/2024") == ["2024-01-02", "2024-12-31"]


def test_five_ways_of_writing_stand_side_by_side() -> None:
    found = read("01.02.2024", "2024-03-04", "5/6/2024", "7 Mar 2024", "20240809", "soon")
    assert found == ["2024-02-01", "2024-03-04", "2024-05-06", "2024-03-07", "2024-08-09", ""]


def test_times_keep_their_hours_and_zones() -> None:
    assert as_dates(pd.Series(["01.02.2024 13:45"], dtype=object))[0] == pd.Timestamp("2024-02-01 13:45")
    zoned = as_dates(pd.Series(["2024-03-04T05:06:00Z", "01.02.2024"], dtype=object))
    assert list(zoned) == [pd.Timestamp("2024-03-04 05:06", tz="UTC"), pd.Timestamp("2024-02-01", tz="UTC")]


def test_a_monthly_series_with_dotted_dates_is_one_of_months(bench: Bench) -> None:
    months = pd.date_range("2020-01-01", periods=48, freq="MS")
    rows = pd.DataFrame({"Monat": months.strftime("%d.%m.%Y"), "Stück": [100 + n % 12 for n in range(48)]})
    made = bench.run("forecast@1", {"table": rows}, date="Monat", target="Stück", horizon=12)
    assert list(table(made / "forecast")["Monat"])[:2] == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")]
    assert summary(made / "evaluation")["metrics"]["mae"] == pytest.approx(0, abs=0.5)


def test_clean_reads_dotted_dates_with_the_day_first(bench: Bench) -> None:
    rows = pd.DataFrame({"am": ["01.02.2024", "02.02.2024"]})
    made = bench.run("clean@1", {"table": rows}, types={"am": "date"})
    assert list(table(made / "table")["am"]) == [pd.Timestamp("2024-02-01"), pd.Timestamp("2024-02-02")]
