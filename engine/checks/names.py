"""Names: legal, and each used once in the whole definition, branches and bodies included."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.subject import Subject, error, replace_fix
from engine.definition.edit_base import NAME, unique_name
from engine.definition.edit_steps import rename_step
from engine.definition.edit_values import rename_parameter
from engine.definition.pointer import join
from engine.problems import Fix, Problem

#: A rename reads the whole definition; more than this many are not offered at once.
_MOST_RENAMES = 20


def check_names(subject: Subject) -> Iterator[Problem]:
    yield from _steps(subject)
    yield from _parameters(subject)


def _steps(subject: Subject) -> Iterator[Problem]:
    taken = set(subject.definition.steps_by_name)
    seen: set[str] = set()
    renames = 0
    for step in subject.definition.steps:
        pointer = join(step.pointer, "Name")
        if step.name in seen:
            free = unique_name(step.name, taken)
            taken.add(free)
            message = f'Two steps are named "{_shown(step.name)}". Each step needs a name of its own.'
            fix = replace_fix(f"Rename this one to {free}", pointer, free)
            yield error("duplicate-step-name", message, pointer, step.name, fix)
        elif NAME.fullmatch(step.name) is None:
            legal = unique_name(step.name, taken)
            taken.add(legal)
            renames += 1
            rename = None
            if renames <= _MOST_RENAMES:
                edit = rename_step(subject.document, {}, step=step.name, name=legal)
                rename = Fix(title=f"Rename it to {legal}", patch=edit.definition)
            yield error("illegal-step-name", _illegal("step", step.name), pointer, step.name, rename)
        seen.add(step.name)


def _parameters(subject: Subject) -> Iterator[Problem]:
    taken = set(subject.definition.parameters_by_name)
    seen: set[str] = set()
    renames = 0
    for parameter in subject.definition.parameters:
        pointer = join(parameter.pointer, "Name")
        if parameter.name in seen:
            free = unique_name(parameter.name, taken)
            taken.add(free)
            fix = replace_fix(f"Rename this one to {free}", pointer, free)
            yield error(
                "duplicate-parameter-name", f'Two parameters are named "{_shown(parameter.name)}".', pointer, fix=fix
            )
        elif NAME.fullmatch(parameter.name) is None:
            legal = unique_name(parameter.name, taken)
            taken.add(legal)
            renames += 1
            rename = None
            if renames <= _MOST_RENAMES:
                edit = rename_parameter(subject.document, {}, parameter=parameter.name, name=legal)
                rename = Fix(title=f"Rename it to {legal}", patch=edit.definition)
            yield error("illegal-parameter-name", _illegal("parameter", parameter.name), pointer, fix=rename)
        seen.add(parameter.name)


def _illegal(what: str, name: str) -> str:
    return f'"{_shown(name)}" cannot be a {what} name: 1 to 64 letters, digits, "-" or "_".'


def _shown(name: str) -> str:
    return name if len(name) <= 80 else name[:77] + "…"
