"""Continues a series of dated values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.charts import line_chart, thinned
from clary_steps.dates import as_dates
from clary_steps.failures import StepFailure
from clary_steps.features import as_number
from clary_steps.metrics import number_report, write_evaluation
from clary_steps.tables import column_type, need_columns, read_table, write_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_PERIODS = {"hour": "h", "day": "D", "week": "W", "month": "MS", "quarter": "QS", "year": "YS"}
_SEASONS = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1}
#: Nine of ten values lie in the range where errors are normal.
_WIDTH = 1.645


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    import pandas as pd

    table = read_table(inputs["table"])
    series, every = _series(table, options)
    season, horizon = options["season"] or _SEASONS[every], options["horizon"]
    if len(series) < horizon + max(4, 2 * season if options["method"] == "smoothing" else season):
        season = 1
    if len(series) < horizon + 4:
        raise StepFailure(
            "too-few-rows",
            f"{len(series)} periods are too few to look {horizon} ahead and to measure it. Look less far ahead, "
            "or bring a longer series.",
        )
    known, held = series.iloc[:-horizon], series.iloc[-horizon:]
    tried = _ahead(known, horizon, season, options["method"])
    ahead = _ahead(series, horizon, season, options["method"])
    spread = float((held.to_numpy() - tried).std()) or float(series.diff().std())
    dates = pd.date_range(series.index[-1], periods=horizon + 1, freq=_PERIODS[every])[1:]
    answer = pd.DataFrame(
        {
            options["date"]: dates,
            "forecast": ahead,
            "low": ahead - _WIDTH * spread,
            "high": ahead + _WIDTH * spread,
        }
    )
    write_table(answer, outputs["forecast"])
    report, charts = number_report(held.to_numpy(), tried)
    lines = [("known", series.index, series.to_numpy()), ("measured on", held.index, tried), ("forecast", dates, ahead)]
    rows = [
        {"date": date.isoformat(), "value": float(value), "line": name}
        for name, when, values in lines
        for date, value in thinned(list(zip(when, values, strict=True)), 600)
    ]
    drawn = line_chart("Forecast", "forecast", rows, ("date", "temporal"), ("value", "quantitative"), "line")
    notes = [f"One value per {every}, season of {season}, measured on the last {horizon} periods."]
    write_evaluation(outputs["evaluation"], report, [drawn, *charts], key="mae", warnings=notes)


def _series(table: pd.DataFrame, options: dict[str, Any]) -> tuple[pd.Series, str]:
    """(one value per period without gaps, the period)."""
    import pandas as pd

    date, target = options["date"], options["target"]
    need_columns(table, [date, target], "table")
    when = table[date]
    if column_type(when) not in ("date", "datetime"):
        when = as_dates(when.map(str, na_action="ignore").astype(object))
        if when.isna().mean() > 0.2:
            bad = str(table[date][when.isna()].iloc[0])[:40]
            text = f'"{date}" must hold dates; "{bad}" is none. Choose the date column, or clean it first.'
            raise StepFailure("wrong-type", text, column=date)
    values = pd.Series(as_number(table[target], "table").to_numpy(), index=pd.DatetimeIndex(when)).dropna()
    values = values[values.index.notna()].sort_index()
    values.index = values.index.tz_localize(None)
    if len(values) < 2:
        raise StepFailure("too-few-rows", f'"{target}" has fewer than two dated values. Choose another column.')
    every = options["every"] if options["every"] != "auto" else _period(values.index)
    return values.resample(_PERIODS[every]).mean().interpolate(), every


def _period(dates: pd.DatetimeIndex) -> str:
    """The usual distance between two dates, in words."""
    days = float((dates[1:] - dates[:-1]).median().total_seconds()) / 86_400
    limits = ((0.5, "hour"), (3, "day"), (15, "week"), (60, "month"), (200, "quarter"))
    return next((name for limit, name in limits if days < limit), "year")


def _ahead(series: pd.Series, horizon: int, season: int, method: str) -> np.ndarray:
    import warnings

    import numpy as np

    if method == "repeat":
        return np.resize(series.to_numpy()[-season:], horizon)
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    seasonal = "add" if season > 1 else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what does not settle is measured all the same
        fitted = ExponentialSmoothing(
            series.to_numpy(),
            trend="add",
            damped_trend=True,
            seasonal=seasonal,
            seasonal_periods=season if seasonal else None,
            initialization_method="estimated",
        ).fit()
    found: np.ndarray = np.asarray(fitted.forecast(horizon))
    return found
