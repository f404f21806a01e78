"""Requests read and answers written by AWS's own service model, as botocore carries it.

The model of a service is read once per process, without its documentation and without the shapes nobody needs.
Unknown members of a request are ignored, as AWS does; a member that is null counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws.errors import AwsError, invalid

Shape = Mapping[str, Any]
#: Patterns that let every text pass and would take for ever on a large one.
_ANYTHING = (".*(?:[ \\r\\n\\t].*)*", ".*(?:[ \\r\\n\\t].*)*.*")
#: Java's classes in the words Python knows; a little more passes.
_JAVA_CLASSES = {r"\p{L}": r"\w", r"\p{M}": r"\w", r"\p{N}": r"\w", r"\p{Z}": r"\s", r"\p{Alnum}": "a-zA-Z0-9"}
_LONGEST_SHOWN = 256
#: Dots in the path of a member. Expressions of Search nest; nothing people send comes near this.
_DEEPEST = 60
_LARGEST = {"integer": 2**31 - 1, "long": 2**63 - 1}
_JSON_WORDS = {str: "STRING_VALUE", bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE"}
_KINDS = {
    "string": "a String",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
    "boolean": "a Boolean",
    "timestamp": "a Timestamp",
    "list": "a List",
    "map": "a Map",
    "structure": "a Structure",
}


class ServiceModel:
    """The operations of one service. `names`: every operation AWS has, also those Clary lacks."""

    def __init__(self, target_prefix: str, names: frozenset[str], inputs: Shape, outputs: Shape, shapes: Shape) -> None:
        self.target_prefix = target_prefix
        self.names = names
        self._inputs = inputs
        self._outputs = outputs
        self._shapes = shapes

    def read(self, operation: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """The known members that came, timestamps as aware datetimes.

        Raises:
            AwsError: SerializationException for a member of another type, ValidationException (all findings in one
                message, in AWS's wording) for what breaks a constraint.
        """
        shape = self._inputs.get(operation)
        if shape is None:
            return {}
        reader = _Reader(self._shapes)
        given: dict[str, Any] = reader.read(shape, document, "")
        if reader.findings:
            count = len(reader.findings)
            said = f"{count} validation error{'s' if count > 1 else ''} detected: "
            raise invalid(said + "; ".join(reader.findings[:20]))
        return given

    def shaped(self, operation: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """What goes over the wire: members of the output shape only, times as epoch seconds, nothing that is None."""
        shape = self._outputs.get(operation)
        return {} if shape is None else self._write(shape, document)

    def required(self, operation: str) -> tuple[str, ...]:
        """The members a request must have."""
        shape = self._inputs.get(operation)
        return tuple(self._shapes[shape].get("required", ())) if shape else ()

    def answered(self, operation: str) -> tuple[str, ...]:
        """The members an answer may have."""
        shape = self._outputs.get(operation)
        return tuple(self._shapes[shape]["members"]) if shape else ()

    def _write(self, name: str, value: Any) -> Any:
        shape = self._shapes[name]
        match shape["type"]:
            case "structure" if isinstance(value, Mapping):
                members = shape["members"]
                return {
                    key: self._write(members[key]["shape"], inner)
                    for key, inner in value.items()
                    if key in members and inner is not None
                }
            case "list" if isinstance(value, list | tuple):
                return [self._write(shape["member"]["shape"], one) for one in value if one is not None]
            case "map" if isinstance(value, Mapping):
                of = shape["value"]["shape"]
                return {str(key): self._write(of, one) for key, one in value.items() if one is not None}
            case "timestamp":
                return round(value.timestamp(), 3) if isinstance(value, datetime) else value
            case "string" if not isinstance(value, str):
                return str(value).lower() if isinstance(value, bool) else str(value)
        return value


class _Reader:
    """One request on its way through the shapes; gathers what breaks a constraint."""

    def __init__(self, shapes: Shape) -> None:
        self._shapes = shapes
        self.findings: list[str] = []

    def read(self, name: str, value: Any, path: str) -> Any:
        shape = self._shapes[name]
        match shape["type"]:
            case "structure":
                return self._structure(shape, value, path)
            case "list":
                return self._list(shape, value, path)
            case "map":
                return self._map(shape, value, path)
            case "timestamp":
                return _timestamp(value)
        return self._scalar(shape, value, path)

    def _structure(self, shape: Shape, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _mistyped(value, "structure")
        if path.count(".") > _DEEPEST:
            raise AwsError("SerializationException", "The request is nested too deeply.")
        found = {}
        for key, member in shape["members"].items():
            inner = value.get(key)
            here = f"{path}.{_lower(key)}" if path else _lower(key)
            if inner is not None:
                found[key] = self.read(member["shape"], inner, here)
            elif key in shape.get("required", ()):
                self.findings.append(f"Value null at '{here}' failed to satisfy constraint: Member must not be null")
        return found

    def _list(self, shape: Shape, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise _mistyped(value, "list")
        self._size(shape, value, len(value), path, "length")
        found = []
        for index, one in enumerate(value, 1):
            here = f"{path}.{index}.member"
            if one is None:
                self.findings.append(f"Value null at '{here}' failed to satisfy constraint: Member must not be null")
                continue
            found.append(self.read(shape["member"]["shape"], one, here))
        return found

    def _map(self, shape: Shape, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _mistyped(value, "map")
        self._size(shape, value, len(value), path, "length")
        found = {}
        for key, one in value.items():
            self.read(shape["key"]["shape"], key, f"{path}.key")
            if one is not None:
                found[key] = self.read(shape["value"]["shape"], one, f"{path}.{key[:64]}.member")
        return found

    def _scalar(self, shape: Shape, value: Any, path: str) -> Any:
        kind = shape["type"]
        if kind in ("string", "blob", "character"):
            if not isinstance(value, str):
                raise _mistyped(value, "string")
            self._text(shape, value, path)
        elif kind == "boolean":
            if not isinstance(value, bool):
                raise _mistyped(value, kind)
        elif kind in ("integer", "long"):
            if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST[kind]:
                raise _mistyped(value, kind)
            self._size(shape, value, value, path, "value")
        else:
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise _mistyped(value, kind)
            self._size(shape, value, value, path, "value")
        return value

    def _text(self, shape: Shape, value: str, path: str) -> None:
        if "\0" in value or not _is_unicode(value):
            self._finding(value, path, "Member must be text without NUL and without half of a surrogate pair")
            return
        before = len(self.findings)
        self._size(shape, value, len(value), path, "length")
        if "enum" in shape and value not in shape["enum"]:
            self._finding(value, path, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]")
        pattern = shape.get("pattern")
        if pattern is not None and len(self.findings) == before and not _matches(pattern, value):
            self._finding(value, path, f"Member must satisfy regular expression pattern: {pattern}")

    def _size(self, shape: Shape, value: Any, size: float, path: str, what: str) -> None:
        if "max" in shape and size > shape["max"]:
            self._finding(value, path, f"Member must have {what} less than or equal to {shape['max']}")
        if "min" in shape and size < shape["min"]:
            self._finding(value, path, f"Member must have {what} greater than or equal to {shape['min']}")

    def _finding(self, value: Any, path: str, constraint: str) -> None:
        shown = str(value).encode("utf-8", "replace").decode()
        if len(shown) > _LONGEST_SHOWN:
            shown = shown[:_LONGEST_SHOWN] + "…"
        self.findings.append(f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}")


@cache
def service_model(service: str, operations: tuple[str, ...]) -> ServiceModel:
    """The model of `service` with the shapes of `operations` only."""
    from botocore.loaders import Loader

    raw = Loader().load_service_model(service, "service-2")
    found = {name: raw["operations"][name] for name in operations}
    inputs = {name: one["input"]["shape"] for name, one in found.items() if "input" in one}
    outputs = {name: one["output"]["shape"] for name, one in found.items() if "output" in one}
    shapes: dict[str, Shape] = {}
    waiting = [*inputs.values(), *outputs.values()]
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = _lean(raw["shapes"][name])
            waiting.extend(_inner(shapes[name]))
    prefix = raw["metadata"].get("targetPrefix", "")
    return ServiceModel(prefix, frozenset(raw["operations"]), inputs, outputs, shapes)


def _lean(shape: Shape) -> Shape:
    """The shape without documentation, at its own level and at its members."""
    kept = {key: value for key, value in shape.items() if key != "documentation"}
    if "members" in kept:
        kept["members"] = {key: {"shape": one["shape"]} for key, one in kept["members"].items()}
    return kept


def _inner(shape: Shape) -> Iterator[str]:
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for part in ("member", "key", "value"):
        if part in shape:
            yield shape[part]["shape"]


def _timestamp(value: Any) -> datetime:
    """Epoch seconds, or ISO 8601 text."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise _mistyped(value, "timestamp")


def _mistyped(value: Any, kind: str) -> AwsError:
    if isinstance(value, Mapping):
        word = "START_OBJECT"
    elif isinstance(value, list):
        word = "START_ARRAY"
    else:
        word = _JSON_WORDS.get(type(value), "NULL_VALUE")
        word = "FALSE_VALUE" if value is False else word
    return AwsError("SerializationException", f"{word} can not be converted to {_KINDS.get(kind, kind)}")


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """AWS writes Java's patterns; None for those that let everything pass."""
    if pattern in _ANYTHING:
        return None
    for java, python in _JAVA_CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _lower(member: str) -> str:
    """`PipelineName` → `pipelineName`, as AWS writes members in messages."""
    return member[:1].lower() + member[1:]
