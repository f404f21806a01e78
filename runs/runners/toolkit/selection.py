"""Following a JSONPath into a record: the moves were read from the filter's text before the step started."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class NoMatch(LookupError):
    """The record has nothing at the path."""


def select(value: Any, moves: Sequence[Sequence[Any]]) -> Any:
    """What the path selects of a record: a value for a single step, a list or an object for several.

    `['a','b']` of an object gives an object with those members; `[0,-1]`, a slice or a wildcard of a list gives a list.
    Behind a wildcard or several positions the rest of the path goes into each.

    Raises:
        NoMatch: nothing is there.
    """
    for index, (kind, wanted) in enumerate(moves):
        rest = moves[index + 1 :]
        if kind == "names":
            value = _names(value, wanted)
        elif kind == "positions":
            if len(wanted) > 1:
                return [select(_position(value, place), rest) for place in wanted]
            value = _position(value, wanted[0])
        elif kind == "slice":
            if not isinstance(value, list):
                raise NoMatch(f"{_kind(value)} has no positions")
            value = value[slice(*wanted)]
            if rest:
                return [select(item, rest) for item in value]
        else:
            items = list(value.values()) if isinstance(value, dict) else value
            if not isinstance(items, list):
                raise NoMatch(f"{_kind(value)} has no members")
            return [select(item, rest) for item in items] if rest else items
    return value


def _names(value: Any, names: list[str]) -> Any:
    if not isinstance(value, dict):
        raise NoMatch(f"{_kind(value)} has no member {names[0]!r}")
    missing = [name for name in names if name not in value]
    if missing:
        raise NoMatch(f"there is no member {missing[0]!r}; there is {', '.join(map(repr, list(value)[:10])) or 'none'}")
    return value[names[0]] if len(names) == 1 else {name: value[name] for name in names}


def _position(value: Any, place: int) -> Any:
    if not isinstance(value, list):
        raise NoMatch(f"{_kind(value)} has no positions")
    if not -len(value) <= place < len(value):
        raise NoMatch(f"position {place} is not in a record of {len(value)}")
    return value[place]


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")
