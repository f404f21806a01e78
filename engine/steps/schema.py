"""The JSON schema of each step type, and the one check that admits expressions at every value.

Files: schemas/<Type>.json, written by scripts/step_schemas.py. Beside JSON schema's own words they carry:
x-group (tab), x-advanced (collapsed), x-inline (no box of its own), x-widget, x-unit, x-placeholder,
x-suggestions (an open list), x-titles (what people call the values of an enum), x-label (the member that names a list
item), x-items (facts that hold in the item of that name), x-missing (what to say when a required value is missing),
x-encoding "json" (the text holds JSON),
x-describe (what Steps.X.<member> may name).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from engine.definition.pointer import MISSING, child, join
from engine.expressions import expression_kind, quote, to_text

EMPTY_SCHEMA: Mapping[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A value that does not fit its schema. `message` follows the step's name: "needs training data. …"."""

    code: str  # missing-value | value-type | value-not-allowed | value-out-of-range
    message: str
    pointer: str
    replacement: Any = MISSING  # a value that would fit


@cache
def step_schema(kind: str) -> Mapping[str, Any]:
    """The schema of a step object of that type; an empty object schema for a type without one."""
    if not kind.isalnum():
        return EMPTY_SCHEMA
    resource = files("engine.steps") / "schemas" / f"{kind}.json"
    if not resource.is_file():
        return EMPTY_SCHEMA
    schema: Mapping[str, Any] = json.loads(resource.read_text(encoding="utf-8"))
    return schema


def misfits(
    schema: Mapping[str, Any], value: Any, pointer: str = "", item: str = "", name: str = ""
) -> Iterator[Misfit]:
    """Everything in a value that does not fit. Expressions fit everywhere; null counts as missing.

    `item` is the name of the list item around the value, `name` the value's own: both are for messages only.
    Depth is bounded by the schema's, not the value's.
    """
    if expression_kind(value) is not None or not schema:
        return
    wanted = schema.get("type")
    if wanted == "object":
        if not isinstance(value, dict):
            yield _wrong_type(schema, value, pointer, "a group of values", name)
            return
        yield from _members(schema, value, pointer, item)
    elif wanted == "array":
        if not isinstance(value, list):
            if not schema.get("x-accepts-single"):
                yield _wrong_type(schema, value, pointer, "a list", name)
            return
        yield from _items(schema, value, pointer, item)
    elif wanted is not None:
        yield from _scalar(schema, value, pointer, name)


def _members(schema: Mapping[str, Any], value: Mapping[str, Any], pointer: str, item: str) -> Iterator[Misfit]:
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties")
    for name in schema.get("required", ()):
        if value.get(name) is None or value[name] == "":
            facts = properties.get(name, {})
            named = facts.get("x-items", {}).get(item.strip('"'), {})
            yield _missing({**facts, **named}, name, join(pointer, name), item)
    for name, entry in value.items():
        inner = properties.get(name, rest)
        if type(entry) is str and entry and isinstance(inner, dict) and inner.get("type") == "string":
            if "enum" in inner:
                yield from _scalar(inner, entry, join(pointer, name), name)
            continue  # a text where one belongs: nearly every value of a definition
        if entry is None or not isinstance(inner, dict) or (entry == "" and name in schema.get("required", ())):
            continue
        if entry != [] or name in schema.get("required", ()) or "x-missing" in inner:  # SDK 3 writes empty lists
            yield from misfits(inner, entry, join(pointer, name), item, name)


def _items(schema: Mapping[str, Any], value: list[Any], pointer: str, item: str) -> Iterator[Misfit]:
    if len(value) < schema.get("minItems", 0):
        yield _missing(schema, "", pointer, item)
    inner = schema.get("items")
    if not isinstance(inner, dict) or not inner:
        return
    for index, entry in enumerate(value):
        label = child(entry, inner["x-label"]) if "x-label" in inner else MISSING
        name = f'"{label}"' if isinstance(label, str) and label else str(index + 1) if "x-label" in inner else item
        if entry is not None:
            yield from misfits(inner, entry, join(pointer, index), name)


def _missing(schema: Mapping[str, Any], name: str, pointer: str, item: str) -> Misfit:
    title = schema.get("title", name)
    message = schema.get("x-missing", f'needs a value for "{title}".')
    return Misfit(code="missing-value", message=message.replace("{item}", item or "it"), pointer=pointer)


_SCALARS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "string": ("a text", (str,)),
    "integer": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", (bool,)),
}


def _scalar(schema: Mapping[str, Any], value: Any, pointer: str, name: str) -> Iterator[Misfit]:
    word, types = _SCALARS.get(schema["type"], ("", ()))
    if not types:
        return
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        yield _wrong_type(schema, value, pointer, word, name)
        return
    title = schema.get("title") or name or "a value"
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join(str(entry) for entry in schema["enum"][:12])
        message = f'has {quote(value)} as "{title}". It is one of {allowed}.'
        yield Misfit(code="value-not-allowed", message=message, pointer=pointer)
    elif not isinstance(value, str):
        low, high = schema.get("minimum"), schema.get("maximum")
        if low is not None and value < low:
            yield _out_of_range(title, value, f"at least {low}", pointer, low)
        elif high is not None and value > high:
            yield _out_of_range(title, value, f"at most {high}", pointer, high)


def _out_of_range(title: str, value: Any, bound: str, pointer: str, nearest: Any) -> Misfit:
    message = f'has {quote(value)} as "{title}". It is {bound}.'
    return Misfit(code="value-out-of-range", message=message, pointer=pointer, replacement=nearest)


def _wrong_type(schema: Mapping[str, Any], value: Any, pointer: str, word: str, name: str) -> Misfit:
    title = schema.get("title") or name or "a value"
    message = f'has {quote(value)} as "{title}". It should be {word}.'
    replacement = _converted(schema.get("type"), value)
    return Misfit(code="value-type", message=message, pointer=pointer, replacement=replacement)


def _converted(kind: Any, value: Any) -> Any:
    """The value in the wanted type where that is beyond doubt: 3 → "3", "3" → 3, "true" → true."""
    if kind == "string" and isinstance(value, bool | int | float):
        return to_text(value)
    if isinstance(value, str):
        text = value.strip()
        if kind in ("integer", "number") and text.lstrip("-").isdecimal() and text.isascii() and len(text) < 16:
            return int(text)
        if kind == "boolean":
            return {"true": True, "false": False}.get(text.lower(), MISSING)
    return MISSING
