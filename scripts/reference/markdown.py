"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; cells may hold any text on one line."""
    lines = [_row(headings), _row(["---"] * len(headings)), *(_row([_cell(text) for text in row]) for row in rows)]
    return "\n".join(lines)


def code(text: object) -> str:
    """The text as code; nothing for nothing."""
    return f"`{text}`" if text not in (None, "") else ""


def codes(texts: Iterable[object]) -> str:
    return ", ".join(code(text) for text in texts)


def sentence(text: str) -> str:
    """One line, its first letter large, ended by a full stop."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    flat = flat[0].upper() + flat[1:]
    return flat if flat.endswith((".", "!", "?", "…")) else f"{flat}."


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "–"
