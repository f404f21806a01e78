"""Edit commands for wires. A wire is a reference in the definition, or an entry of DependsOn: nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definition.edit_base import Draft, Edit, EditRefused, step_named, unique_name
from engine.definition.model import TRIGGERS, Definition, Step
from engine.definition.pointer import MISSING, child, join, resolve, split
from engine.definition.tree import same
from engine.expressions import expression_kind
from engine.graph import Graph, build_graph, last_quoted
from engine.steps.base import Port
from engine.steps.ports import Slot, fill_item, list_pointer, port_from_json, slots


def connect(
    document: Any,
    layout: Any,
    *,
    source: str,
    path: str,
    target: str,
    port: str,
    ports: Sequence[Mapping[str, Any]],
    slot: str | None = None,
    name: str | None = None,
    file: str | None = None,
    report_path: str | None = None,
) -> Edit:
    """Draws a data wire: the reference Steps.<source>.<path> goes into a slot of the target's in-port.

    `slot` (a pointer into the step) takes it when given. Else the port's first free slot; else, for a port of one
    place, that place; else a new list item after the port's template, named `name` or what is referred to.
    `file`: not the folder that is referred to is taken, but this file in it. `report_path`: where in a report the value
    stands that is read.
    """
    definition = Definition.from_document(document)
    producer, consumer = step_named(definition, source), step_named(definition, target)
    refuse_cycle(build_graph(definition), source, target)
    listed = [port_from_json(entry) for entry in ports]
    chosen = next((entry for entry in listed if entry.name == port and entry.direction == "in"), None)
    if chosen is None:
        raise EditRefused("unknown-port", f"{target} has no input {port!r}.")
    value = reference_value(producer, path, chosen)
    if report_path is not None and "Std:JsonGet" in value:
        value = {"Std:JsonGet": {**value["Std:JsonGet"], "Path": report_path}}
    if file is not None:
        value = {"Std:Join": {"On": "/", "Values": [value, file]}}
    draft = Draft(document)
    if slot is not None:
        draft.put(consumer.pointer, slot, value)
    else:
        wanted = name or last_quoted(path) or _file_name(path) or source
        slot = _fill_port(draft, consumer, chosen, listed, value, wanted)
    if slot is not None:
        _put_beside(draft, consumer, chosen, slot)
    return Edit(label=f"Connect {source} to {target}", definition=draft.patch)


def depend(document: Any, layout: Any, *, source: str, target: str, trigger: str = "Succeeded") -> Edit:
    """Draws an order-only wire: an entry of DependsOn, a bare name unless the trigger is another than Succeeded."""
    definition = Definition.from_document(document)
    step_named(definition, source)
    consumer = step_named(definition, target)
    refuse_cycle(build_graph(definition), source, target)
    if trigger not in TRIGGERS.values():
        raise EditRefused("unknown-trigger", f"A trigger is Succeeded, Failed, Stopped or Any; {trigger!r} is none.")
    entry: Any = source if trigger == "Succeeded" else {"Step": source, "Trigger": trigger}
    draft = Draft(document)
    known = next((d for d in consumer.depends_on if d.step == source), None)
    entries = consumer.document.get("DependsOn")
    if known is not None and known.trigger != trigger:
        draft.replace(known.pointer, entry)
    elif known is None and isinstance(entries, list):
        draft.add(join(consumer.pointer, "DependsOn", len(entries)), entry)
    elif known is None:
        draft.put(consumer.pointer, "/DependsOn", [entry])
    return Edit(label=f"Run {target} after {source}", definition=draft.patch)


def disconnect(
    document: Any, layout: Any, *, target: str, pointers: Sequence[str], ports: Sequence[Mapping[str, Any]] = ()
) -> Edit:
    """Takes wires off a step. `pointers`: edge pointers into the step, in document order."""
    consumer = step_named(Definition.from_document(document), target)
    draft = Draft(document)
    clear_wires(draft, consumer, [consumer.pointer + pointer for pointer in pointers], ports)
    return Edit(label=f"Disconnect {target}", definition=draft.patch)


def refuse_cycle(graph: Graph, source: str, target: str) -> None:
    if source == target:
        raise EditRefused("would-close-cycle", f"{source} cannot wait for itself.")
    if graph.reaches(target, source):
        raise EditRefused("would-close-cycle", f"{source} already waits for {target}; this wire would close a circle.")


def clear_wires(draft: Draft, step: Step, pointers: Sequence[str], ports: Sequence[Mapping[str, Any]]) -> None:
    """Removes edges at absolute pointers inside the step, last to first.

    A DependsOn entry is removed, with the list when it was the last. Else the outermost expression around the
    reference goes: with its whole list item when the item is just what `connect` appends, else it becomes "".
    """
    listed = [port_from_json(entry) for entry in ports]
    for pointer in pointers:
        if not pointer.startswith(step.pointer + "/") or resolve(draft.document, pointer) is MISSING:
            raise EditRefused("no-such-place", f"{step.name} has no wire at {pointer}.")
    for pointer in reversed(pointers):
        tokens = split(pointer[len(step.pointer) :])
        here = resolve(draft.document, step.pointer)
        if tokens[0] == "DependsOn":
            alone = len(here["DependsOn"]) == 1
            draft.remove(join(step.pointer, "DependsOn") if alone else pointer)
            continue
        relative = _outermost_expression(here, tokens)
        if relative is None:
            continue  # an earlier pointer took the same expression away
        slot = next((s for s in slots(here, listed) if s.pointer == relative and s.port.direction == "in"), None)
        if slot is not None and slot.item is not None and _as_appended(here, slot):
            draft.remove(step.pointer + slot.item)
        else:
            draft.replace(step.pointer + relative, "")


def reference_value(producer: Step, path: str, port: Port) -> Any:
    """What a wire writes: a Get; for a property file a value read from it, or the file's URI where the port says so."""
    if not path.startswith("PropertyFiles."):
        return {"Get": f"Steps.{producer.name}.{path}"}
    if port.report_as == "value":
        return {"Std:JsonGet": {"PropertyFile": {"Get": f"Steps.{producer.name}.{path}"}, "Path": ""}}
    files = producer.document.get("PropertyFiles")
    wanted = path.removeprefix("PropertyFiles.")
    for file in files if isinstance(files, list) else ():
        if child(file, "PropertyFileName") == wanted:
            output = f"Steps.{producer.name}.ProcessingOutputConfig.Outputs['{file.get('OutputName')}'].S3Output.S3Uri"
            return {"Std:Join": {"On": "/", "Values": [{"Get": output}, file.get("FilePath")]}}
    raise EditRefused("unknown-property-file", f"{producer.name} has no property file {wanted!r}.")


