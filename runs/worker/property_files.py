"""Property files: small JSON documents a step leaves, read once at its success."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.expressions import Unresolvable
from engine.steps.base import PublishedObject
from runs.services.scope import PROPERTY_FILE_BYTES, parse_json_file
from runs.storage.base import BlobNotFound, BlobStore


def read_property_files(
    step: Mapping[str, Any], objects: Iterable[PublishedObject], store: BlobStore
) -> dict[str, dict[str, Any]]:
    """File name → {"content": parsed JSON, "uri"}, or {"error": why}, which counts only when something asks for it."""
    declared = step.get("PropertyFiles")
    published = list(objects)
    found: dict[str, dict[str, Any]] = {}
    for entry in declared if isinstance(declared, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("PropertyFileName"), str):
            found[entry["PropertyFileName"]] = _read(entry, published, store)
    return found


def _read(entry: Mapping[str, Any], published: list[PublishedObject], store: BlobStore) -> dict[str, Any]:
    name, output, path = entry["PropertyFileName"], entry.get("OutputName"), str(entry.get("FilePath", ""))
    of_output = [item for item in published if item.output == output]
    item = next((item for item in of_output if item.uri.endswith("/" + path.lstrip("/"))), None)
    if item is None:
        return {"error": f'The property file "{name}" is missing: the step left no {path} in its output "{output}".'}
    if item.size > PROPERTY_FILE_BYTES:
        return {"error": f'The property file "{name}" has {item.size} bytes; {PROPERTY_FILE_BYTES} are allowed.'}
    try:
        with store.open(item.sha256) as blob:
            content = parse_json_file(blob.read(), f'The property file "{name}" ({path})')
    except (Unresolvable, BlobNotFound) as broken:
        return {"error": str(broken), "uri": item.uri}
    return {"content": content, "uri": item.uri}
