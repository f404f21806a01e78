"""The few figures of a step's results that travel with its success: what the node and the wires show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from engine.steps.base import PublishedObject
from engine.summaries import SUMMARY_FILE

#: A digest is part of an event's data, of which 8 KiB are allowed in all.
DIGEST_BYTES = 4 * 1024


def digest(objects: Iterable[PublishedObject], summaries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`{"key": {"label", "value"}, "outputs": {name: {"files", "size", "kind"?, "rows"?, "columns"?}}}`, {} for none.

    `summaries`: output name → cleaned summary. Sizes in bytes, the summaries themselves not counted. At most
    `DIGEST_BYTES` as JSON: outputs that do not fit are left out, the last ones first.
    """
    outputs: dict[str, dict[str, Any]] = {}
    for item in objects:
        figures = outputs.setdefault(item.output, {"files": 0, "size": 0})
        if not is_summary(item.uri):
            figures["files"] += 1
            figures["size"] += item.size
    key = None
    for name, summary in summaries.items():
        if name not in outputs:
            continue
        key = key or summary["key"]
        outputs[name]["kind"] = summary["kind"]
        if summary["rows"] is not None:
            outputs[name]["rows"] = summary["rows"]
        if summary["columns"]:
            outputs[name]["columns"] = len(summary["columns"])
    found: dict[str, Any] = {"key": key} if key else {}
    if outputs:
        found["outputs"] = outputs
    while outputs and len(json.dumps(found)) > DIGEST_BYTES:
        outputs.popitem()
    return found


def is_summary(uri: str) -> bool:
    return uri.rpartition("/")[2] == SUMMARY_FILE
