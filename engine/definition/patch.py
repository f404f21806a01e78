"""Patches: RFC 6902 with one addition, so that an inverse also brings key order back.

Operations: add, replace, remove, move. `before` (add and move into an object) names the key to insert in front
of; without it a new key comes last. A move is a remove followed by an add, so its `path` is read in the document
without the moved value (RFC 6902 forbids a path that begins with `from`; here it names a later sibling).

Inputs are never changed: only the objects and lists on the way to a change are copied, once per patch, so a small
change to a large document is cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from engine.definition.pointer import MISSING, child, list_index, split
from engine.definition.tree import walk

Operation: TypeAlias = Mapping[str, Any]
Patch: TypeAlias = tuple[dict[str, Any], ...]


class PatchRefused(Exception):
    """The patch does not fit the document."""

    def __init__(self, message: str, *, index: int, pointer: str) -> None:
        super().__init__(message)
        self.index = index
        self.pointer = pointer


class _Misfit(Exception):
    pass


def apply_patch(document: Any, patch: Sequence[Operation]) -> tuple[Any, Patch]:
    """(changed document, inverse patch). Applying the inverse gives the document back, key order included.

    Raises:
        PatchRefused: an operation is malformed or names a place that is not there. Nothing is changed then.
    """
    writer = _Writer(document)
    inverse: list[dict[str, Any]] = []
    for index, operation in enumerate(patch):
        try:
            inverse.extend(writer.apply(operation))
        except _Misfit as misfit:
            path = operation.get("path") if hasattr(operation, "get") else None
            message = f"Operation {index + 1} does not fit the document: {misfit}"
            raise PatchRefused(message, index=index, pointer=path if isinstance(path, str) else "") from None
    inverse.reverse()
    return writer.root, tuple(inverse)


class _Writer:
    """One patch run. Containers are copied the first time a change passes through them."""

    def __init__(self, document: Any) -> None:
        self.root = document
        self._fresh: dict[int, Any] = {}  # id → container made by this run (kept alive, so ids stay unique)

    def apply(self, operation: Operation) -> list[dict[str, Any]]:
        """Carries one operation out; returns its inverse as operations in reverse order (apply last to first)."""
        if not hasattr(operation, "get"):
            raise _Misfit("an operation is an object")
        kind = operation.get("op")
        tokens = _tokens(operation, "path")
        if kind == "add":
            _need_value(operation)
            return [self._add(tokens, operation["value"], operation.get("before"))]
        if kind == "replace":
            _need_value(operation)
            old = self._replace(tokens, operation["value"])
            return [{"op": "replace", "path": _text(tokens), "value": old}]
        if kind == "remove":
            return [self._remove(tokens)[1]]
        if kind == "move":
            return self._move(operation, tokens)
        raise _Misfit(f'"op" is one of add, replace, remove, move; here it is {kind!r}')

    def _move(self, operation: Operation, tokens: list[str]) -> list[dict[str, Any]]:
        source = _tokens(operation, "from")
        value, back = self._remove(source)
        added = self._add(tokens, value, operation.get("before"))
        if added["op"] == "replace":  # the target key held a value: put both back
            self._disown(value)  # it now stands in the document and in the inverse
            return [back, added]
        inverse = {"op": "move", "from": added["path"], "path": back["path"]}
        if "before" in back:
            inverse["before"] = back["before"]
        return [inverse]

    def _add(self, tokens: list[str], value: Any, before: Any) -> dict[str, Any]:
        if not tokens:
            old, self.root = self.root, value
            return {"op": "replace", "path": "", "value": old}
        holder = self._holder(tokens)
        key = tokens[-1]
        path = _text(tokens)
        if isinstance(holder, list):
            index = len(holder) if key == "-" else list_index(key)
            if index is None or index > len(holder):
                raise _Misfit(f"{path} is no place in a list of {len(holder)}")
            holder.insert(index, value)
            return {"op": "remove", "path": _text([*tokens[:-1], str(index)])}
        if key in holder:
            old, holder[key] = holder[key], value
            return {"op": "replace", "path": path, "value": old}
        if before is None:
            holder[key] = value
        else:
            _insert_before(holder, key, value, before)
        return {"op": "remove", "path": path}

    def _replace(self, tokens: list[str], value: Any) -> Any:
        if not tokens:
            old, self.root = self.root, value
            return old
        holder = self._holder(tokens)
        old = child(holder, tokens[-1])
        if old is MISSING:
            raise _Misfit(f"there is nothing at {_text(tokens)}")
        if isinstance(holder, list):
            holder[int(tokens[-1])] = value
        else:
            holder[tokens[-1]] = value
        return old

    def _remove(self, tokens: list[str]) -> tuple[Any, dict[str, Any]]:
        if not tokens:
            raise _Misfit("the whole document cannot be removed")
        holder = self._holder(tokens)
        old = child(holder, tokens[-1])
        path = _text(tokens)
        if old is MISSING:
            raise _Misfit(f"there is nothing at {path}")
        back: dict[str, Any] = {"op": "add", "path": path, "value": old}
        if isinstance(holder, list):
            del holder[int(tokens[-1])]
            return old, back
        keys = iter(holder)
        for key in keys:
            if key == tokens[-1]:
                break
        following = next(keys, None)
        if following is not None:
            back["before"] = following
        del holder[tokens[-1]]
        return old, back

    def _holder(self, tokens: list[str]) -> Any:
        """The container of the last token, with every container on the way made fresh."""
        self.root = here = self._own(self.root)
        for token in tokens[:-1]:
            value = child(here, token)
            if value is MISSING:
                raise _Misfit(f"there is nothing at {_text(tokens)}")
            owned = self._own(value)
            if isinstance(here, list):
                here[int(token)] = owned
            else:
                here[token] = owned
            here = owned
        if not isinstance(here, dict | list):
            raise _Misfit(f"{_text(tokens)} lies inside a value that is no object and no list")
        return here

    def _own(self, value: Any) -> Any:
        if not isinstance(value, dict | list) or self._fresh.get(id(value)) is value:
            return value
        copy = value.copy()
        self._fresh[id(copy)] = copy
        return copy

    def _disown(self, value: Any) -> None:
        for _, _, inner in walk(value):
            self._fresh.pop(id(inner), None)


def _insert_before(holder: dict[str, Any], key: str, value: Any, before: Any) -> None:
    if not isinstance(before, str) or before not in holder:
        raise _Misfit(f'"before" names a key of the same object; there is no {before!r}')
    later = list(holder)
    later = later[later.index(before) :]
    holder[key] = value
    for name in later:
        holder[name] = holder.pop(name)


def _tokens(operation: Operation, member: str) -> list[str]:
    path = operation.get(member)
    if not isinstance(path, str):
        raise _Misfit(f'"{member}" is a JSON pointer')
    try:
        return split(path)
    except ValueError as error:
        raise _Misfit(str(error)) from None


def _need_value(operation: Operation) -> None:
    if "value" not in operation:
        raise _Misfit('"value" is missing')


def _text(tokens: list[str]) -> str:
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)