def _put_beside(draft: Draft, step: Step, port: Port, slot: str) -> None:
    """What goes with the value in `slot`, where nobody has written it."""
    for member, value in (port.beside or {}).items():
        pointer = join("", *split(slot)[:-1], member)
        if resolve(draft.document, step.pointer + pointer) in (MISSING, None, ""):
            draft.put(step.pointer, pointer, value)


def _fill_port(draft: Draft, step: Step, port: Port, ports: Sequence[Port], value: Any, wanted: str) -> str | None:
    """Where the value was put, None for a new item, which holds all that belongs to it."""
    found = [slot for slot in slots(step.document, ports) if slot.port is port]
    free = next((slot for slot in found if slot.free), None)
    holder = list_pointer(port)
    single = holder is None or "/[" in port.pattern
    if free is not None or (single and found):
        place = (free or found[0]).pointer
        draft.put(step.pointer, place, value)
        return place
    if holder is None or port.item is None:
        raise EditRefused("no-free-slot", f"Every {port.title or port.name} of {step.name} is taken.")
    items = resolve(step.document, holder)
    items = items if isinstance(items, list) else []
    taken = [child(item, port.item_name) for item in items] if port.item_name else []
    name = unique_name(wanted, [entry for entry in taken if isinstance(entry, str)])
    item = fill_item(port.item, name, value)
    if items:
        draft.add(join(step.pointer + holder, len(items)), item)
    elif isinstance(resolve(step.document, holder), list):
        draft.add(join(step.pointer + holder, 0), item)
    else:
        draft.put(step.pointer, holder, [item])
    return None


def _outermost_expression(step: Any, tokens: Sequence[str]) -> str | None:
    here = step
    for depth, token in enumerate(tokens):
        here = child(here, token)
        if expression_kind(here) is not None:
            return join("", *tokens[: depth + 1])
    return None


def _as_appended(step: Any, slot: Slot) -> bool:
    item = resolve(step, slot.item or "")
    return slot.port.item is not None and same(item, fill_item(slot.port.item, slot.name, slot.value))


def _file_name(path: str) -> str | None:
    return path.removeprefix("PropertyFiles.") if path.startswith("PropertyFiles.") else None
