"""Columns that ready-made steps name and that will not be there: found before anything runs, with the near name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.definition.model import Definition
from engine.library.checks import replace
from engine.library.columns import Sources, StepColumns, named_columns
from engine.library.options import write_value
from engine.library.renaming import Moved, Use, column_names, renamed, suggestion, uses_of
from engine.library.rules import Columns, find
from engine.problems import Fix, Problem, Severity

_SHOWN = 6
_NAMED_STEPS = 2


@dataclass(frozen=True, kw_only=True)
class _Missing:
    """A column an option names that does not arrive. `match`: what it is probably called now."""

    found: StepColumns
    pointer: str
    value: Any
    name: str
    columns: Columns
    match: str | None


def column_problems(
    definition: Definition, known: Mapping[str, StepColumns], sources: Sources, change: Callable[[], Moved] = Moved
) -> tuple[Problem, ...]:
    """Every named column that does not arrive, and files and queries that cannot be read.

    `change` is asked what is known of columns that were renamed, where one is missing.
    """
    change = cache(change)
    missing = {name: list(_missing(found, change)) for name, found in known.items()}
    pairs: dict[str, str] = {}
    for one in (one for some in missing.values() for one in some):
        if one.match is not None:
            pairs.setdefault(one.name, one.match)
    uses = uses_of(definition, known, sources, pairs)
    return tuple(
        problem
        for name, found in known.items()
        for problem in (
            *_troubles(found),
            *(_problem(one, pairs.get(one.name), uses.get(one.name, [])) for one in missing[name]),
            *_needed(found),
        )
    )


def everywhere(old: str, new: str, uses: Sequence[Use]) -> Fix | None:
    """One change of every step that names a column; None where that is one step only."""
    steps = dict.fromkeys(use.step.name for use in uses)
    if len(steps) < 2:
        return None
    patch = tuple({"op": "replace", "path": use.step.pointer + use.pointer, "value": use.value} for use in uses)
    return Fix(title=f"Use {new} in {listed_steps(steps, old)}", patch=patch)


def listed_steps(steps: Collection[str], column: str) -> str:
    """Steps that name a column, in words a button has room for."""
    return " and ".join(steps) if len(steps) <= _NAMED_STEPS else f"all {len(steps)} steps that name {column}"


def _missing(found: StepColumns, change: Callable[[], Moved]) -> Iterator[_Missing]:
    for pointer, port, value, widget in named_columns(found.step, found.library):
        columns = found.inputs.get(port)
        if columns is None:
            continue
        for name in column_names(value, widget):
            if name and find(columns, name) is None:
                match = suggestion(name, columns, change())
                yield _Missing(found=found, pointer=pointer, value=value, name=name, columns=columns, match=match)


def _problem(one: _Missing, now: str | None, uses: Sequence[Use]) -> Problem:
    """`now`: what the column is called where it was missed first."""
    step, pointer = one.found.step, one.found.step.pointer + one.pointer
    upstream = now is not None and find(one.columns, now) is None and any(use.step.name == step.name for use in uses)
    match = None if upstream else one.match
    if upstream:
        hint = f'A step before loses it: further up it is called "{now}".'
    elif match:
        hint = f'Did you mean "{match}"?'
    else:
        hint = f"It has {_listed([column.name for column in one.columns if not column.open])}. Choose one of them."
    fix = replace(f"Use {match}", pointer, write_value(renamed(one.value, one.name, match))) if match else None
    wide = now if upstream or match == now else None
    return Problem(
        code="unknown-column",
        message=f'{step.name}: the column "{one.name}" is not in the table that arrives. {hint}',
        pointer=pointer,
        step=step.name,
        fix=fix,
        everywhere=everywhere(one.name, wide, uses) if wide is not None else None,
    )


def _troubles(found: StepColumns) -> Iterator[Problem]:
    """A step may still read what a look at the head of a file could not."""
    for pointer, said in found.troubles.items():
        yield Problem(
            code="unreadable-input",
            message=f"{found.step.name}: {said}",
            pointer=found.step.pointer + pointer,
            severity=Severity.WARNING,
            step=found.step.name,
        )


def _needed(found: StepColumns) -> Iterator[Problem]:
    """What a model was trained on has to be in the table it is used with."""
    need = found.library.document.get("needs")
    wanted = found.inputs.get(need["model"]) if need else None
    columns = found.inputs.get(need["table"]) if need else None
    if not need or wanted is None or columns is None:
        return
    asked = wanted if need.get("answer", True) else wanted[:-1]
    gone = [column.name for column in asked if not column.open and find(columns, column.name) is None]
    if gone:
        message = (
            f"{found.step.name}: the model learns from columns that its table does not have: {_listed(gone)}. "
            "Do the same to both tables, or choose the model's columns."
        )
        pointer = f"{found.step.pointer}/Arguments/ProcessingInputs"
        yield Problem(code="model-columns-missing", message=message, pointer=pointer, step=found.step.name)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
