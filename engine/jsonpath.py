"""The JSONPath that SageMaker's DataProcessing filters take: root, members, positions, slices, wildcards.

Source: "Supported JSONPath operators" of batch transform. `$`, `.name`, `.*`, `['a','b']`, `[0,-1]`, `[1:3]`, `[*]`; no
`..`, filters or functions. The step that filters is given the moves and follows them (toolkit/selection.py of runners).
"""

from __future__ import annotations

import re
from typing import Any

_MEMBER = re.compile(r"\.([A-Za-z_][\w-]*|\*)")
_BRACKET = re.compile(r"\.?\[([^\[\]]*)\]")
_QUOTED = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\s*")
_NUMBER = re.compile(r"\s*(-?\d{1,9})\s*")
_SLICE = re.compile(r"\s*(-?\d{1,9})?\s*:\s*(-?\d{1,9})?\s*")

#: One move of a path: ("names", [...]), ("positions", [...]), ("slice", [start, end]), ("all", []). JSON as it is.
Move = tuple[str, list[Any]]


class BadPath(ValueError):
    """Not a path of the supported kind; the message goes on from the name of what held it."""


def parse_json_path(path: str) -> tuple[Move, ...]:
    """The moves from the root.

    Raises:
        BadPath
    """
    if not path.startswith("$"):
        raise BadPath(f"must be a JSONPath that begins with $, such as $[1:] or $.features, but is {path!r}.")
    moves: list[Move] = []
    rest = path[1:]
    while rest:
        member = _MEMBER.match(rest)
        found = member or _BRACKET.match(rest)
        if found is None:
            raise BadPath(f"cannot be read at {rest[:40]!r}; expected .name, ['name'], [0], [1:3] or *.")
        if member is not None:
            moves.append(("all", []) if member.group(1) == "*" else ("names", [member.group(1)]))
        else:
            moves.append(_bracket(found.group(1), path))
        rest = rest[found.end() :]
    return tuple(moves)


def _bracket(inside: str, path: str) -> Move:
    if inside.strip() == "*":
        return "all", []
    if found := _SLICE.fullmatch(inside):
        start, end = found.groups()
        return "slice", [int(start) if start else None, int(end) if end else None]
    names = _several(_QUOTED, inside)
    if names is not None:
        return "names", [re.sub(r"\\(.)", r"\1", first if first is not None else second) for first, second in names]
    places = _several(_NUMBER, inside)
    if places is not None:
        return "positions", [int(place) for (place,) in places]
    raise BadPath(f"{path!r} cannot be read at [{inside[:40]}]; expected 'names', positions such as 0,-1, or a slice.")


def _several(pattern: re.Pattern[str], text: str) -> list[tuple[Any, ...]] | None:
    """The groups of each item of a comma-separated list, None where one does not fit."""
    items: list[tuple[Any, ...]] = []
    position = 0
    while True:
        found = pattern.match(text, position)
        if found is None:
            return None
        items.append(found.groups())
        position = found.end()
        if position == len(text):
            return items
        if text[position] != ",":
            return None
        position += 1
