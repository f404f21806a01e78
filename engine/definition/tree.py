"""Walks and structural equality over parsed JSON, without recursion: depth is the caller's data, not our stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from engine.definition.pointer import escape

#: A place as a linked list, so that a walk builds pointer texts only for the places somebody asks for.
Place: TypeAlias = "tuple[Place, str | int] | None"


def pointer_of(place: Place, base: str = "") -> str:
    tokens: list[str] = []
    while place is not None:
        place, token = place
        tokens.append(str(token) if isinstance(token, int) else escape(token))
    tokens.reverse()
    return base + "".join("/" + token for token in tokens)


def walk(value: Any) -> Iterator[tuple[Place, int, Any]]:
    """Every value in document order as (place, depth, value); the root first, at depth 0."""
    stack: list[tuple[Place, int, Any]] = [(None, 0, value)]
    while stack:
        item = stack.pop()
        yield item
        place, depth, current = item
        if isinstance(current, dict):
            stack.extend(((place, key), depth + 1, current[key]) for key in reversed(current))
        elif isinstance(current, list):
            last = len(current) - 1
            stack.extend(((place, last - n), depth + 1, entry) for n, entry in enumerate(reversed(current)))


def levels(value: Any) -> Iterator[list[Any]]:
    """The values of each depth, without their places; the root's level first."""
    level = [value]
    while level:
        yield level
        inner: list[Any] = []
        for current in level:
            if isinstance(current, dict):
                inner.extend(current.values())
            elif isinstance(current, list):
                inner.extend(current)
        level = inner


def deeper_than(value: Any, limit: int) -> Place:
    """The first place nested deeper than `limit` (≥ 0) levels, or None."""
    if all(depth <= limit for depth, _ in enumerate(levels(value))):
        return None
    for place, depth, _ in walk(value):
        if depth > limit:
            return place
    return None


def same(left: Any, right: Any) -> bool:
    """Equal as JSON texts: same keys in the same order, same number spelling, true is not 1."""
    stack = [(left, right)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, dict):
            if not isinstance(b, dict) or list(a) != list(b):
                return False
            stack.extend((a[key], b[key]) for key in a)
        elif isinstance(a, list):
            if not isinstance(b, list) or len(a) != len(b):
                return False
            stack.extend(zip(a, b, strict=True))
        elif scalar_key(a) != scalar_key(b):
            return False
    return True


def scalar_key(value: Any) -> tuple[str, str]:
    """A key under which two scalars are equal exactly when their JSON texts are."""
    if isinstance(value, str):
        return "s", value
    if isinstance(value, bool) or value is None:
        return "c", str(value)
    return "n", getattr(value, "text", None) or repr(value)
