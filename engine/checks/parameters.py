"""Parameters: known types, defaults that fit, and none that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.subject import Subject, error, replace_fix, warning
from engine.definition.model import Parameter
from engine.definition.parameters import TYPES, in_enum, typed_value
from engine.definition.pointer import MISSING, join
from engine.expressions import quote, references, to_text
from engine.problems import Fix, Problem


def check_parameters(subject: Subject) -> Iterator[Problem]:
    used = {reference.name for reference in references(subject.document) if reference.root == "Parameters"}
    for parameter in subject.definition.parameters:
        yield from _type(parameter)
        yield from _default(parameter)
        if parameter.name not in used:
            fix = Fix(title="Remove it", patch=({"op": "remove", "path": parameter.pointer},))
            message = f'Nothing uses the parameter "{parameter.name}".'
            yield warning("unused-parameter", message, parameter.pointer, fix=fix)


def _type(parameter: Parameter) -> Iterator[Problem]:
    if parameter.type in TYPES:
        return
    pointer = join(parameter.pointer, "Type")
    message = f'"{parameter.type}" is no parameter type. It is one of {", ".join(TYPES)}.'
    guess = type_of(parameter.default)
    fix = replace_fix(f"Use {guess}", pointer, guess) if "Type" in parameter.document else None
    yield error("unknown-parameter-type", f'Parameter "{parameter.name}": {message}', pointer, fix=fix)


def _default(parameter: Parameter) -> Iterator[Problem]:
    if parameter.default is MISSING or parameter.type not in TYPES:
        return
    pointer = join(parameter.pointer, "DefaultValue")
    value = typed_value(parameter.type, parameter.default)
    if value is MISSING:
        wanted = TYPES[parameter.type]
        message = f'Parameter "{parameter.name}" takes {wanted}; its default {quote(parameter.default)} is not one.'
        yield error("parameter-default", message, pointer, fix=_type_fix(parameter))
    elif isinstance(parameter.default, str) and parameter.type != "String":
        fix = replace_fix(f"Write {to_text(value)} without quotes", pointer, value)
        message = f'The default of "{parameter.name}" is a text; {parameter.type} is written without quotes.'
        yield warning("parameter-default-text", message, pointer, fix=fix)
    elif not in_enum(parameter, value):
        allowed = ", ".join(quote(entry) for entry in (parameter.enum or ())[:10])
        message = f'The default of "{parameter.name}" is {quote(value)}, which is not among {allowed}.'
        yield error("parameter-enum", message, pointer)


def _type_fix(parameter: Parameter) -> Fix | None:
    guess = type_of(parameter.default)
    pointer = join(parameter.pointer, "Type")
    if guess == parameter.type:
        return None
    operation = "replace" if "Type" in parameter.document else "add"
    return Fix(title=f"Make it {guess}", patch=({"op": operation, "path": pointer, "value": guess},))


def type_of(value: object) -> str:
    """The parameter type whose values look like this one."""
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer"
    return "Float" if isinstance(value, float) else "String"
