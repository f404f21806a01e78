"""What stands between a pipeline and its first run here, and between it and AWS. Read live, never kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from editor.runnable import image_of
from engine.definition.model import Definition, Step
from engine.definition.tree import pointer_of, walk
from engine.expressions import to_text
from engine.images import ImageMapping, match_image, refusal
from engine.library.catalogue import recognise
from engine.s3_addresses import plain_s3
from engine.steps.base import Nature
from engine.steps.catalog import step_type
from runs import sql
from runs.models import StoredObject, UriMapping
from runs.storage.uri import BadUri, parse_s3_uri
from runs.uri_maps import find_mapped

MOST_URIS = 500
#: Members whose address a step writes to; what is there before it runs does not matter.
_OUTPUTS = re.compile(
    r"/(ProcessingOutputConfig|OutputDataConfig|TransformOutput|CheckpointConfig|ProfilerConfig|DebugHookConfig"
    r"|TensorBoardOutputConfig|S3OutputPath|S3OutputUri|BaselineUsedForDriftCheck\w*)(/|$)"
)
_REGISTRY = re.compile(r"\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/")
_LAST = "\U0010ffff"


@dataclass(frozen=True, kw_only=True)
class StepReadiness:
    """`verdict`: runs, docker (needs Docker), image (needs a line in the table of images), or cannot."""

    name: str
    type: str
    pointer: str
    verdict: str
    reason: str = ""
    image: str = ""


@dataclass(kw_only=True)
class UriReadiness:
    """`state`: present, mapped (and `target` says where to), missing (a mapped place may be empty, too)."""

    uri: str
    state: str
    target: str = ""
    steps: list[str] = field(default_factory=list)
    pointer: str = ""


def step_readiness(
    definition: Definition, images: tuple[ImageMapping, ...], runners: frozenset[str]
) -> list[StepReadiness]:
    """One verdict per step, in document order. `runners`: kinds of the live workers' runners, empty while none is."""
    defaults = _defaults(definition)
    return [_step(one, images, runners, defaults) for one in definition.steps]


def _step(
    step: Step, images: tuple[ImageMapping, ...], runners: frozenset[str], defaults: dict[str, Any]
) -> StepReadiness:
    kind = step_type(step.type)
    facts = {"name": step.name, "type": step.type, "pointer": step.pointer}
    if kind.nature is Nature.UNSUPPORTED:
        return StepReadiness(**facts, verdict="cannot", reason=kind.reason or "This step type does not run here.")
    image = _known(image_of(step), defaults)
    if not isinstance(image, str) or not image.strip():
        return StepReadiness(**facts, verdict="runs")
    facts["image"] = image
    line = match_image(image, images)
    if line is None:
        return StepReadiness(**facts, verdict="image", reason=refusal(image, images) or "")
    if line.container and not line.toolkit and "docker" not in runners:
        reason = f"{line.title} starts the container {line.container}, which needs a worker with the docker runner."
        return StepReadiness(**facts, verdict="docker", reason=reason)
    return StepReadiness(**facts, verdict="runs", reason=f"Runs as {line.title}.")


def uri_readiness(workspace_id: str, definition: Definition) -> list[UriReadiness]:
    """Every address a step reads that the definition writes out, itself or as a parameter's default."""
    defaults = _defaults(definition)
    table = sql.select(UriMapping, {"workspace": workspace_id})
    found: dict[str, UriReadiness] = {}
    for step in definition.steps:
        for pointer, uri in _addresses(step, defaults):
            if uri not in found:
                if len(found) >= MOST_URIS:
                    return list(found.values())
                found[uri] = _uri(workspace_id, uri, table, pointer)
            if step.name not in found[uri].steps:
                found[uri].steps.append(step.name)
    return list(found.values())


def _uri(workspace_id: str, uri: str, table: list[UriMapping], pointer: str) -> UriReadiness:
    target = find_mapped(table, uri)
    there = is_stored(workspace_id, target or uri)
    state = "missing" if not there else "mapped" if target else "present"
    return UriReadiness(uri=uri, state=state, target=target or "", pointer=pointer)


def is_stored(workspace_id: str, uri: str) -> bool:
    """Whether a step that reads `uri` would find anything."""
    try:
        target = parse_s3_uri(uri, prefix=True)
    except BadUri:
        return False
    keys = {"key__gte": target.key, "key__lt": target.key + _LAST}
    rows = StoredObject.objects.filter(workspace=workspace_id, bucket=target.bucket, **keys)
    return rows.filter(deleted=False).exists()


def roles(document: Any) -> list[str]:
    """Every role the definition names; nothing here acts on them."""
    found = [
        value
        for place, _, value in walk(document)
        if place is not None and place[1] in ("RoleArn", "ExecutionRoleArn") and isinstance(value, str)
    ]
    return sorted(set(found))


def local_images(definition: Definition) -> list[tuple[str, str]]:
    """(step, image) of images AWS cannot pull; those of ready-made steps are told apart by `library_steps_of`."""
    defaults = _defaults(definition)
    named = ((step, _known(image_of(step), defaults)) for step in definition.steps)
    return [
        (step.name, image)
        for step, image in named
        if isinstance(image, str) and image.strip() and not _REGISTRY.match(image) and recognise(step.document) is None
    ]


def library_steps_of(definition: Definition) -> list[str]:
    """Ready-made steps: on AWS they need their image pushed to a registry there."""
    return [step.name for step in definition.steps if recognise(step.document) is not None]


def addresses_below(bucket: str, document: Any) -> list[tuple[str, str]]:
    """(pointer, address) of everything that names `bucket`, which AWS does not have."""
    below = (f"s3://{bucket}/", f"s3://{bucket}")
    found = []
    for place, _, value in walk(document):
        if isinstance(value, str) and (value == below[1] or value.startswith(below[0])):
            found.append((pointer_of(place), value))
    return found[:MOST_URIS]


def _addresses(step: Step, defaults: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(pointer, address) of what a step reads. Steps inside it tell their own."""
    inner = ("/Arguments/IfSteps", "/Arguments/ElseSteps", "/Arguments/ForEachBody")
    for place, _, value in walk(step.document):
        known = _known(value, defaults)
        if not isinstance(known, str):
            continue
        uri = plain_s3(_unquoted(known))
        pointer = pointer_of(place)
        part = "/Std:Join/" in pointer  # a part of an address says nothing
        if uri.startswith("s3://") and not part and not pointer.startswith(inner) and not _OUTPUTS.search(pointer):
            yield step.pointer + pointer, uri


def _defaults(definition: Definition) -> dict[str, Any]:
    return {parameter.name: parameter.default for parameter in definition.parameters}


def _known(value: Any, defaults: dict[str, Any]) -> Any:
    """A literal, the default of the parameter it refers to, or what such parts join to; None where a run decides."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("Get"), str):
        return defaults.get(value["Get"].removeprefix("Parameters."))
    join = value.get("Std:Join")
    if not isinstance(join, dict) or not isinstance(join.get("Values"), list):
        return value
    parts = [_known(part, defaults) for part in join["Values"]]
    if not all(isinstance(part, str | int | float) for part in parts):
        return None
    return str(join.get("On", "")).join(to_text(part) for part in parts)


def _unquoted(text: str) -> str:
    """The SDK writes hyperparameters as JSON inside a text."""
    if not text.startswith('"'):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
