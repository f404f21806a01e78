"""A definition as values: parameters and steps, wherever they are nested, each with its JSON pointer.

The document stays the truth; these values only point into it. Anything that has not the shape of a parameter
or a step is left out here and reported by validation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.definition.pointer import MISSING, join

#: Where steps hold steps: type → (argument key, branch name).
CONTAINERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Condition": (("IfSteps", "if"), ("ElseSteps", "else")),
    "ForEach": (("ForEachBody", "body"),),
}

#: DependsOn triggers by every spelling seen; a bare string and "Completed" mean Succeeded (SageMaker SDK v3).
TRIGGERS: Mapping[str, str] = {
    "Completed": "Succeeded",
    "Succeeded": "Succeeded",
    "Failed": "Failed",
    "Stopped": "Stopped",
    "Any": "Any",
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """`type` is String where the document names none; `default` is MISSING where a value is required at start."""

    name: str
    type: str
    default: Any
    enum: tuple[Any, ...] | None
    pointer: str
    document: Mapping[str, Any]

    @property
    def required(self) -> bool:
        return self.default is MISSING


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """One entry of DependsOn."""

    step: str
    trigger: str
    pointer: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """`pointer` leads to `document`, the step object. `parent` and `branch` ("if", "else", "body") for nested steps."""

    name: str
    type: str
    pointer: str
    document: Mapping[str, Any]
    parent: str | None = None
    branch: str | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        arguments = self.document.get("Arguments")
        return arguments if isinstance(arguments, dict) else {}

    @property
    def depends_on(self) -> tuple[Dependency, ...]:
        return tuple(_dependencies(self.document.get("DependsOn"), join(self.pointer, "DependsOn")))


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    document: Mapping[str, Any]
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]

    @classmethod
    def from_document(cls, document: Any) -> Definition:
        """Never raises; what is not a parameter or a step is left out. Steps come in document order, parents first."""
        root = document if isinstance(document, dict) else {}
        return cls(document=root, parameters=tuple(_parameters(root)), steps=tuple(_steps(root)))

    @cached_property
    def steps_by_name(self) -> Mapping[str, Step]:
        """The first step of each name, in document order."""
        found: dict[str, Step] = {}
        for step in self.steps:
            found.setdefault(step.name, step)
        return found

    @cached_property
    def parameters_by_name(self) -> Mapping[str, Parameter]:
        """The first parameter of each name, in document order."""
        found: dict[str, Parameter] = {}
        for parameter in self.parameters:
            found.setdefault(parameter.name, parameter)
        return found

    def step(self, name: str) -> Step | None:
        return self.steps_by_name.get(name)

    def children(self, name: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.parent == name)


def own_parts(step: Step) -> Iterator[tuple[str, Any]]:
    """(pointer, value) of all that belongs to the step itself: every key, without the steps nested in it.

    Name, Type and DependsOn are left out: they hold no expressions.
    """
    nested = {key for key, _ in CONTAINERS.get(step.type, ())}
    for key, value in step.document.items():
        if key in ("Name", "Type", "DependsOn"):
            continue
        pointer = join(step.pointer, key)
        if key == "Arguments" and nested and isinstance(value, dict):
            yield from ((join(pointer, name), part) for name, part in value.items() if name not in nested)
        else:
            yield pointer, value


def member_lists(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """(pointer, list) of every list of steps: Steps itself, branches and bodies, parents first."""
    root = document.get("Steps") if isinstance(document, dict) else None
    stack: list[tuple[str, Any]] = [("/Steps", root)]
    while stack:
        pointer, items = stack.pop()
        if not isinstance(items, list):
            continue
        yield pointer, items
        inner: list[tuple[str, Any]] = []
        for index, item in enumerate(items):
            inner.extend((p, steps) for p, steps, _ in _nested_lists(item, join(pointer, index)))
        stack.extend(reversed(inner))


def _nested_lists(step: Any, pointer: str) -> Iterator[tuple[str, Any, str]]:
    if not isinstance(step, dict) or not isinstance(step.get("Type"), str):
        return
    arguments = step.get("Arguments")
    if isinstance(arguments, dict):
        for key, branch in CONTAINERS.get(step["Type"], ()):
            if key in arguments:
                yield join(pointer, "Arguments", key), arguments[key], branch


def _steps(root: Mapping[str, Any]) -> Iterator[Step]:
    stack: list[tuple[str, Any, str | None, str | None]] = []

    def push(pointer: str, items: Any, parent: str | None, branch: str | None) -> None:
        if isinstance(items, list):
            last = len(items) - 1
            stack.extend((join(pointer, last - n), item, parent, branch) for n, item in enumerate(reversed(items)))

    push("/Steps", root.get("Steps"), None, None)
    while stack:
        pointer, item, parent, branch = stack.pop()
        if not isinstance(item, dict) or not isinstance(item.get("Name"), str):
            continue
        kind = item.get("Type")
        step = Step(
            name=item["Name"],
            type=kind if isinstance(kind, str) else "",
            pointer=pointer,
            document=item,
            parent=parent,
            branch=branch,
        )
        yield step
        for inner, items, name in reversed(list(_nested_lists(item, pointer))):
            push(inner, items, step.name, name)


def _parameters(root: Mapping[str, Any]) -> Iterator[Parameter]:
    items = root.get("Parameters")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, dict) or not isinstance(item.get("Name"), str):
            continue
        enum = item.get("EnumValues")
        kind = item.get("Type", "String")
        yield Parameter(
            name=item["Name"],
            type=kind if isinstance(kind, str) else "",
            default=item.get("DefaultValue", MISSING),
            enum=tuple(enum) if isinstance(enum, list) else None,
            pointer=join("/Parameters", index),
            document=item,
        )


def _dependencies(items: Any, pointer: str) -> Iterator[Dependency]:
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, str):
            yield Dependency(step=item, trigger="Succeeded", pointer=join(pointer, index))
        elif isinstance(item, dict) and isinstance(item.get("Step"), str):
            trigger = item.get("Trigger", "Completed")
            known = TRIGGERS.get(trigger) if isinstance(trigger, str) else None
            yield Dependency(step=item["Step"], trigger=known or "Succeeded", pointer=join(pointer, index))
