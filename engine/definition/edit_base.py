"""What every edit command is made of: a draft that records operations, names, and the refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definition.model import Definition, Step
from engine.definition.patch import Patch, apply_patch
from engine.definition.pointer import MISSING, child, join, list_index, resolve, split
from engine.definition.tree import pointer_of, same, walk
from engine.names import plain_letters

NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")
_LONGEST_NAME = 64


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What one command changes. Empty patches: the documents are already as asked."""

    label: str
    definition: Patch = ()
    layout: Patch = ()


class EditRefused(Exception):
    """The command does not fit the documents. `code` is for machines, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Draft:
    """A document and the operations applied to it so far."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.operations: list[dict[str, Any]] = []

    @property
    def patch(self) -> Patch:
        return tuple(self.operations)

    def apply(self, operation: dict[str, Any]) -> None:
        self.document, _ = apply_patch(self.document, (operation,))
        self.operations.append(operation)

    def add(self, path: str, value: Any, before: str | None = None) -> None:
        self.apply({"op": "add", "path": path, "value": value, **({"before": before} if before else {})})

    def replace(self, path: str, value: Any) -> None:
        self.apply({"op": "replace", "path": path, "value": value})

    def remove(self, path: str) -> None:
        self.apply({"op": "remove", "path": path})

    def move(self, source: str, path: str, before: str | None = None) -> None:
        self.apply({"op": "move", "from": source, "path": path, **({"before": before} if before else {})})

    def put(self, base: str, pointer: str, value: Any) -> None:
        """Sets the value at base + pointer with one operation, or none when it is there already.

        Missing objects on the way come with it: the first missing (or null) one is added with the rest inside,
        as a list where the next token is "0". A list takes a new item only at its end.
        """
        tokens = split(pointer)
        here = resolve(self.document, base)
        for depth, token in enumerate(tokens):
            if not isinstance(here, dict | list):
                raise EditRefused("no-such-place", f"{base}{pointer} lies inside a value that holds nothing.")
            found = child(here, token)
            path = join(base, *tokens[: depth + 1])
            last = depth == len(tokens) - 1
            if found is MISSING:
                if isinstance(here, list) and list_index(token) != len(here):
                    raise EditRefused("no-such-place", f"{path} is no place in a list of {len(here)}.")
                self.add(path, _nest(tokens[depth + 1 :], value))
                return
            if last or found is None:
                nested = _nest(tokens[depth + 1 :], value)
                if not same(found, nested):
                    self.replace(path, nested)
                return
            here = found


def _nest(tokens: list[str], value: Any) -> Any:
    for token in reversed(tokens):
        value = [value] if token == "0" else {token: value}
    return value


def step_named(definition: Definition, name: Any) -> Step:
    found = definition.step(name) if isinstance(name, str) else None
    if found is None:
        raise EditRefused("unknown-step", f"There is no step {name!r}.")
    return found


def check_name(name: Any, taken: Collection[str], what: str) -> str:
    """The name, if it is legal and free."""
    if not isinstance(name, str) or NAME.fullmatch(name) is None:
        raise EditRefused("illegal-name", f"A {what} name has 1 to 64 letters, digits, '-' or '_'; {name!r} has not.")
    if name in taken:
        raise EditRefused("name-taken", f'There is already a {what} named "{name}".')
    return name


def unique_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted` made legal (other characters become "-"), with -2, -3 … behind it while it is taken."""
    base = re.sub(r"[^A-Za-z0-9\-_]+", "-", plain_letters(wanted))[:_LONGEST_NAME].strip("-") or "step"
    name, number = base, 2
    while name in taken:
        suffix = f"-{number}"
        name = base[: _LONGEST_NAME - len(suffix)] + suffix
        number += 1
    return name


def replace_texts(draft: Draft, changes: Mapping[str, str]) -> None:
    """One replace per changed text, in document order."""
    for pointer in in_document_order(draft.document, changes):
        draft.replace(pointer, changes[pointer])


def in_document_order(document: Any, pointers: Collection[str]) -> list[str]:
    """The pointers that lead somewhere, in the order a reader meets them."""
    wanted = {tuple(split(pointer)): pointer for pointer in pointers}

    def rank(tokens: tuple[str, ...]) -> tuple[int, ...]:
        value, positions = document, []
        for token in tokens:
            positions.append(int(token) if isinstance(value, list) else list(value).index(token))
            value = child(value, token)
        return tuple(positions)

    present = [tokens for tokens in wanted if resolve(document, tokens) is not MISSING]
    return [wanted[tokens] for tokens in sorted(present, key=rank)]


def rewrite_gets(document: Any, rewrite: Callable[[str], str | None]) -> dict[str, str]:
    """Pointer → new text of every {"Get": text} for which `rewrite` gives another text."""
    changes: dict[str, str] = {}
    for place, _, value in walk(document):
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Get"), str):
            text = rewrite(value["Get"])
            if text is not None and text != value["Get"]:
                changes[join(pointer_of(place), "Get")] = text
    return changes
