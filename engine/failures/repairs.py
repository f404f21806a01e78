"""Changes of a step that answer a cause: worked out on the step as the draft has it, and told before they are made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definition.pointer import join
from engine.definition.tree import same
from engine.failures.cause import Action, Cause
from engine.instances import find_instance, instance_documents

Json = Any

INSTANCE_PLACES = (
    ("Arguments", "ProcessingResources", "ClusterConfig", "InstanceType"),
    ("Arguments", "ResourceConfig", "InstanceType"),
    ("Arguments", "TransformResources", "InstanceType"),
)
TIME_PLACE = ("Arguments", "StoppingCondition", "MaxRuntimeInSeconds")
#: Longest run SageMaker allows for a processing job.
LONGEST_SECONDS = 5 * 86_400
#: More differences than this are another step, not a slip.
MOST_DIFFERENCES = 6
_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class Repair:
    """`id` names it for as long as step and cause are the same. `changes`: (pointer into the step, new value).

    `package`: the change is a new requirements.txt beside the step's code, known once that is stored.
    `elsewhere`: (pointer into the definition, new value) of the same change in other steps.
    """

    id: str
    action: Action
    label: str
    changes: tuple[tuple[str, Json], ...] = ()
    package: str | None = None
    elsewhere: tuple[tuple[str, Json], ...] = ()


def repairs(step: Mapping[str, Json], cause: Cause, last_good: Mapping[str, Json] | None = None) -> tuple[Repair, ...]:
    """What can be done to the step about the cause, best first.

    `step`: as it is now. `last_good`: the same step as it was when it last succeeded, if it ever did.
    """
    found: list[Repair] = []
    for action in cause.actions:
        match action:
            case Action.PICK_COLUMN:
                found += _pick_column(step, cause)
            case Action.ADD_PACKAGE:
                found += _add_package(step, cause)
            case Action.RAISE_MEMORY:
                found += _raise_memory(step)
            case Action.RAISE_TIME:
                found += _raise_time(step)
            case Action.USE_LAST_GOOD if last_good is not None:
                found += _use_last_good(step, last_good, cause)
    return tuple(found)


def _pick_column(step: Mapping[str, Json], cause: Cause) -> Iterator[Repair]:
    if cause.column is None:
        return
    for name in cause.suggestions:
        changes = tuple(_replaced(step.get("Arguments"), "/Arguments", cause.column, name))
        if changes:
            label = f"Use the column “{name}”"
            yield Repair(id=f"pick-column:{name}", action=Action.PICK_COLUMN, label=label, changes=changes)


def _replaced(value: Json, pointer: str, old: str, new: str) -> Iterator[tuple[str, Json]]:
    """Every text that is the column's name, or a JSON list or object that holds it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _replaced(inner, join(pointer, key), old, new)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _replaced(inner, join(pointer, index), old, new)
    elif value == old:
        yield pointer, new
    elif isinstance(value, str) and value[:1] in ("[", "{") and json.dumps(old) in value:
        try:
            inner = json.loads(value)
        except (ValueError, RecursionError):
            return
        yield pointer, json.dumps(_renamed(inner, old, new), ensure_ascii=False)


def _renamed(value: Json, old: str, new: str) -> Json:
    if isinstance(value, list):
        return [_renamed(one, old, new) for one in value]
    if isinstance(value, dict):
        return {new if key == old else key: _renamed(one, old, new) for key, one in value.items()}
    return new if value == old else value


def _add_package(step: Mapping[str, Json], cause: Cause) -> Iterator[Repair]:
    if cause.package and code_input(step) is not None:
        label = f"Add {cause.package} to requirements.txt"
        yield Repair(id="add-package", action=Action.ADD_PACKAGE, label=label, package=cause.package)


def code_input(step: Mapping[str, Json]) -> tuple[str, str] | None:
    """(address, folder in the container) of the script a Processing step brings along; None where it brings none."""
    inputs = _at(step, ("Arguments", "ProcessingInputs"))
    for entry in inputs if isinstance(inputs, list) else []:
        source = entry.get("S3Input") if isinstance(entry, dict) and entry.get("InputName") == "code" else None
        if not isinstance(source, dict):
            continue
        address, folder = source.get("S3Uri"), source.get("LocalPath")
        if isinstance(address, str) and address.endswith(".py") and isinstance(folder, str):
            return address, folder
    return None


