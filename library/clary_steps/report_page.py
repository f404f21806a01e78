"""A table's profile as one HTML page without scripts."""

from __future__ import annotations

from html import escape
from typing import Any

_STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;margin:24px;max-width:1000px;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{padding:6px 10px;text-align:left;border-bottom:1px solid #8884}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}svg rect{fill:#6366f1}"
)


def report_page(summary: dict[str, Any]) -> str:
    """The page: what to know first, then every column with its facts and a small histogram."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in summary["warnings"])
    rows = "".join(_row(column, summary["rows"]) for column in summary["columns"])
    heads = "".join(f"<th>{name}</th>" for name in ("Column", "Type", "Missing", "Different", "Range", "Spread"))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Profile</title><style>{_STYLE}</style>'
        f"<h1>{summary['rows']:,} rows × {len(summary['columns'])} columns</h1>"
        + (f"<ul>{notes}</ul>" if notes else "")
        + f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></html>"
    )


def _row(column: dict[str, Any], rows: int) -> str:
    share = column["missing"] / rows if rows else 0
    span = ""
    if column.get("min") is not None:
        span = f"{column['min']} … {column['max']}"
    elif column.get("top"):
        span = ", ".join(f"{one['value']} ({one['count']})" for one in column["top"][:3])
    cells = (
        f"<td>{escape(str(column['name']))}</td><td>{column['type']}</td><td class=n>{share:.1%}</td>"
        f"<td class=n>{column.get('distinct', '')}</td><td>{escape(span)}</td><td>{_bars(column.get('histogram'))}</td>"
    )
    return f"<tr>{cells}</tr>"


def _bars(histogram: dict[str, Any] | None) -> str:
    if not histogram:
        return ""
    counts = histogram["counts"]
    top = max(counts) or 1
    width = 120 / len(counts)
    bars = "".join(
        f'<rect x="{place * width:.1f}" y="{24 - 24 * count / top:.1f}" width="{max(1, width - 1):.1f}" '
        f'height="{24 * count / top:.1f}"/>'
        for place, count in enumerate(counts)
    )
    return f'<svg width="120" height="24" role="img" aria-label="histogram">{bars}</svg>'
