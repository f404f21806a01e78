"""What is worth knowing before Run and depends on where it runs: the runner and the machine, not the definition alone.

These are read when somebody asks and never kept with the draft, because a worker may come or go at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.checks.subject import warning
from engine.definition.model import Definition, Step
from engine.definition.pointer import resolve
from engine.problems import Problem
from engine.steps.jobs.literals import find_literal_paths
from runs.address_warnings import missing_addresses
from runs.models import StoredObject
from runs.namespace import current_object
from runs.runners.machine import Machine, shortage
from runs.runners.sources import archive_texts
from runs.storage.base import BlobNotFound
from runs.storage.uri import BadUri, parse_s3_uri
from runs.stores import blob_store

SCRIPT_BYTES = 1024 * 1024
#: A folder of code with more scripts than this is looked at in part.
MOST_SCRIPTS = 50
MOST_WARNINGS = 200
SHOWN_LINES = 3

INSTANCES = {
    "Processing": "/Arguments/ProcessingResources/ClusterConfig/InstanceType",
    "Training": "/Arguments/ResourceConfig/InstanceType",
    "Transform": "/Arguments/TransformResources/InstanceType",
}
SUBMITTED = "/Arguments/HyperParameters/sagemaker_submit_directory"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it would run: kinds of the runners of live workers, and the largest machine; None when nobody works."""

    runners: frozenset[str]
    machine: Machine | None


def warnings_of(
    workspace_id: str, definition: Definition, place: Place, given: Mapping[str, Any] | None = None
) -> list[Problem]:
    """Addresses with nothing behind them, steps that ask for more than the machine has, and scripts that will not find
    /opt/ml under the process runner. `given`: values of parameters, where they are known."""
    defaults = {parameter.name: parameter.default for parameter in definition.parameters} | dict(given or {})
    found = missing_addresses(workspace_id, definition, given)
    for step in definition.steps:
        found += _too_large(step, defaults, place.machine)
        if "process" in place.runners:
            found += _literal_paths(workspace_id, step, defaults)
        if len(found) >= MOST_WARNINGS:
            break
    return found[:MOST_WARNINGS]


def _too_large(step: Step, defaults: dict[str, Any], machine: Machine | None) -> Iterator[Problem]:
    pointer = INSTANCES.get(step.type)
    if pointer is None or machine is None:
        return
    instance = _known(resolve(step.document, pointer), defaults)
    told = shortage(instance, machine) if isinstance(instance, str) else None
    if told is not None:
        yield warning("larger-than-machine", f"{step.name}: {told}", step.pointer + pointer, step.name)


def _literal_paths(workspace_id: str, step: Step, defaults: dict[str, Any]) -> Iterator[Problem]:
    for pointer, uri in _code_of(step, defaults):
        for name, text in _scripts(workspace_id, uri):
            lines = find_literal_paths(text)
            if lines:
                shown = ", ".join(f"{number} ({path})" for number, path in lines[:SHOWN_LINES])
                more = f" and {len(lines) - SHOWN_LINES} more" if len(lines) > SHOWN_LINES else ""
                word = "line" if len(lines) == 1 else "lines"
                message = (
                    f"{step.name}: {name} writes out /opt/ml in {word} {shown}{more}. The process runner has no "
                    "/opt/ml; take paths from arguments or SM_* variables, or use the sandbox or Docker."
                )
                yield warning("literal-opt-ml", message, step.pointer + pointer, step.name)


def _code_of(step: Step, defaults: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(pointer into the step, address) of everything that may be its code."""
    if step.type == "Training":
        source = _known(resolve(step.document, SUBMITTED), defaults)
        if isinstance(source, str) and (uri := _decoded(source)).startswith("s3://"):
            yield SUBMITTED, uri
    inputs = resolve(step.document, "/Arguments/ProcessingInputs") if step.type == "Processing" else None
    for index, item in enumerate(inputs if isinstance(inputs, list) else ()):
        uri = _known(resolve(item, "/S3Input/S3Uri"), defaults)
        if isinstance(uri, str) and uri.startswith("s3://"):
            yield f"/Arguments/ProcessingInputs/{index}/S3Input/S3Uri", uri


def _scripts(workspace_id: str, uri: str) -> Iterator[tuple[str, str]]:
    """(name, text) of the scripts under an address; nothing where there are none or they cannot be read."""
    try:
        stored = current_object(workspace_id, uri.rstrip("/"))
        found = [stored] if stored is not None else _in_folder(workspace_id, uri)
    except BadUri:
        return
    for one in found:
        name = one.key.rsplit("/", 1)[-1]
        try:
            if name.endswith((".py", ".sh")) and one.size <= SCRIPT_BYTES:
                with blob_store().open(one.sha256) as blob:
                    yield name, blob.read().decode("utf-8", errors="replace")
            elif name.endswith((".tar.gz", ".tgz")):
                with blob_store().open(one.sha256) as blob:
                    yield from ((f"{inner} in {name}", text) for inner, text in archive_texts(blob))
        except (BlobNotFound, OSError):
            continue


def _in_folder(workspace_id: str, uri: str) -> list[StoredObject]:
    target = parse_s3_uri(uri, prefix=True)
    folder = target.key.rstrip("/") + "/"
    rows = StoredObject.objects.filter(workspace=workspace_id, bucket=target.bucket, key__startswith=folder)
    scripts = rows.filter(key__endswith=".py").order_by("key", "id")[:MOST_SCRIPTS]
    return [row for row in {row.key: row for row in scripts}.values() if not row.deleted]


def _known(value: Any, defaults: dict[str, Any]) -> Any:
    """A literal, or the default of the parameter it refers to."""
    if isinstance(value, dict) and isinstance(value.get("Get"), str):
        return defaults.get(value["Get"].removeprefix("Parameters."))
    return value


def _decoded(text: str) -> str:
    """The SDK writes hyperparameters as JSON inside a text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
