"""An edit as a value: patches over the definition and the layout, or a whole new text, and its inverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from editor import documents
from editor.models import Draft
from engine.definition.dump import dump_definition
from engine.definition.parse import parse_json
from engine.definition.patch import PatchRefused, apply_patch


@dataclass(frozen=True, kw_only=True)
class Edit:
    """`definition_text` and `layout_text` replace the whole; the patches come after them."""

    name: str
    label: str = ""
    definition: Sequence[dict[str, Any]] = ()
    layout: Sequence[dict[str, Any]] = ()
    definition_text: str | None = None
    layout_text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """The two documents a draft holds. Never changed in place."""

    definition: dict[str, Any]
    layout: dict[str, Any]


def content_of(draft: Draft) -> Content:
    """The draft's documents, parsed."""
    return Content(definition=documents.document_of(draft.definition), layout=documents.read_layout(draft.layout))


def apply_edit(content: Content, edit: Edit) -> tuple[Content, Edit]:
    """(the changed content, the edit that leads back).

    Raises:
        PatchRefused: a patch does not fit. DefinitionInvalid: the new text is no definition.
    """
    definition, layout = content.definition, content.layout
    back_definition, back_layout = None, None
    if edit.definition_text is not None:
        back_definition = dump_definition(definition)
        definition = documents.document_of(edit.definition_text)
    if edit.layout_text is not None:
        back_layout = dump_definition(layout)
        layout = documents.read_layout(edit.layout_text)
    definition, definition_inverse = _patched(definition, edit.definition)
    layout, layout_inverse = _patched(layout, edit.layout)
    inverse = Edit(
        name=edit.name,
        label=edit.label,
        definition=() if back_definition is not None else definition_inverse,
        layout=() if back_layout is not None else layout_inverse,
        definition_text=back_definition,
        layout_text=back_layout,
    )
    return Content(definition=definition, layout=layout), inverse


def check_values(edit: Edit) -> None:
    """Refuses values that could be written but not read again: too deep, numbers too long.

    Raises:
        PatchRefused
    """
    for patch in (edit.definition, edit.layout):
        try:
            _, problems = parse_json(dump_definition(list(patch))) if patch else (None, ())
        except ValueError as unwritable:
            raise PatchRefused(str(unwritable), index=0, pointer="") from None
        if problems:
            raise PatchRefused(problems[0].message, index=0, pointer="")


def _patched(document: Any, patch: Sequence[dict[str, Any]]) -> tuple[Any, Sequence[dict[str, Any]]]:
    return apply_patch(document, patch) if patch else (document, ())


def dump_patch(edit: Edit) -> str:
    """What the log keeps of an edit. Number spelling survives here too."""
    parts = {
        "definition": list(edit.definition),
        "layout": list(edit.layout),
        "definition_text": edit.definition_text,
        "layout_text": edit.layout_text,
    }
    return dump_definition({key: value for key, value in parts.items() if value})


def edit_of(patch: str) -> Edit:
    """The edit of a log row's `patch` or `inverse`."""
    parts, problems = parse_json(patch)
    if problems:
        raise ValueError(f"A log row cannot be read: {problems[0].message}")
    return Edit(name="", **parts)