def requirements_input(step: Mapping[str, Json], folder: str) -> tuple[int, str] | None:
    """(position, address) of the input that puts a requirements.txt into that folder, if the step has one."""
    for index, entry in enumerate(_at(step, ("Arguments", "ProcessingInputs")) or ()):
        source = entry.get("S3Input") if isinstance(entry, dict) else None
        address = source.get("S3Uri") if isinstance(source, dict) else None
        if not isinstance(source, dict) or not isinstance(address, str) or source.get("LocalPath") != folder:
            continue
        if address.endswith("/requirements.txt"):
            return index, address
    return None


def _raise_memory(step: Mapping[str, Json]) -> Iterator[Repair]:
    for place in INSTANCE_PLACES:
        now = _at(step, place)
        known = find_instance(now) if isinstance(now, str) else None
        larger = _next_larger(known.type, known.memory_bytes) if known else None
        if larger is None:
            continue
        found = find_instance(larger)
        words = f"{found.words} ({larger})" if found else larger
        label = f"Use {words}"
        yield Repair(id="raise-memory", action=Action.RAISE_MEMORY, label=label, changes=((join("", *place), larger),))
        return


def _next_larger(instance_type: str, memory: int) -> str | None:
    """The smallest type of the same family with more memory; GPU families stay what they are."""
    family = instance_type.rpartition(".")[0] + "."
    sizes = [found for one in instance_documents() if (found := find_instance(str(one["type"]))) is not None]
    larger = [one for one in sizes if one.type.startswith(family) and one.memory_bytes > memory]
    return min(larger, key=lambda one: one.memory_bytes).type if larger else None


def _raise_time(step: Mapping[str, Json]) -> Iterator[Repair]:
    now = _at(step, TIME_PLACE)
    if isinstance(now, bool) or not isinstance(now, int) or now >= LONGEST_SECONDS:
        return
    longer = min(LONGEST_SECONDS, max(60, int(now) * 2))
    label = f"Allow {_duration(longer)}"
    yield Repair(id="raise-time", action=Action.RAISE_TIME, label=label, changes=((join("", *TIME_PLACE), longer),))


def _use_last_good(step: Mapping[str, Json], last_good: Mapping[str, Json], cause: Cause) -> Iterator[Repair]:
    if step.get("Type") != last_good.get("Type"):
        return
    changes = tuple(_differences(step.get("Arguments"), last_good.get("Arguments"), "/Arguments"))
    if not 1 <= len(changes) <= MOST_DIFFERENCES or any(pointer == "/Arguments" for pointer, _ in changes):
        return
    missed = cause.column
    if missed is not None and any(next(_replaced(value, at, missed, ""), None) for at, value in changes):
        return  # it was good for another table: here it names the very column that is missing
    if len(changes) == 1:
        label = f"Use the last good value of {_name_of(step, changes[0][0])}: {_shown(changes[0][1])}"
    else:
        label = f"Use the last good values of {', '.join(_name_of(step, pointer) for pointer, _ in changes)}"
    yield Repair(id="use-last-good", action=Action.USE_LAST_GOOD, label=label, changes=changes)


def _differences(now: Json, good: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """The smallest places where `now` has to change to be `good`; a list of another length changes as a whole."""
    if isinstance(now, dict) and isinstance(good, dict) and set(now) <= set(good):
        for key, value in good.items():
            if key not in now:
                yield join(pointer, key), value
            else:
                yield from _differences(now[key], value, join(pointer, key))
    elif isinstance(now, list) and isinstance(good, list) and len(now) == len(good):
        for index, value in enumerate(good):
            yield from _differences(now[index], value, join(pointer, index))
    elif not same(now, good):
        yield pointer, good


def _name_of(step: Mapping[str, Json], pointer: str) -> str:
    """What a person calls the value at a pointer: an option by the word before it, else the member's name."""
    tokens = pointer.split("/")[1:]
    if len(tokens) > 1 and tokens[-1].isdecimal():
        before = _at(step, (*tokens[:-1], str(int(tokens[-1]) - 1)))
        if isinstance(before, str) and before.startswith("--"):
            return before[2:].replace("-", " ").replace("_", " ")
    named = [token for token in tokens if not token.isdecimal()]
    return named[-1] if named else "the step"


def _at(value: Json, place: tuple[str, ...]) -> Json:
    for token in place:
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _duration(seconds: int) -> str:
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {word}{'' if seconds == size else 's'}"
    return f"{seconds} seconds" if seconds < 3600 else f"{seconds / 3600:.1f} hours"
