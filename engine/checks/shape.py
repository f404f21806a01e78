"""Is it a definition at all: the types of what the format names, before anything is read from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.checks.subject import error, replace_fix, warning
from engine.definition.model import CONTAINERS, TRIGGERS
from engine.definition.pointer import join
from engine.expressions import quote
from engine.problems import Fix, Problem

VERSION = "2020-12-01"


def check_shape(document: Any) -> Iterator[Problem]:
    if not isinstance(document, dict):
        yield error("not-a-definition", "A pipeline definition is a JSON object.", "")
        return
    version = document.get("Version")
    if version is not None and version != VERSION:
        message = f'"Version" is "{VERSION}"; here it is {quote(version)}.'
        yield error("unknown-version", message, "/Version", fix=replace_fix(f"Use {VERSION}", "/Version", VERSION))
    yield from _metadata(document.get("Metadata"))
    yield from _parameters(document.get("Parameters"))
    if "Steps" not in document:
        fix = Fix(title="Add an empty list", patch=({"op": "add", "path": "/Steps", "value": []},))
        yield error("not-a-definition", 'A pipeline definition has a list "Steps".', "", fix=fix)
        return
    yield from _steps(document["Steps"])


def _metadata(metadata: Any) -> Iterator[Problem]:
    if metadata is not None and not isinstance(metadata, dict):
        yield warning("metadata-shape", '"Metadata" holds names and texts; it will be left alone.', "/Metadata")


def _parameters(parameters: Any) -> Iterator[Problem]:
    if parameters is None:
        return
    if not isinstance(parameters, list):
        yield error("parameters-shape", '"Parameters" is a list.', "/Parameters")
        return
    for index, entry in enumerate(parameters):
        pointer = join("/Parameters", index)
        if not isinstance(entry, dict):
            yield error("parameter-shape", "A parameter is an object with Name and Type.", pointer)
        elif not isinstance(entry.get("Name"), str):
            yield error("parameter-shape", "This parameter has no name.", pointer)


def _steps(steps: Any) -> Iterator[Problem]:
    stack: list[tuple[str, Any]] = [("/Steps", steps)]
    while stack:
        pointer, items = stack.pop()
        if not isinstance(items, list):
            yield error("steps-shape", f"Steps stand in a list; here is {quote(items)}.", pointer)
            continue
        for index, item in enumerate(items):
            here = join(pointer, index)
            yield from _step(item, here)
            if isinstance(item, dict) and isinstance(item.get("Arguments"), dict):
                kind = item.get("Type")
                for key, _ in CONTAINERS.get(kind, ()) if isinstance(kind, str) else ():
                    inner = item["Arguments"].get(key)
                    if inner is not None:
                        stack.append((join(here, "Arguments", key), inner))


def _step(item: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(item, dict):
        yield error("step-shape", f"A step is an object with Name, Type and Arguments; here is {quote(item)}.", pointer)
        return
    name = item.get("Name")
    owner = name if isinstance(name, str) else None
    if owner is None:
        yield error("step-shape", "This step has no name.", pointer)
    if not isinstance(item.get("Type"), str):
        yield error("step-shape", f"{owner or 'This step'} has no type.", pointer, owner)
    arguments = item.get("Arguments")
    if arguments is not None and not isinstance(arguments, dict):
        yield error(
            "step-shape", f'"Arguments" of {owner or "a step"} is an object.', join(pointer, "Arguments"), owner
        )
    yield from _depends_on(item.get("DependsOn"), join(pointer, "DependsOn"), owner)


def _depends_on(entries: Any, pointer: str, owner: str | None) -> Iterator[Problem]:
    if entries is None:
        return
    if not isinstance(entries, list):
        yield error("depends-on-shape", '"DependsOn" is a list of step names.', pointer, owner)
        return
    for index, entry in enumerate(entries):
        here = join(pointer, index)
        if isinstance(entry, str):
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("Step"), str):
            yield error("depends-on-shape", "An entry is a step name, or an object with Step and Trigger.", here, owner)
        elif "Trigger" in entry and entry["Trigger"] not in list(TRIGGERS):
            message = f"{quote(entry['Trigger'])} is no trigger. It is one of Completed, Failed, Stopped, Any."
            yield error("unknown-trigger", message, join(here, "Trigger"), owner)
