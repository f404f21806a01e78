"""Columns of digits that are codes, not amounts: postal codes, article numbers.

The look at an uploaded file (`runs/tables`) goes by the same rule and the same rows, so that its types come true here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any

#: What is judged: the first bytes, and of them the first rows; fewer of a wide table.
HEAD_BYTES = 4 * 1024 * 1024
_HEAD_ROWS = 10_000
_HEAD_CELLS = 600_000
_FEWEST_ROWS = 50
_LONGEST_FIELD = 16 * 1024 * 1024
_MOST_NOTES = 20
_CODE = re.compile(r"0[0-9]+")
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?|[-+]?[iI]nf(inity)?")
#: Types that take the zeros away; whoever chooses one wants an amount.
_AMOUNTS = ("integer", "number", "boolean")


def code_columns(
    names: Sequence[str], rows: Sequence[Sequence[str]], missing: Collection[str], types: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """(columns to read as text because a value is digits behind a zero: 01085 but not 0 or 0.5, what to say of them).

    `missing`: words that are no values; `types`: column → the type chosen for it, which wins.
    """
    found, notes = [], []
    for name, cells in zip(names, zip_longest(*rows, fillvalue=""), strict=False):
        code = next((bare for one in cells if (bare := one.strip())[:1] == "0" and _is_code(one, bare, missing)), None)
        if code is None or types.get(name) in _AMOUNTS:
            continue
        found.append(name)
        if name not in types and all(one in missing or _NUMBER.fullmatch(one.strip()) for one in cells):
            notes.append(
                f'"{name}" holds digits that begin with a zero, such as {code[:40]}: it is read as text, '
                "so the zeros stay."
            )
    return found, notes[:_MOST_NOTES]


def _is_code(written: str, bare: str, missing: Collection[str]) -> bool:
    return _CODE.fullmatch(bare) is not None and written not in missing


def first_rows(text: str, delimiter: str, *, whole: bool) -> list[list[str]]:
    """The rows that are judged, the one with the names among them. `whole`: the text is not cut off."""
    csv.field_size_limit(_LONGEST_FIELD)
    rows: list[list[str]] = []
    most = _HEAD_ROWS
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if not rows:
                most = min(_HEAD_ROWS, max(_FEWEST_ROWS, _HEAD_CELLS // max(len(row), 1)))
            if len(rows) == most:
                return [row for row in rows if row]
            rows.append(row)
    except csv.Error:  # a field without end: what came before still counts
        pass
    if not whole and len(rows) > 1:
        rows.pop()
    return [row for row in rows if row]
