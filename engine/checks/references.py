"""References: every Get leads to something that will have a value by the time it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.checks.subject import Subject, Suggestions, error, replace_fix, warning
from engine.definition.model import Definition, Step, own_parts
from engine.definition.pointer import MISSING, child, join, resolve
from engine.expressions import EXECUTION_VARIABLES, ROOTS, Reference, gets
from engine.names import closest
from engine.problems import Fix, Problem
from engine.steps.base import Nature
from engine.steps.catalog import STEP_TYPES, step_type
from engine.steps.schema import step_schema

#: Members of ForEach that are no Describe members (SageMaker SDK v3).
_LOOP_MEMBERS = (
    "IterationOutputs",
    "Selected",
    "Status",
    "InputItemCount",
    "TotalStepCount",
    "SucceededStepCount",
    "FailedStepCount",
    "StoppedStepCount",
)

#: Re-keyed lists: path prefix → (where the step holds the list, the member that names an item, what it is).
_KEYED = {
    ("ProcessingOutputConfig", "Outputs"): ("/Arguments/ProcessingOutputConfig/Outputs", "OutputName", "output"),
    ("ProcessingInputs",): ("/Arguments/ProcessingInputs", "InputName", "input"),
    ("OutputParameters",): ("/OutputParameters", "OutputName", "output"),
    ("FinalMetricDataList",): ("/Arguments/AlgorithmSpecification/MetricDefinitions", "Name", "metric"),
}


def check_references(subject: Subject) -> Iterator[Problem]:
    near = Suggestions()
    for step in subject.definition.steps:
        bodies = _bodies_around(step, subject.definition)
        for pointer, value in own_parts(step):
            malformed, found = gets(value, pointer)
            for place, text in malformed:
                yield _malformed(text, place, step.name)
            for reference in found:
                yield from _reference(reference, step, bodies, subject.definition, near)
        yield from _dependencies(step, subject.definition, near)
        if step.type == "Cleanup":
            yield from _cleanup(step, subject.definition, near)
    for key, value in subject.document.items():
        if key not in ("Steps", "Parameters"):
            malformed, found = gets(value, join("", key))
            for place, text in malformed:
                yield _malformed(text, place, None)
            for reference in found:
                yield from _reference(reference, None, False, subject.definition, near)
    yield from _cycles(subject)


def _reference(
    reference: Reference, step: Step | None, in_body: bool, definition: Definition, near: Suggestions
) -> Iterator[Problem]:
    owner = step.name if step else None
    place = join(reference.pointer, "Get")
    if reference.root == "Parameters":
        if reference.name not in definition.parameters_by_name:
            match = near.closest(reference.name, list(definition.parameters_by_name))
            fix = (
                replace_fix(f"Use {match}", place, f"Parameters.{match}")
                if match
                else _add_parameter(reference, definition)
            )
            message = f'There is no parameter "{reference.name}".' + (f' Did you mean "{match}"?' if match else "")
            yield error("unknown-parameter", message, reference.pointer, owner, fix)
    elif reference.root == "Execution":
        if reference.name not in EXECUTION_VARIABLES:
            match = near.closest(reference.name, list(EXECUTION_VARIABLES))
            fix = replace_fix(f"Use {match}", place, f"Execution.{match}") if match else None
            hint = f' Did you mean "{match}"?' if match else f" Known: {', '.join(EXECUTION_VARIABLES)}."
            message = f'There is no execution variable "{reference.name}".{hint}'
            yield error("unknown-execution-variable", message, reference.pointer, owner, fix)
    elif reference.root == "ForEach":
        if not in_body:
            message = f"{reference.text} has a value only in the body of a ForEach."
            yield error("outside-loop", message, reference.pointer, owner)
    elif reference.root == "Steps":
        yield from _step_reference(reference, owner, definition, near)


def _step_reference(
    reference: Reference, owner: str | None, definition: Definition, near: Suggestions
) -> Iterator[Problem]:
    place = join(reference.pointer, "Get")
    if reference.name == owner:
        yield error("self-reference", f"{owner} refers to a value of its own.", reference.pointer, owner)
        return
    producer = definition.step(reference.name)
    if producer is None:
        match = near.closest(reference.name, [name for name in definition.steps_by_name if name != owner])
        rest = reference.text[len("Steps.") + len(reference.name) :]
        fix = replace_fix(f"Use {match}", place, f"Steps.{match}{rest}") if match else None
        message = f'There is no step "{reference.name}".' + (f' Did you mean "{match}"?' if match else "")
        yield error("unknown-step", message, reference.pointer, owner, fix)
        return
    if step_type(producer.type).nature is Nature.FAIL:
        message = f"{producer.name} ends the execution, so nothing can read a value from it."
        yield error("fail-step-referenced", message, reference.pointer, owner)
        return
    if reference.path[:1] == ("PropertyFiles",):
        yield from _property_file(reference, producer, owner, near)
        return
    yield from _property(reference, producer, owner, near)


def _property_file(reference: Reference, producer: Step, owner: str | None, near: Suggestions) -> Iterator[Problem]:
    files = producer.document.get("PropertyFiles")
    names = [child(file, "PropertyFileName") for file in files] if isinstance(files, list) else []
    known = [name for name in names if isinstance(name, str)]
    wanted = reference.property_file
    if wanted is None or wanted not in known:
        match = near.closest(wanted or "", known)
        fix = None
        if match:
            text = f"Steps.{producer.name}.PropertyFiles.{match}"
            fix = replace_fix(f"Use {match}", join(reference.pointer, "Get"), text)
        message = f'{producer.name} has no report (property file) "{wanted}".'
        message += f' Did you mean "{match}"?' if match else f" It has {', '.join(known[:10])}." if known else ""
        yield error("unknown-property-file", message, reference.pointer, owner, fix)


def _property(reference: Reference, producer: Step, owner: str | None, near: Suggestions) -> Iterator[Problem]:
    if not reference.path:
        message = f"{reference.text} is a whole step. Choose one of its values."
        yield error("no-property", message, reference.pointer, owner)
        return
    for prefix, (pointer, member, what) in _KEYED.items():
        if reference.path[: len(prefix)] == prefix and len(reference.path) > len(prefix):
            items = resolve(producer.document, pointer)
            names = [child(item, member) for item in items] if isinstance(items, list) else []
            key = reference.path[len(prefix)]
            if names and isinstance(key, str) and key not in names:
                yield _unknown_item(
                    reference, producer, owner, what, key, [n for n in names if isinstance(n, str)], near
                )
            return
    known = _members(producer)
    first = reference.path[0]
    if known and first not in known and isinstance(first, str):
        match = near.closest(first, known)
        message = f'{producer.name} ({producer.type}) has no property "{first}".'
        message += f' Did you mean "{match}"?' if match else ""
        yield warning("unknown-property", message, reference.pointer, owner, _swap(reference, first, match))


def _unknown_item(
    reference: Reference,
    producer: Step,
    owner: str | None,
    what: str,
    key: str,
    names: list[str],
    near: Suggestions,
) -> Problem:
    match = near.closest(key, names)
    hint = f' Did you mean "{match}"?' if match else f" It has {', '.join(names[:10])}."
    message = f'{producer.name} has no {what} "{key}".{hint}'
    return warning("unknown-property", message, reference.pointer, owner, _swap(reference, key, match))


def _swap(reference: Reference, old: str, new: str | None) -> Fix | None:
    if new is None:
        return None
    text = "Steps." + reference.name + reference.text[len("Steps.") + len(reference.name) :].replace(old, new, 1)
    return replace_fix(f"Use {new}", join(reference.pointer, "Get"), text)


def _members(step: Step) -> list[str]:
    if step.type == "ForEach":
        return list(_LOOP_MEMBERS)
    if step.type not in STEP_TYPES:
        return []
    return [*step_schema(step.type).get("x-describe", [])]


def _add_parameter(reference: Reference, definition: Definition) -> Fix | None:
    entry = {"Name": reference.name, "Type": "String"}
    parameters = definition.document.get("Parameters", MISSING)
    if isinstance(parameters, list):
        patch: dict[str, Any] = {"op": "add", "path": join("/Parameters", len(parameters)), "value": entry}
    elif parameters is MISSING:
        patch = {"op": "add", "path": "/Parameters", "value": [entry], "before": "Steps"}
    else:
        return None
    return Fix(title=f"Add parameter {reference.name}", patch=(patch,))


def _dependencies(step: Step, definition: Definition, near: Suggestions) -> Iterator[Problem]:
    entries = step.document.get("DependsOn")
    for dependency in step.depends_on:
        only = isinstance(entries, list) and len(entries) == 1
        removal = {"op": "remove", "path": join(step.pointer, "DependsOn") if only else dependency.pointer}
        remove = Fix(title="Remove the dependency", patch=(removal,))
        producer = definition.step(dependency.step)
        if dependency.step == step.name:
            message = f"{step.name} waits for itself."
            yield error("self-reference", message, dependency.pointer, step.name, remove)
        elif producer is None:
            match = near.closest(dependency.step, [name for name in definition.steps_by_name if name != step.name])
            entry = resolve(definition.document, dependency.pointer)
            place = dependency.pointer if isinstance(entry, str) else join(dependency.pointer, "Step")
            fix = replace_fix(f"Use {match}", place, match) if match else remove
            message = f'{step.name} waits for "{dependency.step}", which does not exist.'
            message += f' Did you mean "{match}"?' if match else ""
            yield error("unknown-step", message, dependency.pointer, step.name, fix)
        elif step_type(producer.type).nature is Nature.FAIL:
            message = f"{step.name} waits for {producer.name}, but a Fail step ends the execution."
            yield error("fail-step-referenced", message, dependency.pointer, step.name, remove)


def _cleanup(step: Step, definition: Definition, near: Suggestions) -> Iterator[Problem]:
    entries = resolve(step.document, "/Arguments/Resources/S3")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = child(entry, "StepName")
        if isinstance(name, str) and name not in definition.steps_by_name:
            match = near.closest(name, list(definition.steps_by_name))
            pointer = join(step.pointer, "Arguments", "Resources", "S3", index, "StepName")
            fix = replace_fix(f"Use {match}", pointer, match) if match else None
            yield error(
                "unknown-step", f'{step.name} cleans up after "{name}", which does not exist.', pointer, step.name, fix
            )


def _cycles(subject: Subject) -> Iterator[Problem]:
    for cycle in subject.graph.cycles:
        shown = cycle if len(cycle) <= 8 else (*cycle[:7], "…")
        circle = " → ".join((*shown, cycle[0]))
        first = subject.definition.steps_by_name[cycle[0]]
        message = f"These steps wait for each other in a circle: {circle}. Remove one of the wires."
        yield error("cycle", message, first.pointer, first.name)


#: What a field holds whose source was switched and where nothing has been chosen yet.
UNCHOSEN = {"Parameters.": "Choose a parameter for this value.", "Steps.": "Choose a step output for this value."}


def _malformed(text: str, pointer: str, owner: str | None) -> Problem:
    shown = text if len(text) <= 80 else text[:77] + "…"
    root = text.partition(".")[0]
    match = closest(root, ROOTS) if len(root) < 40 else None
    fix = None
    if match and match != root and "." in text:
        fix = replace_fix(f"Use {match}", join(pointer, "Get"), match + text[len(root) :])
    looks = "Steps.Name.Property, Parameters.Name or Execution.Name"
    message = UNCHOSEN.get(text) or f'"{shown}" is no reference. It looks like {looks}.'
    return error("malformed-reference", message, pointer, owner, fix)


def _bodies_around(step: Step, definition: Definition) -> bool:
    """Whether the step runs inside the body of a ForEach."""
    seen = 0
    current: Step | None = step
    while current is not None and current.parent is not None and seen <= len(definition.steps):
        if current.branch == "body":
            return True
        current, seen = definition.step(current.parent), seen + 1
    return False
