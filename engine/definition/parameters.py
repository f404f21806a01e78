"""Start parameters: the texts a caller gives become typed values, and every fault is told at once.

Source: StartPipelineExecution.PipelineParameters carries texts; the SDKs send str(value), so booleans arrive as
"True" and "False".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definition.model import Definition, Parameter
from engine.definition.pointer import MISSING
from engine.expressions import quote, to_text
from engine.names import did_you_mean
from engine.problems import Problem

TYPES: Mapping[str, str] = {
    "String": "a text",
    "Integer": "a whole number",
    "Float": "a number",
    "Boolean": "true or false",
}

_INTEGER = re.compile(r"[+-]?[0-9]{1,100}")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def resolve_parameters(definition: Definition, given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """(values by name, problems). Values are complete only when there are no problems.

    `given` holds texts (API, command line) or typed JSON values. Defaults fill what is not given. Problems:
    unknown-parameter, parameter-type, parameter-missing, parameter-enum.
    """
    known = definition.parameters_by_name
    problems = [_unknown(name, known) for name in given if name not in known]
    values: dict[str, Any] = {}
    for parameter in known.values():
        raw = given.get(parameter.name, parameter.default)
        if raw is MISSING:
            problems.append(_problem("parameter-missing", f'Parameter "{parameter.name}" needs a value.', parameter))
            continue
        value = typed_value(parameter.type, raw)
        if value is MISSING:
            expected = TYPES.get(parameter.type, "a value")
            message = f'Parameter "{parameter.name}" takes {expected} ({parameter.type}); {quote(raw)} is not one.'
            problems.append(_problem("parameter-type", message, parameter))
        elif isinstance(value, str) and "\0" in value:
            message = (
                f'Parameter "{parameter.name}" holds a NUL character, which no path, argument or variable can carry.'
            )
            problems.append(_problem("parameter-type", message, parameter))
        elif not in_enum(parameter, value):
            allowed = ", ".join(quote(entry) for entry in parameter.enum or ())
            message = f'Parameter "{parameter.name}" is one of {allowed}; {quote(value)} is not among them.'
            problems.append(_problem("parameter-enum", message, parameter))
        else:
            values[parameter.name] = value
    return values, tuple(problems)


def typed_value(kind: str, raw: Any) -> Any:
    """The value as its parameter type, from a text or a typed JSON value; MISSING when it does not fit.

    An unknown type takes any value as it is: validation reports the type itself.
    """
    if kind == "String":
        return raw if isinstance(raw, str) else MISSING
    if kind == "Boolean":
        if isinstance(raw, str):
            return {"true": True, "false": False}.get(raw.strip().lower(), MISSING)
        return raw if isinstance(raw, bool) else MISSING
    if kind not in TYPES:
        return raw
    if isinstance(raw, bool):
        return MISSING
    if isinstance(raw, str):
        text = raw.strip()
        if kind == "Integer":
            return int(text) if _INTEGER.fullmatch(text) else MISSING
        return _finite(float(text)) if _FLOAT.fullmatch(text) else MISSING
    if kind == "Integer":
        return raw if isinstance(raw, int) else MISSING
    return raw if isinstance(raw, int | float) else MISSING


def in_enum(parameter: Parameter, value: Any) -> bool:
    return parameter.enum is None or to_text(value) in {to_text(entry) for entry in parameter.enum}


def _finite(value: float) -> Any:
    return value if abs(value) != float("inf") else MISSING


def _unknown(name: str, known: Mapping[str, Parameter]) -> Problem:
    has = f"It has {', '.join(list(known)[:10])}." if known else "It has no parameters."
    hint = did_you_mean(name, known) or f" {has}"
    return Problem(code="unknown-parameter", message=f'The pipeline has no parameter "{name}".{hint}')


def _problem(code: str, message: str, parameter: Parameter) -> Problem:
    return Problem(code=code, message=message, pointer=parameter.pointer)
