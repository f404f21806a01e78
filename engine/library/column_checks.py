"""Columns that ready-made steps name and that will not be there: found before anything runs, with the near name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.library.checks import replace
from engine.library.columns import StepColumns, named_columns
from engine.library.options import write_value
from engine.library.rules import Columns
from engine.names import closest
from engine.problems import Problem

_SHOWN = 6


def column_problems(known: Mapping[str, StepColumns]) -> tuple[Problem, ...]:
    """Every named column that does not arrive, in definition order of the steps."""
    return tuple(problem for found in known.values() for problem in (*_named(found), *_needed(found)))


def _named(found: StepColumns) -> Iterator[Problem]:
    for pointer, port, value, widget in named_columns(found.step, found.library):
        columns = found.inputs.get(port)
        if columns is None:
            continue
        names = {column.name for column in columns}
        for name in _names(value, widget):
            if name and name not in names:
                yield _missing(found, found.step.pointer + pointer, value, name, columns)


def _needed(found: StepColumns) -> Iterator[Problem]:
    """What a model was trained on has to be in the table it is used with."""
    need = found.library.document.get("needs")
    wanted = found.inputs.get(need["model"]) if need else None
    columns = found.inputs.get(need["table"]) if need else None
    if not need or wanted is None or columns is None:
        return
    names = {column.name for column in columns}
    asked = wanted if need.get("answer", True) else wanted[:-1]
    gone = [column.name for column in asked if column.name not in names]
    if gone:
        message = (
            f"{found.step.name}: the model learns from columns that its table does not have: {_listed(gone)}. "
            "Do the same to both tables, or choose the model's columns."
        )
        pointer = f"{found.step.pointer}/Arguments/ProcessingInputs"
        yield Problem(code="model-columns-missing", message=message, pointer=pointer, step=found.step.name)


def _missing(found: StepColumns, pointer: str, value: Any, name: str, columns: Columns) -> Problem:
    names = [column.name for column in columns]
    match = closest(name, names)
    hint = f'Did you mean "{match}"?' if match else f"It has {_listed(names)}. Choose one of them."
    fix = replace(f"Use {match}", pointer, write_value(_replaced(value, name, match))) if match else None
    message = f'{found.step.name}: the column "{name}" is not in the table that arrives. {hint}'
    return Problem(code="unknown-column", message=message, pointer=pointer, step=found.step.name, fix=fix)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


def _names(value: Any, widget: str) -> list[str]:
    if isinstance(value, str):
        return [value] if widget == "column" else []
    if isinstance(value, list):
        columns = [one.get("column") if isinstance(one, dict) else one for one in value]
        return [one for one in columns if isinstance(one, str)]
    return list(value) if isinstance(value, dict) else []


def _replaced(value: Any, name: str, match: str) -> Any:
    if isinstance(value, list):
        return [
            {**one, "column": match}
            if isinstance(one, dict) and one.get("column") == name
            else match
            if one == name
            else one
            for one in value
        ]
    if isinstance(value, dict):
        return {match if key == name else key: said for key, said in value.items()}
    return match
