"""Layouts inside definitions: "export with layout" writes Metadata entries, import reads and removes them.

Metadata is a map of texts of at most 1024 characters (SageMaker pipeline definition schema), and survives the SDKs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definition.dump import dump_definition
from engine.definition.parse import parse_json
from engine.layout import empty_layout

_PREFIX = "ClaryLayout-"
#: Says that the definition had no Metadata of its own, so that none is left behind.
_ALONE = f"{_PREFIX}alone"
_KEY = re.compile(rf"{_PREFIX}(\d{{1,6}}|alone)")
_CHUNK = 1024


def with_layout(document: Mapping[str, Any], layout: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with the layout in its Metadata, which comes before the steps when there was none.

    A Metadata that is no object is not ours to replace: the definition is then exported without the layout.
    """
    if not isinstance(document.get("Metadata", {}), dict):
        return dict(document)
    text = dump_definition(dict(layout))
    chunks = {f"{_PREFIX}{n // _CHUNK}": text[n : n + _CHUNK] for n in range(0, len(text), _CHUNK)}
    metadata = {**_others(document), **chunks}
    if "Metadata" not in document:
        metadata[_ALONE] = "true"
    else:
        return {key: metadata if key == "Metadata" else value for key, value in document.items()}
    changed: dict[str, Any] = {}
    for key, value in document.items():
        if key in ("Parameters", "Steps") and "Metadata" not in changed:
            changed["Metadata"] = metadata
        changed[key] = value
    return {**changed, "Metadata": metadata}


def take_layout(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """(definition without the layout entries, the layout or None). A broken layout counts as none."""
    metadata = document.get("Metadata")
    entries = metadata if isinstance(metadata, dict) else {}
    ours = {found[1]: entries[key] for key in entries if (found := _KEY.fullmatch(key))}
    if not ours:
        return dict(document), None
    kept = _others(document)
    changed = {key: kept if key == "Metadata" else value for key, value in document.items()}
    if ours.pop("alone", None) and not kept:
        del changed["Metadata"]
    return changed, _layout({int(number): text for number, text in ours.items()})


def _others(document: Mapping[str, Any]) -> dict[str, Any]:
    metadata = document.get("Metadata")
    entries = metadata if isinstance(metadata, dict) else {}
    return {key: value for key, value in entries.items() if _KEY.fullmatch(key) is None}


def _layout(chunks: Mapping[int, Any]) -> dict[str, Any] | None:
    texts = [chunks[index] for index in sorted(chunks)]
    if sorted(chunks) != list(range(len(chunks))) or not all(isinstance(text, str) for text in texts):
        return None
    value, problems = parse_json("".join(texts))
    if problems or not isinstance(value, dict):
        return None
    layout = {**empty_layout(), **value}
    shapes = {"nodes": dict, "groups": list, "notes": list, "hints": dict}
    return layout if all(isinstance(layout[key], kind) for key, kind in shapes.items()) else None
