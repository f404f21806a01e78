"""How the columns of a ready-made step's output follow from its inputs and options, one rule for each kind of step.

A rule takes its own document ({"rule": …, "input": …}), the options, and the columns at each connected input; None
is "not known".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Column:
    """`type`: integer, number, text, boolean, date, datetime or other; unknown where only the name is known.

    `values`: every value of a text column, where all of them are known. `open`: not one column but those whose names
    begin with `name`, of which only a run knows how many there are.
    """

    name: str
    type: str = "unknown"
    values: tuple[str, ...] | None = None
    open: bool = False


Columns: TypeAlias = tuple[Column, ...]
Arriving: TypeAlias = Mapping[str, Columns | None]
Rule: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], Arriving], Columns | None]


def find(columns: Columns, name: str) -> Column | None:
    """The column of that name, also where an open one stands for it."""
    for column in columns:
        if column.name == name and not column.open:
            return column
    stands = next((column for column in columns if column.open and name.startswith(column.name)), None)
    return replace(stands, name=name, open=False) if stands is not None else None


def part(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """The same columns of some of the rows."""
    found = inputs.get(rule["input"])
    return None if found is None else _other_rows(found)


def load(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """The file's columns; they arrive already read as the options say."""
    found = inputs.get(rule["input"])
    if found is None:
        return None
    return _retyped(_other_rows(found) if options.get("rows") else found, options.get("types"))


def select(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Chosen columns, kept or dropped, then renamed."""
    found = inputs.get(rule["input"])
    chosen, renames = _names(options.get("columns")), options.get("renames")
    if found is None:
        if not chosen or options.get("keep") is not True:
            return None
        found = tuple(Column(name) for name in chosen)
    if chosen and options.get("keep") is True:
        found = tuple(column for name in chosen if (column := find(found, name)) is not None)
    elif chosen:
        found = tuple(column for column in found if column.name not in chosen or column.open)
    names = renames if isinstance(renames, dict) else {}
    new = [replace(stands, name=str(names[name])) for name in names if (stands := _only_open(found, name))]
    found = tuple(column if column.open else _renamed(column, names) for column in found) + tuple(new)
    return _other_rows(found) if options.get("filters") or options.get("limit") else found


def clean(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Retyped columns; unknown where columns may be dropped for what is in them."""
    found = inputs.get(rule["input"])
    if found is None or (options.get("drop-empty") or 0) < 1:
        return None
    return _retyped(_other_rows(found), options.get("types"))


def join(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Left columns, then the right ones without its keys; a name both have gets the suffix."""
    left, right = inputs.get("left"), inputs.get("right")
    if left is None or right is None:
        return None
    keys = set(_names(options.get("right-on")) or _names(options.get("left-on")))
    taken = {column.name for column in left}
    suffix = str(options.get("suffix") or "_right")
    rest = [column for column in right if column.name not in keys]
    return _other_rows(left) + _other_rows(
        tuple(replace(column, name=f"{column.name}{suffix}") if column.name in taken else column for column in rest)
    )


def predict(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """What arrives and the answer; how many probabilities there are depends on the classes the model learned."""
    found, name = inputs.get(rule["input"]), options.get("name")
    if found is None or not isinstance(name, str):
        return None
    chances = (Column("probability_", "number", open=True),) if options.get("probabilities") is not False else ()
    return (*found, Column(name, "other"), *chances)


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


def agreed(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """What several inputs ask for, where all that are connected ask for the same."""
    given = [inputs[name] for name in rule["inputs"] if name in inputs]
    return given[0] if given and all(one == given[0] for one in given) else None


def encode(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Numbers, then what texts become, then what is left alone: the order in which they are written."""
    found = inputs.get(rule["input"])
    if found is None or rule.get("beside", rule["input"]) not in inputs:
        return None
    free = [column for column in found if column.name not in _names(options.get("leave"))]
    if any(column.type == "unknown" for column in free):
        return None
    scaled = [one for one in free if options.get("scale") != "keep" and one.type in ("integer", "number")]
    texts = [one for one in free if options.get("encode") != "keep" and one.type == "text"]
    if not scaled and not texts:
        return None
    numbers = [replace(column, type="number") for column in scaled]
    coded = [new for column in texts for new in _coded(column, options)]
    return (*numbers, *coded, *(column for column in found if column not in scaled and column not in texts))


def _coded(column: Column, options: Mapping[str, Any]) -> Columns:
    """The columns of numbers a column of categories becomes."""
    if options.get("encode") == "ordinal":
        return (Column(column.name, "number"),)
    most = options.get("categories")
    if column.values is None or most is None or len(column.values) > most:
        return (Column(f"{column.name}_", "number", open=True),)
    return tuple(Column(f"{column.name}_{value}", "number") for value in sorted(column.values))


def forecast(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """Known without any table: the dates, and three columns of its own."""
    date = options.get("date")
    if not isinstance(date, str):
        return None
    kind = "datetime" if options.get("every") in (None, "auto", "hour") else "date"
    return (Column(date, kind), *(Column(name, "number") for name in ("forecast", "low", "high")))


def trials(rule: Mapping[str, Any], options: Mapping[str, Any], inputs: Arriving) -> Columns | None:
    """One row per trial: the settings an algorithm has are the columns."""
    algorithm = options.get("algorithm")
    if algorithm is None:
        return None
    settings: Columns = (Column("neighbours", "integer"),)
    if algorithm != "neighbours":
        rate = () if algorithm == "forest" else (Column("rate", "number"),)
        settings = (Column("trees", "integer"), Column("depth", "integer"), *rate)
    return (Column("trial", "integer"), Column("score", "number"), *settings, Column("best_so_far", "number"))


def _other_rows(found: Columns) -> Columns:
    """The columns of other rows, among which a value may be missing or new."""
    return tuple(replace(column, values=None) for column in found)


def _only_open(found: Columns, name: str) -> Column | None:
    """What a name stands for that only an open column covers."""
    return None if any(one.name == name and not one.open for one in found) else find(found, name)


def _renamed(column: Column, names: Mapping[str, Any]) -> Column:
    return replace(column, name=str(names.get(column.name) or column.name))


def _retyped(found: Columns, types: Any) -> Columns:
    said = types if isinstance(types, dict) else {}
    return tuple(
        replace(column, type=str(said[column.name]), values=None) if column.name in said else column for column in found
    )


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


_ALL = (part, load, select, clean, join, predict, cluster, model, agreed, encode, forecast, trials)
RULES: Mapping[str, Rule] = {rule.__name__: rule for rule in _ALL}
