"""Conditions of a Condition step: type-strict comparisons, with an explanation for people.

A comparison of two types fails (Unresolvable) instead of being false: a text "0.9" beside the number 0.9 is a
mistake somebody should see. Source: SageMaker developer guide, "Condition step"; SDK local mode.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definition.pointer import join
from engine.expressions import (
    Scope,
    Unresolvable,
    evaluate,
    expression_kind,
    file_reference,
    parse_path,
    parse_reference,
    quote,
)

COMPARISONS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "Equals": ("==", operator.eq),
    "NotEquals": ("!=", operator.ne),
    "GreaterThan": (">", operator.gt),
    "GreaterThanOrEqualTo": (">=", operator.ge),
    "LessThan": ("<", operator.lt),
    "LessThanOrEqualTo": ("<=", operator.le),
}
CONDITION_TYPES = (*COMPARISONS, "In", "NotIn", "Not", "Or")

_MAX_DEPTH = 150


@dataclass(frozen=True, kw_only=True)
class ConditionResult:
    """`explanation`: one line per condition that was looked at: "auc 0.965 >= 0.9 → true"."""

    outcome: bool
    explanation: tuple[str, ...] = ()


class TypeMismatch(Unresolvable):
    """Two values of different types were compared."""


def evaluate_conditions(conditions: Any, scope: Scope, pointer: str = "") -> ConditionResult:
    """All conditions together, in order; the first false one ends it. An empty list is true.

    Raises:
        Unresolvable: a value is missing, the types differ (TypeMismatch), or a condition is malformed.
    """
    if not isinstance(conditions, list):
        raise Unresolvable('"Conditions" is a list of comparisons.', pointer=pointer)
    lines: list[str] = []
    for index, condition in enumerate(conditions):
        outcome, text = _decide(condition, scope, join(pointer, index), 0)
        lines.append(f"{text} → {_word(outcome)}")
        if not outcome:
            return ConditionResult(outcome=False, explanation=tuple(lines))
    return ConditionResult(outcome=True, explanation=tuple(lines))


def _decide(condition: Any, scope: Scope, pointer: str, depth: int) -> tuple[bool, str]:
    if not isinstance(condition, dict) or not isinstance(condition.get("Type"), str):
        raise Unresolvable('A condition is an object with a text "Type".', pointer=pointer)
    kind: str = condition["Type"]
    if depth > _MAX_DEPTH:
        raise Unresolvable(f"Conditions are nested more than {_MAX_DEPTH} levels deep.", pointer=pointer[:200])
    if kind in COMPARISONS:
        return _compare(condition, COMPARISONS[kind], scope, pointer)
    if kind in ("In", "NotIn"):
        return _member(condition, scope, pointer, negated=kind == "NotIn")
    if kind == "Not":
        inner = condition.get("Condition", condition.get("Expression"))
        outcome, text = _decide(inner, scope, join(pointer, "Condition"), depth + 1)
        return not outcome, f"not ({text})"
    if kind == "Or":
        return _any(condition.get("Conditions"), scope, join(pointer, "Conditions"), depth)
    raise Unresolvable(f"{quote(kind)} is no condition. Known: {', '.join(CONDITION_TYPES)}.", pointer=pointer)


def _any(conditions: Any, scope: Scope, pointer: str, depth: int) -> tuple[bool, str]:
    if not isinstance(conditions, list) or not conditions:
        raise Unresolvable('"Or" needs a list "Conditions" with at least one condition.', pointer=pointer)
    texts: list[str] = []
    for index, condition in enumerate(conditions):
        outcome, text = _decide(condition, scope, join(pointer, index), depth + 1)
        texts.append(text)
        if outcome:
            break
    return outcome, texts[0] if len(texts) == 1 else f"({' or '.join(texts)})"


def _compare(
    condition: Mapping[str, Any], how: tuple[str, Callable[[Any, Any], bool]], scope: Scope, pointer: str
) -> tuple[bool, str]:
    sign, compare = how
    left, left_text = _side(condition, "LeftValue", scope, pointer)
    right, right_text = _side(condition, "RightValue", scope, pointer)
    _same_types(left, right, left_text, right_text, sign, pointer)
    if sign not in ("==", "!=") and type_word(left) not in ("a number", "a text"):
        raise TypeMismatch(
            f"{left_text} {sign} {right_text} has no order; only numbers and texts have.", pointer=pointer
        )
    if isinstance(left, bool) and sign not in ("==", "!="):
        raise TypeMismatch(f"{left_text} {sign} {right_text}: true and false have no order.", pointer=pointer)
    return compare(left, right), f"{left_text} {sign} {right_text}"


def _member(condition: Mapping[str, Any], scope: Scope, pointer: str, *, negated: bool) -> tuple[bool, str]:
    """In both spellings: {QueryValue, Values} of the SDKs, {Value, In} of the published schema."""
    query_key = "QueryValue" if "QueryValue" in condition else "Value"
    values_key = "Values" if "Values" in condition else "In"
    query, query_text = _side(condition, query_key, scope, pointer)
    values, _ = _side(condition, values_key, scope, pointer)
    if not isinstance(values, list):
        raise Unresolvable(f"In needs a list of values; here it is {quote(values)}.", pointer=join(pointer, values_key))
    sign = "not in" if negated else "in"
    found = False
    for value in values:
        _same_types(query, value, query_text, quote(value), sign, pointer)
        if query == value:
            found = True
            break
    listed = ", ".join(quote(value) for value in values[:10]) + (", …" if len(values) > 10 else "")
    return found != negated, f"{query_text} {sign} [{listed}]"


def _side(condition: Mapping[str, Any], key: str, scope: Scope, pointer: str) -> tuple[Any, str]:
    """The value, and how to show it: with its name in front when it is an expression that has one."""
    if key not in condition:
        raise Unresolvable(f'The condition has no "{key}".', pointer=pointer)
    value = evaluate(condition[key], scope, join(pointer, key))
    name = expression_name(condition[key])
    return value, f"{name} {quote(value)}" if name else quote(value)


def expression_name(expression: Any) -> str | None:
    """What people call the value of an expression: the last member of its path, the parameter, the metric."""
    kind = expression_kind(expression)
    if kind == "Std:JsonGet":
        text = expression[kind].get("Path")
        path = parse_path(text) if isinstance(text, str) else None
        if path:
            named = [segment for segment in path if isinstance(segment, str) and segment != "value"]
            return named[-1] if named else str(path[-1])
        file = file_reference(expression[kind])
        return file.property_file if file else None
    if kind == "Get":
        reference = parse_reference(expression["Get"])
        if reference is None:
            return None
        named = [segment for segment in reference.path if isinstance(segment, str)]
        if "FinalMetricDataList" in named and len(named) > 1:
            return named[1]
        return named[-1] if named else reference.name
    return None


def _same_types(left: Any, right: Any, left_text: str, right_text: str, sign: str, pointer: str) -> None:
    if type_word(left) != type_word(right):
        types = f"{type_word(left)} with {type_word(right)}"
        message = f"{left_text} {sign} {right_text} compares {types}. Both sides need the same type."
        raise TypeMismatch(message, pointer=pointer)


def type_word(value: Any) -> str:
    """The JSON type of a value in a person's words; all numbers are one type."""
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, int | float):
        return "a number"
    if value is None:
        return "nothing (null)"
    return "a text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"


def _word(outcome: bool) -> str:
    return "true" if outcome else "false"
