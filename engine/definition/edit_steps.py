"""Edit commands for steps: add, remove, rename, move into and out of a branch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
from engine.definition.edit_wires import clear_wires, refuse_cycle
from engine.definition.model import CONTAINERS, Definition, Step
from engine.definition.pointer import join, resolve, split
from engine.graph import build_graph


def add_step(
    document: Any,
    layout: Any,
    *,
    template: Mapping[str, Any],
    name: str | None = None,
    bucket: str | None = None,
    position: Mapping[str, Any] | None = None,
    into: Mapping[str, str] | None = None,
) -> Edit:
    """A new step at the end of Steps, or of a branch: `into` is {"condition": name, "branch": "if" | "else"}."""
    definition = Definition.from_document(document)
    kind = template.get("Type")
    wanted = name or (kind if isinstance(kind, str) else "step")
    chosen = unique_name(wanted, definition.steps_by_name)
    fills = {"{step}": chosen, **({"{bucket}": bucket} if bucket else {})}
    rest = {key: value for key, value in template.items() if key != "Name"}
    draft, canvas = Draft(document), Draft(layout)
    if into is None:
        target = _steps_list(draft)
    else:
        target = _branch_list(draft, definition, into.get("condition"), into.get("branch"))
    draft.add(join(target, len(resolve(draft.document, target))), {"Name": chosen, **_fill(rest, fills)})
    if position is not None:
        canvas.put("", join("/nodes", chosen), dict(position))
    return Edit(label=f"Add {chosen}", definition=draft.patch, layout=canvas.patch)


def remove_steps(
    document: Any, layout: Any, *, steps: Sequence[str], ports: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> Edit:
    """The steps go, and every wire that left them. Members of a removed Condition that stay move up beside it."""
    definition = Definition.from_document(document)
    removed = {step_named(definition, name).name for name in steps}
    draft, canvas = Draft(document), Draft(layout)
    graph = build_graph(definition)
    for step in definition.steps:
        if step.name not in removed:
            edges = [e for e in graph.incoming(step.name) if e.kind != "branch" and e.source in removed]
            clear_wires(draft, step, [edge.pointer for edge in edges], (ports or {}).get(step.type, ()))
    for step in reversed(definition.steps):
        if step.name in removed:
            _lift_members(draft, step)
            draft.remove(step.pointer)
    for name in (step.name for step in definition.steps if step.name in removed):
        _forget_in_layout(canvas, name)
    label = f"Remove {next(iter(removed))}" if len(removed) == 1 else f"Remove {len(removed)} steps"
    return Edit(label=label, definition=draft.patch, layout=canvas.patch)


def rename_step(document: Any, layout: Any, *, step: str, name: str) -> Edit:
    """A new name, in every place that says the old one: references, DependsOn, IterationOutput, Cleanup, layout."""
    definition = Definition.from_document(document)
    found = step_named(definition, step)
    label = f"Rename {step} to {name}"
    if name == step:
        return Edit(label=label)
    check_name(name, definition.steps_by_name, "step")
    changes = rewrite_gets(document, lambda text: _renamed_get(text, step, name))
    changes[join(found.pointer, "Name")] = name
    for other in definition.steps:
        for dependency in other.depends_on:
            if dependency.step == step:
                entry = resolve(document, dependency.pointer)
                changes[dependency.pointer if isinstance(entry, str) else join(dependency.pointer, "Step")] = name
        if other.type == "Cleanup":
            changes.update(dict.fromkeys(_cleanup_names(other, step), name))
    draft, canvas = Draft(document), Draft(layout)
    replace_texts(draft, changes)
    _rename_in_layout(canvas, step, name)
    return Edit(label=label, definition=draft.patch, layout=canvas.patch)


def connect_branch(document: Any, layout: Any, *, condition: str, branch: str, step: str) -> Edit:
    """The step object moves to the end of the condition's branch: it runs only when that branch is taken."""
    definition = Definition.from_document(document)
    moved, holder = step_named(definition, step), step_named(definition, condition)
    label = f"Run {step} if {condition} is {'true' if branch == 'if' else 'false'}"
    if moved.parent == condition and moved.branch == branch:
        return Edit(label=label)
    if holder.pointer == moved.pointer or holder.pointer.startswith(moved.pointer + "/"):
        raise EditRefused("would-close-cycle", f"{condition} is part of {step}, so {step} cannot move into it.")
    refuse_cycle(build_graph(definition), condition, step)
    draft = Draft(document)
    target = _branch_list(draft, definition, condition, branch)
    path = join(target, len(resolve(draft.document, target)))
    draft.move(moved.pointer, _after_removal(path, moved.pointer))
    return Edit(label=label, definition=draft.patch)


