"""The S3 addresses steps of a definition read, as far as known before a run, and which have something there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import Workspace
from engine.definition.model import Definition, Step
from engine.definition.tree import pointer_of, walk
from engine.expressions import to_text
from engine.s3_addresses import plain_s3
from runs.models import StoredObject
from runs.storage.uri import BadUri, S3Uri, parse_s3_uri

#: Addresses looked up in one query.
AT_ONCE = 100
#: Members whose address a step writes to; what is there before it runs does not matter.
OUTPUTS = re.compile(
    r"/(ProcessingOutputConfig|OutputDataConfig|TransformOutput|CheckpointConfig|ProfilerConfig|DebugHookConfig"
    r"|TensorBoardOutputConfig|S3OutputPath|S3OutputUri|BaselineUsedForDriftCheck\w*)(/|$)"
)
_INNER = ("/Arguments/IfSteps", "/Arguments/ElseSteps", "/Arguments/ForEachBody")
_LAST = "\U0010ffff"


@dataclass(frozen=True, kw_only=True)
class Address:
    """`pointer` leads into the step; `parameters` are those its text is made with. Not `whole`: only its beginning."""

    pointer: str
    uri: str
    whole: bool
    parameters: tuple[str, ...]


def defaults_of(definition: Definition) -> dict[str, Any]:
    return {parameter.name: parameter.default for parameter in definition.parameters}


def known(value: Any, defaults: Mapping[str, Any]) -> Any:
    """A literal, the default of the parameter it refers to, or what such parts join to; None where a run decides."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("Get"), str):
        return defaults.get(value["Get"].removeprefix("Parameters."))
    join = value.get("Std:Join")
    if not isinstance(join, dict) or not isinstance(join.get("Values"), list):
        return value
    parts = [known(part, defaults) for part in join["Values"]]
    if not all(map(_is_text, parts)):
        return None
    return str(join.get("On", "")).join(to_text(part) for part in parts)


def addresses_in(step: Step, values: Mapping[str, Any]) -> Iterator[Address]:
    """All it names, outputs too. Steps inside it tell their own."""
    for place, _, value in walk(step.document):
        text = known(value, values)
        start = text if isinstance(text, str) else _start(value, values)
        uri = plain_s3(_unquoted(start))
        if not uri.startswith("s3://"):
            continue
        pointer = pointer_of(place)
        part = "/Std:Join/" in pointer  # a part of an address says nothing
        if not part and not pointer.startswith(_INNER):
            yield Address(pointer=pointer, uri=uri, whole=isinstance(text, str), parameters=_parameters(value))


def _start(value: Any, values: Mapping[str, Any]) -> str:
    """What a joined text begins with, up to the part a run decides."""
    join = value.get("Std:Join") if isinstance(value, dict) else None
    parts = join.get("Values") if isinstance(join, dict) else None
    sure = list(takewhile(_is_text, (known(part, values) for part in (parts if isinstance(parts, list) else ()))))
    return str(join.get("On", "")).join([*map(to_text, sure), ""]) if isinstance(join, dict) else ""


def _is_text(part: Any) -> bool:
    return isinstance(part, str | int | float)


def _parameters(value: Any) -> tuple[str, ...]:
    if not isinstance(value, dict):
        return ()
    gets = (
        inner["Get"] for _, _, inner in walk(value) if isinstance(inner, dict) and isinstance(inner.get("Get"), str)
    )
    return tuple(dict.fromkeys(get.removeprefix("Parameters.") for get in gets if get.startswith("Parameters.")))


def stored_among(workspace_id: str, uris: Iterable[str]) -> set[str]:
    """Those of `uris` where a step that reads them would find anything; one query for every hundred."""
    targets: list[tuple[str, S3Uri]] = []
    for uri in dict.fromkeys(uris):
        try:
            targets.append((uri, parse_s3_uri(uri, prefix=True)))
        except BadUri:
            continue
    found: set[str] = set()
    for start in range(0, len(targets), AT_ONCE):
        batch = targets[start : start + AT_ONCE]
        probes = {f"found_{index}": _anything_at(workspace_id, target) for index, (_, target) in enumerate(batch)}
        row = Workspace.objects.filter(pk=workspace_id).annotate(**probes).values_list(*probes).get()
        found.update(uri for (uri, _), there in zip(batch, row, strict=True) if there)
    return found


def _anything_at(workspace_id: str, target: S3Uri) -> Exists:
    """An object that is there now; an empty one that only shows a folder gives a step nothing."""
    rows = StoredObject.objects.filter(workspace=workspace_id, bucket=target.bucket)
    newer = rows.filter(key=OuterRef("key"), pk__gt=OuterRef("pk"))
    inside = rows.filter(key__gte=target.key, key__lt=target.key + _LAST, deleted=False)
    return Exists(inside.exclude(key__endswith="/").exclude(Exists(newer)))


def _unquoted(text: str) -> str:
    """The SDK writes hyperparameters as JSON inside a text."""
    if not text.startswith('"'):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
