"""What stands between a pipeline and its first run here, and between it and AWS. Read live, never kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from editor.runnable import image_of
from engine.definition.model import Definition, Step
from engine.definition.tree import pointer_of, walk
from engine.images import ImageMapping, match_image, refusal
from engine.library.catalogue import recognise
from engine.steps.base import Nature
from engine.steps.catalog import step_type
from runs import sql
from runs.addresses import OUTPUTS, addresses_in, defaults_of, known, stored_among
from runs.models import UriMapping
from runs.uri_maps import find_mapped

MOST_URIS = 500
_REGISTRY = re.compile(r"\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/")


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
    state: str = "missing"
    target: str = ""
    steps: list[str] = field(default_factory=list)
    pointer: str = ""


def step_readiness(
    definition: Definition, images: tuple[ImageMapping, ...], runners: frozenset[str]
) -> list[StepReadiness]:
    """One verdict per step, in document order. `runners`: kinds of the live workers' runners, empty while none is."""
    defaults = defaults_of(definition)
    return [_step(one, images, runners, defaults) for one in definition.steps]


def _step(
    step: Step, images: tuple[ImageMapping, ...], runners: frozenset[str], defaults: dict[str, Any]
) -> StepReadiness:
    kind = step_type(step.type)
    facts = {"name": step.name, "type": step.type, "pointer": step.pointer}
    if kind.nature is Nature.UNSUPPORTED:
        return StepReadiness(**facts, verdict="cannot", reason=kind.reason or "This step type does not run here.")
    image = known(image_of(step), defaults)
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
    defaults = defaults_of(definition)
    table = sql.select(UriMapping, {"workspace": workspace_id})
    found: dict[str, UriReadiness] = {}
    for step in definition.steps:
        for address in addresses_in(step, defaults):
            if not address.whole or OUTPUTS.search(address.pointer):
                continue
            if address.uri not in found and len(found) >= MOST_URIS:
                return _looked_up(workspace_id, found)
            target = find_mapped(table, address.uri) or ""
            pointer = step.pointer + address.pointer
            one = found.setdefault(address.uri, UriReadiness(uri=address.uri, target=target, pointer=pointer))
            if step.name not in one.steps:
                one.steps.append(step.name)
    return _looked_up(workspace_id, found)


def _looked_up(workspace_id: str, found: dict[str, UriReadiness]) -> list[UriReadiness]:
    there = stored_among(workspace_id, [one.target or one.uri for one in found.values()])
    for one in found.values():
        if (one.target or one.uri) in there:
            one.state = "mapped" if one.target else "present"
    return list(found.values())


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
    defaults = defaults_of(definition)
    named = ((step, known(image_of(step), defaults)) for step in definition.steps)
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