def disconnect_branch(document: Any, layout: Any, *, step: str) -> Edit:
    """The step leaves its branch or body for the end of Steps: nothing decides any more whether it runs."""
    found = step_named(Definition.from_document(document), step)
    label = f"Take {step} out of {found.parent or 'its branch'}"
    if found.parent is None:
        return Edit(label=label)
    draft = Draft(document)
    draft.move(found.pointer, join("/Steps", len(resolve(document, "/Steps"))))
    return Edit(label=label, definition=draft.patch)


def move_steps(document: Any, layout: Any, *, positions: Mapping[str, Mapping[str, Any]]) -> Edit:
    """Nodes get new places; the definition stays as it is."""
    canvas = Draft(layout)
    for name, position in positions.items():
        node = resolve(canvas.document, join("/nodes", name))
        canvas.put("", join("/nodes", name), {**(node if isinstance(node, dict) else {}), **position})
    label = f"Move {next(iter(positions))}" if len(positions) == 1 else f"Move {len(positions)} steps"
    return Edit(label=label, layout=canvas.patch)


def _fill(value: Any, fills: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return fills.get(value, value)
    if isinstance(value, dict):
        return {key: _fill(item, fills) for key, item in value.items()}
    return [_fill(item, fills) for item in value] if isinstance(value, list) else value


def _steps_list(draft: Draft) -> str:
    if not isinstance(resolve(draft.document, "/Steps"), list):
        draft.put("", "/Steps", [])
    return "/Steps"


def _branch_list(draft: Draft, definition: Definition, container: Any, branch: Any) -> str:
    """The pointer of a branch's list, which is made when it is missing."""
    holder = step_named(definition, container)
    key = next((key for key, name in CONTAINERS.get(holder.type, ()) if name == branch), None)
    if key is None:
        raise EditRefused("no-such-branch", f"{container} has no branch {branch!r}.")
    if not isinstance(resolve(draft.document, join(holder.pointer, "Arguments", key)), list):
        draft.put(holder.pointer, join("/Arguments", key), [])
    return join(holder.pointer, "Arguments", key)


def _lift_members(draft: Draft, step: Step) -> None:
    tokens = split(step.pointer)
    parent, index = join("", *tokens[:-1]), int(tokens[-1])
    for key, _ in CONTAINERS.get(step.type, ()):
        source = join(step.pointer, "Arguments", key)
        items = resolve(draft.document, source)
        for _ in items if isinstance(items, list) else ():
            index += 1
            draft.move(join(source, 0), join(parent, index))


def _after_removal(path: str, removed: str) -> str:
    """Where `path` leads once the list item at `removed` is gone."""
    tokens, gone = split(path), split(removed)
    depth = len(gone) - 1
    if len(tokens) > depth and tokens[:depth] == gone[:depth] and int(tokens[depth]) > int(gone[depth]):
        tokens[depth] = str(int(tokens[depth]) - 1)
    return join("", *tokens)


def _renamed_get(text: str, old: str, new: str) -> str | None:
    quoted = re.escape(old)
    pattern = rf"(Steps\.|IterationOutput\.|Steps\.[^.\[\]]+\.IterationOutputs\[\d+\]\.){quoted}(?=[.\[]|$)"
    found = re.match(pattern, text)
    return found[1] + new + text[found.end() :] if found else None


def _cleanup_names(step: Step, name: str) -> list[str]:
    entries = resolve(step.document, "/Arguments/Resources/S3")
    base = join(step.pointer, "Arguments", "Resources", "S3")
    return [
        join(base, index, "StepName")
        for index, entry in enumerate(entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and entry.get("StepName") == name
    ]


def _groups(canvas: Draft) -> list[tuple[int, list[Any]]]:
    groups = resolve(canvas.document, "/groups")
    members = [
        (n, group.get("members"))
        for n, group in enumerate(groups if isinstance(groups, list) else ())
        if isinstance(group, dict)
    ]
    return [(n, names) for n, names in members if isinstance(names, list)]


def _rename_in_layout(canvas: Draft, old: str, new: str) -> None:
    for key in ("nodes", "hints"):
        held = resolve(canvas.document, join("", key))
        if isinstance(held, dict) and old in held:
            names = list(held)
            following = names[names.index(old) + 1 :]
            if new in held:
                canvas.remove(join("", key, new))
                following = [name for name in following if name != new]
            canvas.move(join("", key, old), join("", key, new), following[0] if following else None)
    for index, names in _groups(canvas):
        for position, name in enumerate(names):
            if name == old:
                canvas.replace(join("/groups", index, "members", position), new)


def _forget_in_layout(canvas: Draft, name: str) -> None:
    for key in ("nodes", "hints"):
        held = resolve(canvas.document, join("", key))
        if isinstance(held, dict) and name in held:
            canvas.remove(join("", key, name))
    for index, names in reversed(_groups(canvas)):
        if names == [name]:
            canvas.remove(join("/groups", index))
        elif name in names:
            canvas.remove(join("/groups", index, "members", names.index(name)))
