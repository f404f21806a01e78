"""From `--name value` words to the options of a step, checked against its form."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from clary_steps.failures import StepFailure, near


def parse_options(form: dict[str, Any], words: Sequence[str]) -> dict[str, Any]:
    """Every option of the form with its value, default or None.

    Lists and objects are JSON texts; "true" and "false" are booleans; an empty text means "not given".

    Raises:
        StepFailure: unknown-option, option-missing, option-invalid.
    """
    properties: dict[str, Any] = form.get("properties", {})
    given: dict[str, str] = {}
    for position in range(0, len(words), 2):
        name = words[position].removeprefix("--").replace("_", "-") if words[position].startswith("--") else None
        if name is None or position + 1 >= len(words):
            raise StepFailure(
                "unknown-option", f"Options come in pairs, --name value; {words[position]!r} has no pair."
            )
        if name not in properties:
            match = near(name, properties)
            hint = f" Did you mean --{match[0]}?" if match else ""
            raise StepFailure("unknown-option", f"This step has no option --{name}.{hint}", suggestions=match)
        given[name] = words[position + 1]
    options: dict[str, Any] = {}
    for name, schema in properties.items():
        text = given.get(name, "")
        options[name.replace("-", "_")] = schema.get("default") if text == "" else _value(name, schema, text)
    for name in form.get("required", ()):
        if options[name.replace("-", "_")] in (None, [], ""):
            title = properties[name].get("title", name)
            raise StepFailure("option-missing", f'"{title}" is not set. Choose it in the form of this step.')
    return options


def _value(name: str, schema: dict[str, Any], text: str) -> Any:
    kind, title = schema.get("type", "string"), schema.get("title", name)
    try:
        value = _typed(kind, text)
    except ValueError:
        expected = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}.get(kind, "JSON")
        raise StepFailure("option-invalid", f'"{title}" takes {expected}, not "{text[:80]}".') from None
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        raise StepFailure("option-invalid", f'"{title}" must lie between {low} and {high}; it is {value}.')
    allowed = schema.get("enum")
    if allowed is not None and value not in allowed:
        match = near(str(value), allowed)
        raise StepFailure(
            "option-invalid",
            f'"{title}" is one of {", ".join(map(str, allowed))}; "{value}" is none.',
            suggestions=match,
        )
    return value


def _typed(kind: str, text: str) -> Any:
    """Raises ValueError for a text that is no value of this kind."""
    if kind == "integer":
        number = float(text)
        if number != int(number):
            raise ValueError(text)
        return int(number)
    if kind == "number":
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
    if kind == "boolean":
        if text.casefold() not in ("true", "false"):
            raise ValueError(text)
        return text.casefold() == "true"
    if kind in ("array", "object"):
        value = json.loads(text)
        if not isinstance(value, list if kind == "array" else dict):
            raise ValueError(text)
        return value
    return text
