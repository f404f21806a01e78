"""Text to document: everything that can be wrong with the text becomes a Problem, nothing raises."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from engine.definition.literals import parse_float, parse_int
from engine.definition.model import member_lists
from engine.definition.tree import pointer_of, walk
from engine.problems import Problem

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large a definition may be. `max_depth` bounds nested objects and lists of the whole document."""

    max_bytes: int = 16 * MEBIBYTE
    max_steps: int = 10_000
    max_depth: int = 300


#: What Clary itself keeps, and what AWS accepts (CreatePipeline, PipelineDefinition ≤ 1 MiB).
CLARY_LIMITS = Limits()
STRICT_LIMITS = Limits(max_bytes=MEBIBYTE)

_LONGEST_NUMBER = 1000


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """`document` is None exactly when a problem stood in the way."""

    document: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()


class _Refused(Exception):
    """Carries the problem out of the JSON decoder's callbacks."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code=code, message=message)


class _Repeated(dict[str, Any]):
    """An object that held a key twice."""

    key: str


def parse_definition(text: str | bytes, *, limits: Limits = CLARY_LIMITS) -> Parsed:
    """The document of a pipeline definition, its key order and number spelling kept.

    Repeatable and total: any text gives a document or problems, never an exception. Numbers spelled in
    their own way become IntLiteral or FloatLiteral.
    """
    try:
        document = _decode(text, limits)
    except _Refused as refused:
        return Parsed(document=None, problems=(refused.problem,))
    problems = _faults(document, limits)
    if not problems:
        problems = _not_a_definition(document, limits)
    return Parsed(document=None if problems else document, problems=problems)


def parse_json(text: str | bytes, *, limits: Limits = CLARY_LIMITS) -> tuple[Any, tuple[Problem, ...]]:
    """Any JSON value under the same rules (layouts, step fragments): (value, ()) or (None, problems)."""
    try:
        value = _decode(text, limits)
    except _Refused as refused:
        return None, (refused.problem,)
    problems = _faults(value, limits)
    return (None, problems) if problems else (value, ())


def _decode(text: str | bytes, limits: Limits) -> Any:
    if len(text) > limits.max_bytes:
        raise _too_large(len(text), limits)
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _Refused("not-utf-8", f"The definition is not UTF-8 text: byte {error.start} does not fit.") from None
    elif not text.isascii() and len(text) * 4 > limits.max_bytes:
        size = len(text.encode("utf-8", "replace"))
        if size > limits.max_bytes:
            raise _too_large(size, limits)
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_int=_int,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        message = f"This is not JSON: {what[0].lower()}{what[1:]} at line {error.lineno}, column {error.colno}."
        raise _Refused("not-json", message) from None
    except RecursionError:
        raise _too_deep(limits) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    counts = Counter(key for key, _ in pairs)
    repeated = _Repeated(result)
    repeated.key = next(key for key, count in counts.items() if count > 1)
    return repeated


def _int(text: str) -> int:
    _check_length(text)
    return parse_int(text)


def _float(text: str) -> float:
    _check_length(text)
    value = parse_float(text)
    if value in (float("inf"), float("-inf")):
        raise _Refused("number-out-of-range", f"The number {text[:40]} is too large to compute with.")
    return value


def _check_length(text: str) -> None:
    if len(text) > _LONGEST_NUMBER:
        raise _Refused(
            "number-out-of-range", f"A number has {len(text)} digits; at most {_LONGEST_NUMBER} can be read."
        )


def _constant(text: str) -> Any:
    raise _Refused("not-json", f"{text} is not a JSON value. Write a number, or a text in quotes.")


def _too_large(size: int, limits: Limits) -> _Refused:
    allowed = limits.max_bytes / MEBIBYTE
    return _Refused(
        "too-large", f"The definition has {size / MEBIBYTE:.1f} MiB; at most {allowed:g} MiB can be kept here."
    )


def _too_deep(limits: Limits) -> _Refused:
    return _Refused("too-deep", f"The definition is nested more than {limits.max_depth} levels deep.")


def _faults(document: Any, limits: Limits) -> tuple[Problem, ...]:
    """What JSON allows and a definition must not have: repeated keys, lone surrogates, bottomless nesting."""
    problems = []
    for place, depth, value in walk(document):
        if depth > limits.max_depth:
            return (_too_deep(limits).problem,)
        if isinstance(value, _Repeated):
            message = f'The key "{_printable(value.key)}" stands twice in the same object. Keep one of them.'
            problems.append(Problem(code="duplicate-key", message=message, pointer=pointer_of(place)))
        if isinstance(value, dict):
            bad = next((key for key in value if _has_lone_surrogate(key)), None)
        else:
            bad = value if isinstance(value, str) and _has_lone_surrogate(value) else None
        if bad is not None:
            message = f'The text "{_printable(bad)[:60]}" holds half of a Unicode pair, so it cannot be saved.'
            pointer = _printable(pointer_of(place))
            problems.append(Problem(code="lone-surrogate", message=message, pointer=pointer))
        if len(problems) >= 100:
            break
    return tuple(problems)


def _has_lone_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _not_a_definition(document: Any, limits: Limits) -> tuple[Problem, ...]:
    if not isinstance(document, dict):
        return (_shape(f"A pipeline definition is a JSON object; this is {_kind(document)}."),)
    if "Steps" not in document:
        return (_shape('A pipeline definition has a list "Steps"; this object has none.'),)
    if not isinstance(document["Steps"], list):
        return (_shape(f'"Steps" is a list of steps; here it is {_kind(document["Steps"])}.', "/Steps"),)
    count = sum(len(steps) for _, steps in member_lists(document))
    if count > limits.max_steps:
        return (Problem(code="too-many-steps", message=f"{count} steps; at most {limits.max_steps} can be kept here."),)
    return ()


def _shape(message: str, pointer: str = "") -> Problem:
    return Problem(code="not-a-definition", message=message, pointer=pointer)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
