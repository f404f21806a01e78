"""The step cache: equal content, not older than ExpireAfter, same pipeline and step name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from engine.definition.model import Step
from engine.execution.cache import CacheKey, cache_key, explain_miss
from engine.execution.states import StepKey
from engine.images import match_image
from engine.steps.base import InputSpec, JobSpec, StepType
from runs import namespace
from runs.models import CacheEntry, Job, StepExecution
from runs.services.producers import producers_of

if TYPE_CHECKING:
    from runs.services.transition import Transition


def look_up(unit: Transition, step: Step, key: CacheKey | None) -> CacheEntry | None:
    """The newest valid success with equal content; keeps the key on the row, and in words why it is a hit or a miss."""
    row = unit.row(StepKey(step.name))
    if key is None:
        return None
    of_step = CacheEntry.objects.filter(
        workspace_id=unit.execution.workspace_id, pipeline_name=unit.execution.pipeline_name, step=step.name
    ).select_related("job")
    entry = of_step.filter(key=key.key).first()
    lifetime = unit.plan.steps[step.name].cache.expire_after
    fields: dict[str, Any] = {"fields": dict(key.fields), "why": []}
    if entry is not None and lifetime is not None and entry.created_at + lifetime < unit.now:
        fields["why"] = [f"the result of {entry.created_at:%Y-%m-%d %H:%M} UTC is older than ExpireAfter"]
        entry = None
    elif entry is not None:
        until = f", valid until {entry.created_at + lifetime:%Y-%m-%d %H:%M} UTC" if lifetime is not None else ""
        fields["why"] = [
            f"{len(key.fields)} facts compared, all equal to those of execution {entry.job.execution_id} "
            f"({entry.created_at:%Y-%m-%d %H:%M} UTC{until})"
        ]
    else:
        newest = of_step.order_by("-created_at").first()
        fields["why"] = explain_miss(newest.fields, key.fields) if newest else ["the step has no earlier result"]
    unit.change(row, cache_key=key.key, cache_fields=fields)
    return entry


def key_of(unit: Transition, step: Step, kind: StepType, arguments: Any, spec: JobSpec) -> CacheKey | None:
    """The content key; None where an input is missing (the attempt will say so).

    What the step declares to leave behind counts too: a result without a newly declared output is no result for it.
    """
    try:
        found = namespace.resolve_inputs(
            unit.execution.workspace_id, unit.execution.pk, spec.inputs, producers_of(unit, step.name)
        )
    except namespace.InputMissing:
        return None
    hashes = {item.name: _content_hash(item, given) for item, given in zip(found, spec.inputs, strict=True)}
    by_uri = {item.uri: hashes[item.name] for item in found}
    contents = {f"input {name}": digest for name, digest in hashes.items()}
    attributes = kind.cache_attributes(arguments) if kind.cache_attributes else arguments
    declared: dict[str, Any] = {
        "Outputs": [{"Name": one.name, "LocalPath": one.local_path, "Archive": one.archive} for one in spec.outputs]
    }
    if reports := step.document.get("PropertyFiles"):
        declared["PropertyFiles"] = reports
    return cache_key(step.type, {**attributes, **declared, **spec.content}, by_uri, contents, _image(unit, spec))


def key_of_attributes(step: Step, attributes: dict[str, Any]) -> CacheKey:
    """The content key of a step that reads no files and runs no image."""
    return cache_key(step.type, attributes, {}, {}, "")


def _image(unit: Transition, spec: JobSpec) -> str:
    """What the image name came to: the line of the table, or what that line names for Docker."""
    line = match_image(spec.image, unit.images)
    return f"{line.pattern if line else spec.image} as {spec.runtime} {spec.container or ''}".rstrip()


def _content_hash(item: namespace.ResolvedInput, given: InputSpec) -> str:
    """Over names and bytes below the input's folder; the same files in another folder have the same hash."""
    base = given.local_path.rstrip("/") + "/"
    digest = hashlib.sha256()
    for file in sorted(item.files, key=lambda one: one.path):
        digest.update(f"{file.path.removeprefix(base)}\0{file.sha256}\0".encode())
    return digest.hexdigest()


def remember(unit: Transition, row: StepExecution, job: Job, metrics: dict[str, float]) -> None:
    """Keeps a success for later executions; the newest wins."""
    if not row.cache_key:
        return
    CacheEntry.objects.update_or_create(
        workspace_id=unit.execution.workspace_id,
        pipeline_name=unit.execution.pipeline_name,
        step=row.name,
        key=row.cache_key,
        defaults={
            "job": job,
            "fields": (row.cache_fields or {}).get("fields", {}),
            "metrics": metrics,
            "created_at": unit.now,
        },
    )
