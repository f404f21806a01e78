"""Definition files: pure, or with the layout inside `Metadata`, which import takes out again."""

from __future__ import annotations

from typing import Any

from editor.documents import check, read_layout
from engine.definition.dump import dump_definition

LAYOUT_KEY = "clary.layout"
ADDED_KEY = "clary.metadata"  # says that the Metadata object itself was added by the export


def export_text(definition: str, layout: str | None) -> str:
    """The definition, indented; with `layout` also its positions under Metadata."""
    document: dict[str, Any] = dict(check(definition).document)
    if layout is not None:
        held = document.get("Metadata")
        metadata = dict(held) if isinstance(held, dict) else {}
        if "Metadata" not in document:
            metadata[ADDED_KEY] = True
        if held is None or isinstance(held, dict):
            document["Metadata"] = {**metadata, LAYOUT_KEY: read_layout(layout)}
    return dump_definition(document, indent=2) + "\n"


def split_layout(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """(the pure definition, the layout that was inside or None). The inverse of an export with layout."""
    metadata = document.get("Metadata")
    if not isinstance(metadata, dict) or LAYOUT_KEY not in metadata:
        return document, None
    layout = metadata[LAYOUT_KEY]
    kept = {key: value for key, value in metadata.items() if key not in (LAYOUT_KEY, ADDED_KEY)}
    pure = {**document, "Metadata": kept}
    if not kept and ADDED_KEY in metadata:
        del pure["Metadata"]
    return pure, layout if isinstance(layout, dict) else None
