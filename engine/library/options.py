"""The options of a ready-made step: `--name value` pairs of its ContainerArguments, read and written as values.

A value may be any expression; it is then given as it stands. Lists and objects are JSON texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definition.pointer import join, resolve
from engine.expressions import expression_kind
from engine.library.catalogue import ARGUMENTS, LibraryStep

#: A value that could not be read as its form says.
UNREADABLE = object()


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option that is written down. `pointer` leads to its text; `value` is read after the form, UNREADABLE
    where that fails, an expression where one stands there."""

    name: str
    pointer: str
    raw: Any
    value: Any

    @property
    def is_expression(self) -> bool:
        return expression_kind(self.raw) is not None


def options_of(step: Mapping[str, Any], library: LibraryStep) -> tuple[Option, ...]:
    """Every pair in order; a word without a pair is left out (see `loose_words`)."""
    words = resolve(step, ARGUMENTS)
    found = []
    for place, name in _pairs(words):
        raw = words[place + 1]
        schema = library.form.get("properties", {}).get(name, {})
        value = raw if expression_kind(raw) is not None else read_value(schema, raw)
        found.append(Option(name=name, pointer=join(ARGUMENTS, place + 1), raw=raw, value=value))
    return tuple(found)


def values_of(step: Mapping[str, Any], library: LibraryStep) -> dict[str, Any]:
    """name → value, defaults filled in; expressions and what cannot be read count as not known (None)."""
    values = {name: schema.get("default") for name, schema in library.form.get("properties", {}).items()}
    for option in options_of(step, library):
        known = not option.is_expression and option.value is not UNREADABLE
        values[option.name] = option.value if known else None
    return values


def read_value(schema: Mapping[str, Any], raw: Any) -> Any:
    """The value a text stands for; None for an empty one."""
    if not isinstance(raw, str):
        return UNREADABLE if isinstance(raw, dict | list) else raw
    if raw == "":
        return None
    kind = schema.get("type", "string")
    try:
        if kind == "integer":
            return int(raw)
        if kind == "number":
            return float(raw)
        if kind == "boolean":
            return {"true": True, "false": False}[raw.lower()]
        if kind in ("array", "object"):
            value = json.loads(raw)
            return value if isinstance(value, list if kind == "array" else dict) else UNREADABLE
    except (ValueError, KeyError, RecursionError):
        return UNREADABLE
    return raw


def write_value(value: Any) -> str:
    """The text of a value, as the step reads it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pairs(words: Any) -> list[tuple[int, str]]:
    """(place, name) of every `--name` that has a value behind it."""
    found: list[tuple[int, str]] = []
    place = 0
    while isinstance(words, list) and place + 1 < len(words):
        word = words[place]
        if isinstance(word, str) and word.startswith("--"):
            found.append((place, word[2:]))
            place += 2
        else:
            place += 1
    return found
