"""Definition files: pure, or with the layout inside `Metadata`, which import takes out again."""

from __future__ import annotations

from editor.documents import check, read_layout
from engine.definition.dump import dump_definition
from engine.layout_metadata import with_layout


def export_text(definition: str, layout: str | None) -> str:
    """The definition, indented; with `layout` also its positions under Metadata."""
    document = check(definition).document
    if layout is not None:
        document = with_layout(document, read_layout(layout))
    return dump_definition(document, indent=2) + "\n"
