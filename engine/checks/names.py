"""Names: legal, and each used once in the whole definition, branches and bodies included."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.subject import Subject, error, replace_fix
from engine.definition.edit_base import NAME, unique_name
from engine.definition.pointer import join
from engine.problems import Problem


def check_names(subject: Subject) -> Iterator[Problem]:
    taken = {step.name for step in subject.definition.steps}
    seen: set[str] = set()
    for step in subject.definition.steps:
        pointer = join(step.pointer, "Name")
        if step.name in seen:
            free = unique_name(step.name, taken)
            taken.add(free)
            message = f'Two steps are named "{step.name}". Each step needs a name of its own.'
            fix = replace_fix(f"Rename this one to {free}", pointer, free)
            yield error("duplicate-step-name", message, pointer, step.name, fix)
        elif NAME.fullmatch(step.name) is None:
            yield _illegal("step", step.name, pointer, unique_name(step.name, taken), step.name)
        seen.add(step.name)
    names = {parameter.name for parameter in subject.definition.parameters}
    seen = set()
    for parameter in subject.definition.parameters:
        pointer = join(parameter.pointer, "Name")
        if parameter.name in seen:
            message = f'Two parameters are named "{parameter.name}".'
            free = unique_name(parameter.name, names)
            names.add(free)
            fix = replace_fix(f"Rename this one to {free}", pointer, free)
            yield error("duplicate-parameter-name", message, pointer, fix=fix)
        elif NAME.fullmatch(parameter.name) is None:
            yield _illegal("parameter", parameter.name, pointer, unique_name(parameter.name, names), None)
        seen.add(parameter.name)


def _illegal(what: str, name: str, pointer: str, legal: str, step: str | None) -> Problem:
    shown = name if len(name) <= 80 else name[:77] + "…"
    message = f'"{shown}" cannot be a {what} name: 1 to 64 letters, digits, "-" or "_".'
    # Renaming here would leave references behind; a name nothing can refer to has none.
    return error(f"illegal-{what}-name", message, pointer, step, replace_fix(f"Use {legal}", pointer, legal))
