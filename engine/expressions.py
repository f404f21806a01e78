"""Expressions: references, joins and values read from files, anywhere in a JSON tree.

One evaluator over the whole tree, never a per-field list: the SDKs write expressions in any value position.
Forms: {"Get": "Parameters.X" | "Execution.X" | "Steps.S.<path>" | "ForEach.CurrentItem…" | "IterationOutput.B.<path>"},
{"Std:Join": {"On", "Values"}}, {"Std:JsonGet": {"PropertyFile" | "S3Uri", "Path"}}.
Source: SageMaker developer guide, "Pipeline variables"; SDK source sagemaker/workflow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from engine.definition.dump import dump_definition
from engine.definition.literals import FloatLiteral
from engine.definition.pointer import join
from engine.definition.tree import Place, pointer_of

Path: TypeAlias = tuple[str | int, ...]

ROOTS = ("Parameters", "Execution", "Steps", "ForEach", "IterationOutput")

#: Execution variables, with the JSON type of each.
EXECUTION_VARIABLES: Mapping[str, str] = {
    "StartDateTime": "string",
    "CurrentDateTime": "string",
    "PipelineName": "string",
    "PipelineArn": "string",
    "PipelineExecutionId": "string",
    "PipelineExecutionArn": "string",
    "TrainingJobName": "string",
    "ProcessingJobName": "string",
}

#: What names an item in the lists of Describe documents. SageMaker addresses such items by name, not by position.
_NAME_KEYS = ("OutputName", "InputName", "MetricName", "ChannelName")

#: Evaluation goes no deeper than this; parsed definitions are less deep.
_MAX_DEPTH = 320


class Unresolvable(Exception):
    """An expression has no value: the message names it and says what was missing."""

    def __init__(self, message: str, *, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One Get. `pointer` leads to the object {"Get": …}.

    root: one of ROOTS. name: parameter, variable, step or body step ("CurrentItem" under ForEach).
    path: what follows the name, parsed. Get "Steps.P.Outputs['a'][0]" has the path ("Outputs", "a", 0).
    """

    pointer: str
    root: str
    name: str
    path: Path = ()
    text: str = ""

    @property
    def property_file(self) -> str | None:
        """The property file named by Steps.S.PropertyFiles.F."""
        if self.root == "Steps" and len(self.path) == 2 and self.path[0] == "PropertyFiles":
            return str(self.path[1])
        return None


class Scope(Protocol):
    """Where values come from. Every method raises Unresolvable with a reason for people."""

    def parameter(self, name: str) -> Any: ...
    def execution(self, name: str) -> Any: ...
    def step(self, name: str, path: Path) -> Any: ...
    def property_file(self, step: str, name: str) -> Any:
        """The parsed JSON of a property file."""
        ...

    def s3_json(self, uri: str) -> Any:
        """The parsed JSON of an object."""
        ...

    def item(self, path: Path) -> Any:
        """The current item of the ForEach this runs in, drilled into by path."""
        ...


# --- paths ---
_SEGMENT = re.compile(r"""\.?([^.\[\]'"]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]""")


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path | None:
    """The segments of "a.b['c'][0]" or ".a.b"; None for text that is no path. "" is the empty path."""
    segments: list[str | int] = []
    position = 0
    while position < len(text):
        found = _SEGMENT.match(text, position)
        if found is None or (position and found[1] is not None and text[position] != "."):
            return None
        if found[1] is not None:
            segments.append(found[1])
        elif found[2] is not None:
            segments.append(int(found[2]))
        else:
            segments.append(re.sub(r"\\(.)", r"\1", found[3] if found[3] is not None else found[4]))
        position = found.end()
    return tuple(segments)


def lookup(value: Any, path: Path) -> Any:
    """The value a path leads to. Raises Unresolvable naming the first part that is not there."""
    for depth, segment in enumerate(path):
        if isinstance(segment, int):
            if isinstance(value, list) and segment < len(value):
                value = value[segment]
                continue
        elif isinstance(value, dict) and segment in value:
            value = value[segment]
            continue
        elif isinstance(value, list) and (named := _named(value, segment)) is not None:
            value = named
            continue
        raise Unresolvable(f"{show_path(path)} is not there: {_absence(value, segment, path[:depth])}")
    return value


