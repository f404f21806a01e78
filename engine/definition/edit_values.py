"""Edit commands for values and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definition.edit_base import (
    Draft,
    Edit,
    EditRefused,
    check_name,
    replace_texts,
    rewrite_gets,
    step_named,
    unique_name,
)
from engine.definition.model import Definition, Parameter
from engine.definition.pointer import MISSING, join, resolve, split
from engine.expressions import references


def set_value(document: Any, layout: Any, *, step: str | None, pointer: str, value: Any) -> Edit:
    """Sets one value of a step (`pointer` into the step object), or of the document when `step` is None."""
    base, owner = _base(document, step)
    if split(pointer)[:1] == ["Name"] and step is not None:
        raise EditRefused("use-rename", "A step is renamed with rename_step, so that its references follow.")
    draft = Draft(document)
    draft.put(base, pointer, value)
    return Edit(label=f"Change {_last(pointer)} of {owner}", definition=draft.patch)


def unset_value(document: Any, layout: Any, *, step: str | None, pointer: str) -> Edit:
    """Removes one value, so that its default holds again. Nothing happens where nothing is."""
    base, owner = _base(document, step)
    draft = Draft(document)
    if resolve(document, base + pointer) is not MISSING:
        draft.remove(base + pointer)
    return Edit(label=f"Reset {_last(pointer)} of {owner}", definition=draft.patch)


def set_condition(document: Any, layout: Any, *, step: str, conditions: Any) -> Edit:
    """The comparisons of a Condition step, all of which must hold."""
    base, _ = _base(document, step)
    draft = Draft(document)
    draft.put(base, "/Arguments/Conditions", conditions)
    return Edit(label=f"Change the condition of {step}", definition=draft.patch)


def add_parameter(document: Any, layout: Any, *, parameter: Mapping[str, Any]) -> Edit:
    """A new parameter at the end; its name is made legal and unique."""
    taken = Definition.from_document(document).parameters_by_name
    wanted = parameter.get("Name")
    name = unique_name(wanted if isinstance(wanted, str) and wanted else "Parameter", taken)
    entry = {"Name": name, **{key: value for key, value in parameter.items() if key != "Name"}}
    draft = Draft(document)
    items = resolve(document, "/Parameters")
    if isinstance(items, list):
        draft.add(join("/Parameters", len(items)), entry)
    elif items is MISSING and "Steps" in document:
        draft.add("/Parameters", [entry], before="Steps")
    else:
        draft.put("", "/Parameters", [entry])
    return Edit(label=f"Add parameter {name}", definition=draft.patch)


def rename_parameter(document: Any, layout: Any, *, parameter: str, name: str) -> Edit:
    """A new name for a parameter, in every reference too."""
    found = _parameter(document, parameter)
    label = f"Rename parameter {parameter} to {name}"
    if name == parameter:
        return Edit(label=label)
    check_name(name, Definition.from_document(document).parameters_by_name, "parameter")
    old, new = f"Parameters.{parameter}", f"Parameters.{name}"
    changes = rewrite_gets(document, lambda text: new if text == old else None)
    changes[join(found.pointer, "Name")] = name
    draft = Draft(document)
    replace_texts(draft, changes)
    return Edit(label=label, definition=draft.patch)


def remove_parameter(document: Any, layout: Any, *, parameter: str) -> Edit:
    """The parameter goes; every reference to it becomes its default, or "" where it has none."""
    found = _parameter(document, parameter)
    value = "" if found.default is MISSING else found.default
    draft = Draft(document)
    for reference in references(document):
        if reference.root == "Parameters" and reference.name == parameter:
            draft.replace(reference.pointer, value)
    draft.remove(found.pointer)
    return Edit(label=f"Remove parameter {parameter}", definition=draft.patch)


def _base(document: Any, step: str | None) -> tuple[str, str]:
    if step is None:
        return "", "the pipeline"
    found = step_named(Definition.from_document(document), step)
    return found.pointer, found.name


def _parameter(document: Any, name: str) -> Parameter:
    found = Definition.from_document(document).parameters_by_name.get(name)
    if found is None:
        raise EditRefused("unknown-parameter", f"There is no parameter {name!r}.")
    return found


def _last(pointer: str) -> str:
    named = [token for token in split(pointer) if not token.isdigit()]
    return named[-1] if named else "the document"
