"""Describes a table: a summary with charts, and the same as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.charts import bar_chart, chart
from clary_steps.report_page import report_page
from clary_steps.summary import table_summary, write_summary
from clary_steps.tables import column_type, need_columns, read_table

if TYPE_CHECKING:
    import pandas as pd

_MOST_CORRELATED = 40
_DRAWN = 12


def run(options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
    table = read_table(inputs["table"])
    need_columns(table, options["columns"] or [], "table")
    table = table[options["columns"]] if options["columns"] else table
    summary = table_summary(table)
    summary["warnings"] = _findings(summary["columns"], len(table))
    summary["kind"] = "report"
    duplicates = int(table.map(str).duplicated().sum()) if len(table) <= 100_000 else None
    missing = {one["name"]: one["missing"] / len(table) for one in summary["columns"] if one["missing"]}
    summary["metrics"] = {
        "rows": len(table),
        "columns": table.shape[1],
        "missing_share": float(table.isna().to_numpy().mean()),
        **({} if duplicates is None else {"duplicate_rows": duplicates}),
    }
    charts = [_spread(one) for one in summary["columns"] if one.get("histogram")][:_DRAWN]
    if missing:
        charts.insert(0, bar_chart("Missing values", "missing", dict(list(missing.items())[:50]), "Column", "Share"))
    if options["correlations"]:
        charts += _correlations(table)
    summary["charts"] = charts
    folder = outputs["report"]
    (folder / "report.html").write_text(report_page(summary), encoding="utf-8")
    write_summary(folder, summary)
    print(f"{len(table)} rows × {table.shape[1]} columns")


def _findings(columns: list[dict[str, Any]], rows: int) -> list[str]:
    """What a person should know before training on this table."""
    notes = []
    for one in columns:
        if one["missing"] == rows:
            notes.append(f'"{one["name"]}" has no values.')
        elif one["missing"] > rows / 2:
            notes.append(f'"{one["name"]}" is missing in {one["missing"] / rows:.0%} of the rows.')
        elif one["distinct"] == 1:
            notes.append(f'"{one["name"]}" is the same in every row.')
    return notes


def _spread(column: dict[str, Any]) -> dict[str, Any]:
    edges, counts = column["histogram"]["edges"], column["histogram"]["counts"]
    rows = [{"from": edges[place], "to": edges[place + 1], "rows": count} for place, count in enumerate(counts)]
    encoding = {
        "x": {"field": "from", "type": "quantitative", "bin": {"binned": True}, "title": column["name"]},
        "x2": {"field": "to"},
        "y": {"field": "rows", "type": "quantitative", "title": "Rows"},
    }
    return chart(str(column["name"]), "histogram", rows, {"mark": "bar", "encoding": encoding})


def _correlations(table: pd.DataFrame) -> list[dict[str, Any]]:
    numbers = [name for name in table.columns if column_type(table[name]) in ("integer", "number")][:_MOST_CORRELATED]
    if len(numbers) < 2:
        return []
    found = table[numbers].corr()
    rows = [{"a": a, "b": b, "correlation": found.loc[a, b]} for a in numbers for b in numbers]
    encoding = {
        "x": {"field": "a", "type": "nominal", "title": None, "sort": numbers},
        "y": {"field": "b", "type": "nominal", "title": None, "sort": numbers},
        "color": {"field": "correlation", "type": "quantitative", "scale": {"domain": [-1, 1], "scheme": "blueorange"}},
    }
    return [chart("Correlations", "correlations", rows, {"mark": "rect", "encoding": encoding})]
