"""Lengths, counts and patterns of a step's literals, as AWS's service model has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from engine.definition.pointer import join
from engine.expressions import expression_kind


def oversized(schema: Mapping[str, Any], value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(pointer, what is wrong, to be read after the step's name). Expressions have no length before a run.

    Null and empty count as missing, as in `engine.steps.schema.misfits`, which tells about types and ranges.
    """
    if value is None or expression_kind(value) is not None:
        return
    if isinstance(value, str):
        yield from _text(schema, value, pointer)
    elif isinstance(value, list):
        yield from _list(schema, value, pointer)
    elif isinstance(value, dict):
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties")
        for name, entry in value.items():
            inner = properties.get(name, rest)
            if isinstance(inner, dict):
                yield from oversized(inner, entry, join(pointer, name))


def _text(schema: Mapping[str, Any], value: str, pointer: str) -> Iterator[tuple[str, str]]:
    most, pattern = schema.get("maxLength"), schema.get("pattern")
    title = schema.get("title", "a value")
    if most is not None and len(value) > most:
        yield pointer, f'has {len(value)} characters as "{title}"; AWS takes {most}.'
    elif value and pattern is not None and _compiled(pattern).search(value) is None:
        yield pointer, f'has "{value[:60]}" as "{title}", which AWS does not take ({pattern}).'


def _list(schema: Mapping[str, Any], value: list[Any], pointer: str) -> Iterator[tuple[str, str]]:
    most, inner = schema.get("maxItems"), schema.get("items")
    if most is not None and len(value) > most:
        yield pointer, f'has {len(value)} entries as "{schema.get("title", "a list")}"; AWS takes {most}.'
    if isinstance(inner, dict):
        for index, entry in enumerate(value):
            yield from oversized(inner, entry, join(pointer, index))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
