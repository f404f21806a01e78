"""How the columns of a ready-made step's output follow from its inputs and options, one rule for each kind of step.

A rule takes its own document ({"rule": …, "input": …}), the options, and the columns at each input; None is
"not known".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Column:
    """`type`: integer, number, text, boolean, date, datetime or other."""

    name: str
    type: str = "other"


Columns: TypeAlias = tuple[Column, ...]
Arriving: TypeAlias = Mapping[str, Columns | None]
Rule: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], Arriving], Columns | None]


def same(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    return inputs.get(rule["input"])


def load(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """The file's columns, as long as it is read as it was looked at."""
    changed = any(options.get(name) not in (None, "auto") for name in ("delimiter", "format", "encoding"))
    found = inputs.get(rule["input"])
    if found is None or changed or options.get("header") is not True:
        return None
    return _retyped(found, options.get("types"))


def select(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Chosen columns, kept or dropped, then renamed."""
    found = inputs.get(rule["input"])
    chosen, renames = _names(options.get("columns")), options.get("renames")
    if found is None:
        if not chosen or options.get("keep") is not True:
            return None
        found = tuple(Column(name) for name in chosen)
    by_name = {column.name: column for column in found}
    if chosen and options.get("keep") is True:
        found = tuple(by_name[name] for name in chosen if name in by_name)
    elif chosen:
        found = tuple(column for column in found if column.name not in chosen)
    names = renames if isinstance(renames, dict) else {}
    return tuple(replace(column, name=str(names.get(column.name) or column.name)) for column in found)


def clean(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Retyped columns; unknown where columns may be dropped for what is in them."""
    found = inputs.get(rule["input"])
    if found is None or (options.get("drop-empty") or 0) < 1:
        return None
    return _retyped(found, options.get("types"))


def join(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Left columns, then the right ones without its keys; a name both have gets the suffix."""
    left, right = inputs.get("left"), inputs.get("right")
    if left is None or right is None:
        return None
    keys = set(_names(options.get("right-on")) or _names(options.get("left-on")))
    taken = {column.name for column in left}
    suffix = str(options.get("suffix") or "_right")
    rest = [column for column in right if column.name not in keys]
    return left + tuple(
        replace(column, name=f"{column.name}{suffix}") if column.name in taken else column for column in rest
    )


def predict(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """What arrives and the answer; probabilities depend on the classes, so a classifier's are not known before."""
    found = inputs.get(rule["input"])
    return None if found is None or options.get("probabilities") else (*found, Column("prediction"))


def cluster(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    found = inputs.get(rule["input"])
    return None if found is None else (*found, Column("cluster", "integer"))


def model(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """The columns a model will ask for again: those it learns from, then the target."""
    found, chosen = inputs.get(rule["input"]), _names(options.get("columns"))
    target = options.get("target")
    if found is None or not isinstance(target, str):
        return None
    learned = [one for one in found if one.name != target and (not chosen or one.name in chosen)]
    return (*learned, *(one for one in found if one.name == target))


def _retyped(found: Columns, types: Any) -> Columns:
    said = types if isinstance(types, dict) else {}
    return tuple(replace(column, type=str(said.get(column.name, column.type))) for column in found)


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


RULES: Mapping[str, Rule] = {rule.__name__: rule for rule in (same, load, select, clean, join, predict, cluster, model)}