def _named(items: list[Any], name: str) -> Any | None:
    """The object of a list whose name key says `name`, as Outputs['train'] and FinalMetricDataList['auc'] mean."""
    for item in items:
        if isinstance(item, dict) and any(item.get(key) == name for key in _NAME_KEYS):
            return item
    return None


def show_path(path: Path) -> str:
    """A path as people write it: a.b['c d'][0]."""
    out = ""
    for segment in path:
        if isinstance(segment, int):
            out += f"[{segment}]"
        elif re.fullmatch(r"[\w\-]+", segment):
            out += ("." if out else "") + segment
        else:
            out += f"['{segment}']"
    return out


def _absence(value: Any, segment: str | int, before: Path) -> str:
    where = show_path(before) or "the value"
    if isinstance(value, dict):
        known = ", ".join(list(value)[:8]) or "nothing"
        return f"{where} has no {segment!r}; it has {known}."
    if isinstance(value, list):
        names = [str(item[key]) for item in value if isinstance(item, dict) for key in _NAME_KEYS if key in item]
        return f"{where} has {', '.join(names[:8])}." if names else f"{where} is a list of {len(value)}."
    return f"{where} is {quote(value)}."


# --- finding ---
def expression_kind(value: Any) -> str | None:
    """ "Get", "Std:Join" or "Std:JsonGet" when the value is an expression, else None (a literal)."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    (key, inner), *_ = value.items()
    if key == "Get":
        return key if isinstance(inner, str) else None
    return key if key in ("Std:Join", "Std:JsonGet") and isinstance(inner, dict) else None


def parse_reference(text: str, pointer: str = "") -> Reference | None:
    """The reference a Get text makes, or None when it is malformed or starts with none of ROOTS."""
    root, dot, rest = text.partition(".")
    if not dot or root not in ROOTS:
        return None
    if root in ("Parameters", "Execution"):
        return Reference(pointer=pointer, root=root, name=rest, text=text) if rest else None
    found = re.match(r"[^.\[\]]+", rest)
    path = parse_path(rest[found.end() :]) if found else None
    if found is None or path is None:
        return None
    return Reference(pointer=pointer, root=root, name=found[0], path=path, text=text)


def gets(value: Any, pointer: str = "") -> tuple[tuple[tuple[str, str], ...], tuple[Reference, ...]]:
    """(malformed references, well-formed ones) in one pass, each as the two functions below give them."""
    found = list(_gets(value, pointer))
    malformed = tuple((pointer_of(place, pointer), text) for one, place, text in found if one is None)
    return malformed, tuple(one for one, _, _ in found if one is not None)


def references(value: Any, pointer: str = "") -> tuple[Reference, ...]:
    """Every well-formed reference in a JSON tree, in document order. Malformed ones: `malformed_references`."""
    return tuple(found for found, _, _ in _gets(value, pointer) if found is not None)


def malformed_references(value: Any, pointer: str = "") -> tuple[tuple[str, str], ...]:
    """(pointer, text) of every Get that is no reference."""
    return tuple((pointer_of(place, pointer), text) for found, place, text in _gets(value, pointer) if found is None)


def _gets(value: Any, pointer: str) -> Iterator[tuple[Reference | None, Place, str]]:
    # As tree.walk, but only through objects and lists: most values of a definition are scalars.
    stack: list[tuple[Place, Any]] = [(None, value)] if isinstance(value, dict | list) else []
    while stack:
        place, current = stack.pop()
        if isinstance(current, dict):
            if len(current) == 1 and isinstance(current.get("Get"), str):
                text = current["Get"]
                yield parse_reference(text, pointer_of(place, pointer)), place, text
                continue
            inner = [((place, key), item) for key, item in current.items() if isinstance(item, dict | list)]
        else:
            inner = [((place, n), item) for n, item in enumerate(current) if isinstance(item, dict | list)]
        inner.reverse()
        stack.extend(inner)


# --- evaluating ---
def evaluate(value: Any, scope: Scope, pointer: str = "") -> Any:
    """The tree with every expression replaced by its value. A bare Get keeps its type; a join makes text.

    Raises:
        Unresolvable: the first expression, in document order, that has no value.
    """
    return _evaluate(value, scope, pointer, 0)


def _evaluate(value: Any, scope: Scope, pointer: str, depth: int) -> Any:
    if isinstance(value, list):
        _guard(depth, pointer)
        return [_evaluate(item, scope, f"{pointer}/{index}", depth + 1) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    _guard(depth, pointer)
    kind = expression_kind(value)
    if kind is None:
        return {key: _evaluate(item, scope, join(pointer, key), depth + 1) for key, item in value.items()}
    try:
        if kind == "Get":
            return _get(value["Get"], scope)
        inner = value[kind]
        base = join(pointer, kind)
        if kind == "Std:Join":
            return _join(inner, scope, base, depth)
        return _json_get(inner, scope, base, depth)
    except Unresolvable as error:
        if not error.pointer:
            error.pointer = pointer
        raise


def _guard(depth: int, pointer: str) -> None:
    if depth > _MAX_DEPTH:
        raise Unresolvable(f"The expression is nested more than {_MAX_DEPTH} levels deep.", pointer=pointer[:200])


def _get(text: str, scope: Scope) -> Any:
    reference = parse_reference(text)
    if reference is None:
        raise Unresolvable(f'"{text}" is no reference. It starts with one of {", ".join(ROOTS)} and a dot.')
    if reference.root == "Parameters":
        return scope.parameter(reference.name)
    if reference.root == "Execution":
        return scope.execution(reference.name)
    if reference.root == "ForEach":
        return scope.item(reference.path)
    if reference.root == "IterationOutput":
        raise Unresolvable(f"{text} has a value only in the Selector of a ForEach.")
    if reference.property_file is not None:
        raise Unresolvable(f"{text} is a file. Read a value from it with Std:JsonGet.")
    return scope.step(reference.name, reference.path)


def _join(inner: Mapping[str, Any], scope: Scope, pointer: str, depth: int) -> str:
    values = inner.get("Values")
    on = inner.get("On", "")
    if not isinstance(values, list) or not isinstance(on, str):
        raise Unresolvable('Std:Join needs a text "On" and a list "Values".', pointer=pointer)
    base = join(pointer, "Values")
    return on.join(to_text(_evaluate(item, scope, f"{base}/{n}", depth + 3)) for n, item in enumerate(values))


def _json_get(inner: Mapping[str, Any], scope: Scope, pointer: str, depth: int) -> Any:
    text = inner.get("Path", "")
    path = parse_path(text) if isinstance(text, str) else None
    if path is None:
        raise Unresolvable(
            f"Std:JsonGet cannot read the path {quote(text)}; it looks like a.b['c'][0].", pointer=pointer
        )
    if "PropertyFile" in inner:
        reference = file_reference(inner)
        if reference is None or reference.property_file is None:
            expected = '{"Get": "Steps.<step>.PropertyFiles.<file>"}'
            raise Unresolvable(f'"PropertyFile" of Std:JsonGet is {expected}.', pointer=pointer)
        content = scope.property_file(reference.name, reference.property_file)
        source = f"property file {reference.property_file} of {reference.name}"
    elif "S3Uri" in inner:
        uri = to_text(_evaluate(inner["S3Uri"], scope, join(pointer, "S3Uri"), depth + 2))
        content, source = scope.s3_json(uri), uri
    else:
        raise Unresolvable('Std:JsonGet needs "PropertyFile" or "S3Uri".', pointer=pointer)
    try:
        return lookup(content, path)
    except Unresolvable as error:
        raise Unresolvable(f"In {source}: {error}") from None


def file_reference(json_get: Mapping[str, Any]) -> Reference | None:
    """The reference to the property file a Std:JsonGet reads, or None."""
    holder = json_get.get("PropertyFile")
    text = holder.get("Get") if isinstance(holder, dict) else None
    return parse_reference(text) if isinstance(text, str) else None


def to_text(value: Any) -> str:
    """A value as a join writes it: true, false, plain decimals, lists and objects as JSON.

    Source: SDK run time compares with "true"; numbers never in exponent form.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        text = value.text if isinstance(value, FloatLiteral) else repr(value)
        return format(Decimal(text), "f") if "e" in text.lower() else text
    return dump_definition(value)


def quote(value: Any) -> str:
    """A value inside a message: texts in quotes, long ones cut."""
    text = f'"{value}"' if isinstance(value, str) else to_text(value)
    return text if len(text) <= 120 else text[:117] + "…"
