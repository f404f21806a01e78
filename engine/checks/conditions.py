"""Conditions: known forms, both sides there, and of one type where the types can be known before a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.checks.subject import Subject, error, warning
from engine.conditions import COMPARISONS, CONDITION_TYPES, expression_name, type_word
from engine.definition.model import Definition, Parameter, Step
from engine.definition.parameters import typed_value
from engine.definition.pointer import MISSING, join
from engine.expressions import expression_kind, parse_path, parse_reference, quote
from engine.names import did_you_mean
from engine.problems import Fix, Problem

_PARAMETER_WORDS = {"String": "a text", "Integer": "a number", "Float": "a number", "Boolean": "true/false"}

#: Guards against definitions nested deeper than the evaluator goes.
_MAX_DEPTH = 150


def check_conditions(subject: Subject) -> Iterator[Problem]:
    for step in subject.definition.steps:
        if step.type != "Condition":
            continue
        pointer = join(step.pointer, "Arguments", "Conditions")
        conditions = step.arguments.get("Conditions")
        if isinstance(conditions, list):
            for index, condition in enumerate(conditions):
                yield from _condition(condition, join(pointer, index), step, subject.definition, 0)
        if not step.arguments.get("IfSteps") and not step.arguments.get("ElseSteps"):
            message = f"{step.name} has no step in either branch. Draw a wire from its true or false port."
            yield warning("empty-branches", message, step.pointer, step.name)


def _condition(condition: Any, pointer: str, step: Step, definition: Definition, depth: int) -> Iterator[Problem]:
    kind = condition.get("Type") if isinstance(condition, dict) else None
    if not isinstance(kind, str) or kind not in CONDITION_TYPES:
        hint = did_you_mean(kind, CONDITION_TYPES) if isinstance(kind, str) and len(kind) < 60 else ""
        known = ", ".join(CONDITION_TYPES)
        message = f"{step.name} compares with {quote(kind)}, which is no comparison.{hint} Known: {known}."
        yield error("unknown-condition", message, pointer, step.name)
    elif depth > _MAX_DEPTH:
        yield error("too-deep", f"The conditions of {step.name} are nested too deeply.", pointer, step.name)
    elif kind == "Not":
        inner = condition.get("Condition", condition.get("Expression"))
        yield from _condition(inner, join(pointer, "Condition"), step, definition, depth + 1)
    elif kind == "Or":
        inner = condition.get("Conditions")
        if not isinstance(inner, list) or not inner:
            yield error("missing-value", f"{step.name} has an Or without comparisons.", pointer, step.name)
            return
        for index, entry in enumerate(inner):
            yield from _condition(entry, join(pointer, "Conditions", index), step, definition, depth + 1)
    elif kind in COMPARISONS:
        yield from _comparison(condition, kind, pointer, step, definition)
    else:
        yield from _membership(condition, kind, pointer, step, definition)


def _comparison(
    condition: Mapping[str, Any], kind: str, pointer: str, step: Step, definition: Definition
) -> Iterator[Problem]:
    complete = True
    needs = {"LeftValue": "something to compare", "RightValue": "something to compare with"}
    for key, need in needs.items():
        for problem in _side(condition, key, need, pointer, step):
            complete = False
            yield problem
    if complete:
        yield from _types(condition, "LeftValue", "RightValue", pointer, step, definition)
        word = _word(condition["LeftValue"], definition)
        if kind not in ("Equals", "NotEquals") and word not in (None, "a number", "a text"):
            message = (
                f"{step.name} asks which of two values is larger, but {_shown(condition['LeftValue'])} has no order."
            )
            yield error("condition-type", message, pointer, step.name)


def _membership(
    condition: Mapping[str, Any], kind: str, pointer: str, step: Step, definition: Definition
) -> Iterator[Problem]:
    query = "QueryValue" if "QueryValue" in condition else "Value"
    listed = "Values" if "Values" in condition else "In"
    yield from _side(condition, query, "something to look for", pointer, step)
    values = condition.get(listed)
    if not isinstance(values, list):
        if expression_kind(values) is None:
            message = f'{step.name} has "{kind}" without a list of values.'
            yield error("missing-value", message, join(pointer, listed), step.name)
        return
    word = _word(condition.get(query), definition)
    for index, value in enumerate(values):
        other = _word(value, definition)
        if word is not None and other is not None and word != other:
            here = join(pointer, listed, index)
            sought = f"{_shown(condition[query])} ({word})"
            message = f"{step.name} looks for {sought} in a list with {_shown(value)} ({other}). Use one type."
            yield error("condition-type", message, here, step.name)
            return


def _side(condition: Mapping[str, Any], key: str, what: str, pointer: str, step: Step) -> Iterator[Problem]:
    value = condition.get(key)
    here = join(pointer, key)
    if key not in condition or (value == "" and key != "RightValue"):
        message = f"{step.name} needs {what}. Connect a report, or choose a value."
        yield error("missing-value", message, here, step.name)
    elif isinstance(value, dict) and expression_kind(value) == "Std:JsonGet":
        path = value["Std:JsonGet"].get("Path")
        if path in ("", None):
            message = f"{step.name} reads a report, but not which value of it. Write the path, such as metrics.auc."
            yield error("missing-value", message, join(here, "Std:JsonGet", "Path"), step.name)
        elif not isinstance(path, str) or parse_path(path) is None:
            message = (
                f"{step.name} reads a report at {quote(path)}, which is no path. A path looks like metrics['auc']."
            )
            yield error("malformed-path", message, join(here, "Std:JsonGet", "Path"), step.name)


def _types(
    condition: Mapping[str, Any], left: str, right: str, pointer: str, step: Step, definition: Definition
) -> Iterator[Problem]:
    words = [_word(condition[key], definition) for key in (left, right)]
    if None in words or words[0] == words[1]:
        return
    shown = f"{_shown(condition[left])} ({words[0]}) with {_shown(condition[right])} ({words[1]})"
    message = f"{step.name} compares {shown}. Both sides need the same type."
    fix = _fix(condition, left, right, pointer, definition) or _fix(condition, right, left, pointer, definition)
    yield error("condition-type", message, pointer, step.name, fix)


def _fix(condition: Mapping[str, Any], key: str, other: str, pointer: str, definition: Definition) -> Fix | None:
    """Change the literal to the other side's type, or the parameter to the literal's."""
    value, word = condition[key], _word(condition[other], definition)
    if expression_kind(value) is None and word == "a number" and isinstance(value, str):
        number = typed_value("Float", value)
        if number is not MISSING:
            whole = int(number) if number == int(number) and "." not in value else number
            patch = {"op": "replace", "path": join(pointer, key), "value": whole}
            return Fix(title=f"Compare with the number {value}", patch=(patch,))
    parameter = _parameter(value, definition)
    if parameter is None or expression_kind(condition[other]) is not None:
        return None
    wanted = {"a number": "Float", "true/false": "Boolean", "a text": "String"}.get(word or "")
    default = parameter.default
    if wanted is None or (default is not MISSING and typed_value(wanted, default) is MISSING):
        return None
    kind_op = "replace" if "Type" in parameter.document else "add"
    patch_list: list[dict[str, Any]] = [{"op": kind_op, "path": join(parameter.pointer, "Type"), "value": wanted}]
    if default is not MISSING and typed_value(wanted, default) is not default:
        typed = typed_value(wanted, default)
        patch_list.append({"op": "replace", "path": join(parameter.pointer, "DefaultValue"), "value": typed})
    return Fix(title=f"Make {parameter.name} {wanted}", patch=tuple(patch_list))


def _shown(value: Any) -> str:
    return expression_name(value) or quote(value)


def _word(value: Any, definition: Definition) -> str | None:
    """The type of one side in words, None where only a run can tell."""
    kind = expression_kind(value)
    if kind is None:
        return type_word(value)
    if kind == "Std:Join":
        return "a text"
    if kind == "Get":
        reference = parse_reference(value["Get"])
        if reference is not None and reference.root == "Execution":
            return "a text"
        parameter = _parameter(value, definition)
        return _PARAMETER_WORDS.get(parameter.type) if parameter else None
    return None


def _parameter(value: Any, definition: Definition) -> Parameter | None:
    reference = parse_reference(value["Get"]) if expression_kind(value) == "Get" else None
    if reference is None or reference.root != "Parameters":
        return None
    return definition.parameters_by_name.get(reference.name)
