"""Columns that got another name: what they are called now, and every step that still says the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.definition.model import Definition, Step
from engine.definition.pointer import join, resolve
from engine.library.catalogue import ARGUMENTS, recognise
from engine.library.columns import Sources, StepColumns, flow, named_columns
from engine.library.options import write_value
from engine.library.rules import Columns, find
from engine.names import closest


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What changed between two versions of a table. `to`: a name that is gone → the one that took its place."""

    new: frozenset[str] = frozenset()
    to: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: Moved) -> Moved:
        return Moved(new=self.new | other.new, to={**other.to, **self.to})


@dataclass(frozen=True, kw_only=True)
class Use:
    """A place that names a column: `pointer` into its step, `value` with the new name."""

    step: Step
    pointer: str
    value: Any


def moved(before: Sequence[str], now: Sequence[str]) -> Moved:
    """A column is taken for the new one at its place, else for the only new one if it is the only one gone."""
    known, there = set(before), set(now)
    gone = [name for name in before if name not in there]
    new = [name for name in now if name not in known]
    to = {
        name: now[place]
        for place, name in enumerate(before)
        if name in gone and now[place : place + 1] and now[place] in new
    }
    if len(gone) == len(new) == 1:
        to = {gone[0]: new[0]}
    return Moved(new=frozenset(new), to=to)


def suggestion(name: str, columns: Columns, change: Moved) -> str | None:
    """What a column is probably called now: a near name among the new ones, what took its place, any near name."""
    names = [column.name for column in columns if not column.open]
    near = closest(name, [one for one in names if one in change.new])
    taken = change.to.get(name)
    return near or (taken if taken in names else None) or closest(name, names)


def uses_of(
    definition: Definition, known: Mapping[str, StepColumns], sources: Sources, pairs: Mapping[str, str]
) -> dict[str, list[Use]]:
    """Old name → every place that names it though it does not arrive there, and would if it still had its name.

    `pairs`: old name → new name. A step whose columns nobody knows counts, and so does a word of a step's own script.
    """
    before = flow(definition, _with_old_names(sources, pairs)) if pairs else {}
    found: dict[str, list[Use]] = {old: [] for old in pairs}
    for step in definition.steps:
        if step.name not in known:
            for old, use in _words(step, pairs):
                found[old].append(use)
            continue
        here = known[step.name]
        for pointer, port, value, widget in named_columns(here.step, here.library):
            for old in set(column_names(value, widget)) & set(pairs):
                if _reaches(old, here.inputs.get(port), before[step.name].inputs.get(port)):
                    mended = write_value(renamed(value, old, pairs[old]))
                    found[old].append(Use(step=step, pointer=pointer, value=mended))
    return found


def _reaches(old: str, columns: Columns | None, before: Columns | None) -> bool:
    """Whether a column is missed only because it has another name now; so it is where nobody knows."""
    if columns is None:
        return True
    return find(columns, old) is None and before is not None and find(before, old) is not None


def _with_old_names(sources: Sources, pairs: Mapping[str, str]) -> Sources:
    """As if every renamed column were there under its old name as well."""

    def with_old(columns: Any) -> Any:
        if not isinstance(columns, tuple):
            return columns
        names = {column.name: column for column in columns}
        return columns + tuple(
            replace(names[new], name=old) for old, new in pairs.items() if new in names and old not in names
        )

    return Sources(
        files=lambda uri, reading: with_old(sources.files(uri, reading)),
        earlier=lambda step, output: with_old(sources.earlier(step, output)),
        queries=lambda query, tables: with_old(sources.queries(query, _without_old(tables, pairs))),
        leaving=with_old,
    )


def _without_old(tables: Mapping[str, Columns], pairs: Mapping[str, str]) -> Mapping[str, Columns]:
    """A query is asked about the tables as they are."""
    news = {name: {column.name for column in columns} for name, columns in tables.items()}
    return {
        name: tuple(one for one in columns if not (one.name in pairs and pairs[one.name] in news[name]))
        for name, columns in tables.items()
    }


def column_names(value: Any, widget: str) -> list[str]:
    """The columns an option's value names."""
    if isinstance(value, str):
        return [value] if widget == "column" else []
    if isinstance(value, list):
        columns = [one.get("column") if isinstance(one, dict) else one for one in value]
        return [one for one in columns if isinstance(one, str)]
    return list(value) if isinstance(value, dict) else []


def renamed(value: Any, old: str, new: str) -> Any:
    """An option's value with the new name in place of the old one."""
    if isinstance(value, list):
        return [
            {**one, "column": new} if isinstance(one, dict) and one.get("column") == old else new if one == old else one
            for one in value
        ]
    if isinstance(value, dict):
        return {new if key == old else key: said for key, said in value.items()}
    return new if value == old else value


def _words(step: Step, pairs: Mapping[str, str]) -> Iterator[tuple[str, Use]]:
    """Words a step gives its own script that are the column's name."""
    words = resolve(step.document, ARGUMENTS)
    if recognise(step.document) is not None or not isinstance(words, list):
        return
    for place, word in enumerate(words):
        if place and isinstance(word, str) and word in pairs and str(words[place - 1]).startswith("-"):
            yield word, Use(step=step, pointer=join(ARGUMENTS, place), value=pairs[word])
