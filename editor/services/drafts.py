"""Editing a draft: commands in, one new revision per command, the way back kept beside each.

Texts are worked out before the transaction, which then takes the next revision by one guarded UPDATE: two editors can
never both write revision n + 1, and nobody waits for a validation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import documents, hooks, selectors
from editor.errors import (
    AllStepsRemoved,
    DefinitionInvalid,
    NothingToRedo,
    NothingToUndo,
    PatchInvalid,
    PipelineNotFound,
    StaleRevision,
)
from editor.models import Draft, DraftCommand, Pipeline
from editor.patches import Content, Edit, apply_edit, check_values, content_of, dump_patch, edit_of
from engine.definition.dump import dump_definition
from engine.definition.patch import PatchRefused

#: Words a command's name holds when removing every step is what was meant.
REMOVING = ("delete", "remove", "cut", "clear", "undo", "redo", "restore", "replace", "text")


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a save left. `applied` holds what undo and redo did, for the canvas to follow."""

    revision: int
    problems: str  # JSON text
    saved_at: datetime
    changes_since_version: int
    arrived_version: int | None = None  # came from the API meanwhile; the draft was kept
    applied: Edit | None = None


class _Overtaken(Exception):
    """Somebody else wrote the next revision first."""


def apply_commands(*, actor: Actor, pipeline_id: str, revision: int, edits: Sequence[Edit]) -> Saved:
    """The draft with `edits` applied in order, all or none.

    A save whose answer got lost may be sent again, with newer edits behind it: what is in the log already, from the
    same person and right after `revision`, is not applied twice.

    Raises:
        NotPermitted, PipelineNotFound
        StaleRevision: the draft is not at `revision`; carries both documents.
        PatchInvalid, DefinitionInvalid, LayoutInvalid: an edit does not fit, or its result is no definition.
        AllStepsRemoved: a command that is no deletion would leave no step.
    """
    require(actor, Permission.EDIT_PIPELINE)
    draft = selectors.draft(actor, pipeline_id)
    if draft.revision == revision:
        try:
            return _write(actor, draft, edits, changes={DraftCommand.State.UNDONE: DraftCommand.State.CLOSED})
        except _Overtaken:
            draft = selectors.draft(actor, pipeline_id)
    known = _known_already(draft, actor, revision, edits)
    if known is None:
        raise _stale(draft, revision, edits)
    if known == len(edits):
        return _saved(draft)
    return apply_commands(actor=actor, pipeline_id=pipeline_id, revision=draft.revision, edits=edits[known:])


def undo(*, actor: Actor, pipeline_id: str, revision: int) -> Saved:
    """Takes the newest command that still counts back, whoever made it and in whatever session.

    Raises:
        NotPermitted, PipelineNotFound, StaleRevision, NothingToUndo
    """
    require(actor, Permission.EDIT_PIPELINE)
    draft = _at(actor, pipeline_id, revision)
    command = draft.commands.filter(state=DraftCommand.State.DONE).order_by("-revision").first()
    if command is None:
        raise NothingToUndo()
    edit = replace(edit_of(command.inverse), name="undo", label=f"Undo {command.label}"[:256])
    return _step(actor, draft, command, edit, DraftCommand.State.UNDONE)


def redo(*, actor: Actor, pipeline_id: str, revision: int) -> Saved:
    """Brings back what undo took last, as long as nothing else was done since.

    Raises:
        NotPermitted, PipelineNotFound, StaleRevision, NothingToRedo
    """
    require(actor, Permission.EDIT_PIPELINE)
    draft = _at(actor, pipeline_id, revision)
    command = draft.commands.filter(state=DraftCommand.State.UNDONE).order_by("revision").first()
    if command is None:
        raise NothingToRedo()
    edit = replace(edit_of(command.patch), name="redo", label=f"Redo {command.label}"[:256])
    return _step(actor, draft, command, edit, DraftCommand.State.DONE)


def locked_draft(actor: Actor, pipeline_id: str) -> Draft:
    """The draft, its row locked until the transaction ends.

    Raises:
        PipelineNotFound: unknown, deleted, or of another workspace.
    """
    rows = Draft.objects.select_for_update(of=("self",)).select_related("pipeline")
    mine = rows.filter(pipeline__workspace=actor.workspace, pipeline__deleted_at__isnull=True)
    draft = mine.filter(pk=pipeline_id).first()
    if draft is None:
        raise PipelineNotFound(pipeline=pipeline_id)
    return draft


def _at(actor: Actor, pipeline_id: str, revision: int) -> Draft:
    draft = selectors.draft(actor, pipeline_id)
    if draft.revision != revision:
        raise _stale(draft, revision, ())
    return draft


def _step(actor: Actor, draft: Draft, command: DraftCommand, edit: Edit, becomes: str) -> Saved:
    """One undo or redo: its own log row counts for neither; `command` changes its state."""
    seen = draft.revision
    try:
        saved = _write(actor, draft, [edit], state=DraftCommand.State.CLOSED, changes={command.pk: becomes})
    except _Overtaken:
        raise _stale(selectors.draft(actor, draft.pk), seen, ()) from None
    return replace(saved, applied=edit)


def _write(
    actor: Actor,
    draft: Draft,
    edits: Sequence[Edit],
    *,
    changes: Mapping[Any, str],
    state: str = DraftCommand.State.DONE,
) -> Saved:
    """The next revision. Everything slow happens before the transaction; its first statement takes the revision.

    `changes`: new states of log rows, by pk or by their present state.

    Raises:
        _Overtaken: the draft is not at the revision it was read at.
    """
    seen = draft.revision
    rows = _prepare(actor, draft, edits, state)
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk, revision=seen).update(**_columns(draft)):
            raise _Overtaken
        for key, becomes in changes.items():
            chosen = {"state": key} if isinstance(key, str) else {"pk": key}
            DraftCommand.objects.filter(draft=draft, **chosen).update(state=becomes)
        DraftCommand.objects.bulk_create(rows)
        Pipeline.objects.filter(pk=draft.pk).update(updated_at=draft.saved_at)
        names = [edit.name for edit in edits]
        audit.record(actor, "edit-draft", draft.pk, {"revision": draft.revision, "commands": names})
    return _saved(draft)


def _prepare(actor: Actor, draft: Draft, edits: Sequence[Edit], state: str) -> list[DraftCommand]:
    """Log rows for `edits`; `draft` gets the texts and counts they lead to, unsaved."""
    before = content_of(draft)
    content, now, rows = before, timezone.now(), []
    for index, edit in enumerate(edits):
        content, inverse = _applied(content, edit, index)
        rows.append(
            DraftCommand(
                draft=draft,
                revision=draft.revision + index + 1,
                name=edit.name,
                label=edit.label,
                actor=actor.username,
                patch=dump_patch(edit),
                inverse=dump_patch(inverse),
                state=state,
                at=now,
            )
        )
    if content.definition is not before.definition:
        after = documents.check_document(content.definition, hooks.images_of(actor.workspace.pk))
        if draft.step_count and not after.step_count and not any(_means_removing(edit) for edit in edits):
            raise AllStepsRemoved(name=edits[-1].name)
        draft.definition, draft.sha256, draft.step_count = after.text, after.sha256, after.step_count
        for name, value in documents.problem_columns(after).items():
            setattr(draft, name, value)
    if content.layout is not before.layout:
        draft.layout = documents.layout_text(content.layout)
    draft.revision += len(rows)
    draft.saved_at = now
    clean = bool(draft.base_digest) and documents.digest(draft.definition, draft.layout) == draft.base_digest
    draft.changes_since_version = 0 if clean else draft.changes_since_version + len(rows)
    return rows


def _columns(draft: Draft) -> dict[str, Any]:
    """What `_prepare` may have changed."""
    names = (
        "revision",
        "definition",
        "layout",
        "sha256",
        "step_count",
        "problem_count",
        "error_count",
        "problems",
        "checked_by",
        "changes_since_version",
        "saved_at",
    )
    return {name: getattr(draft, name) for name in names}


def _applied(content: Content, edit: Edit, index: int) -> tuple[Content, Edit]:
    try:
        check_values(edit)
        return apply_edit(content, edit)
    except PatchRefused as refused:
        raise PatchInvalid(pointer=f"/commands/{index}", index=index + 1, name=edit.name, reason=str(refused)) from None


def _means_removing(edit: Edit) -> bool:
    return any(word in edit.name.lower() for word in REMOVING)


def _saved(draft: Draft) -> Saved:
    return Saved(
        revision=draft.revision,
        problems=draft.problems,
        saved_at=draft.saved_at,
        changes_since_version=draft.changes_since_version,
        arrived_version=draft.arrived_version,
    )


def _known_already(draft: Draft, actor: Actor, revision: int, edits: Sequence[Edit]) -> int | None:
    """How many of `edits` made the revisions after `revision`; None when somebody else's work is among those."""
    ahead = draft.revision - revision
    if not 0 < ahead <= len(edits):
        return None
    kept = draft.commands.filter(revision__gt=revision).order_by("revision")
    sent = [(actor.username, edit.name, dump_patch(edit)) for edit in edits[:ahead]]
    return ahead if [(one.actor, one.name, one.patch) for one in kept] == sent else None


def _stale(draft: Draft, revision: int, edits: Sequence[Edit]) -> StaleRevision:
    theirs = {
        "revision": draft.revision,
        "definition": draft.definition,
        "layout": documents.read_layout(draft.layout),
    }
    return StaleRevision(current=draft.revision, given=revision, theirs=theirs, yours=_yours(draft, revision, edits))


def _yours(draft: Draft, revision: int, edits: Sequence[Edit]) -> dict[str, Any] | None:
    """The sender's document: the draft as it was at `revision`, with their edits. None when they do not fit there."""
    later = list(draft.commands.filter(revision__gt=revision).order_by("-revision")[:1000])
    if revision < 1 or len(later) != draft.revision - revision:
        return None
    content = content_of(draft)
    try:
        for command in later:
            content, _ = apply_edit(content, edit_of(command.inverse))
        for edit in edits:
            content, _ = apply_edit(content, edit)
    except (PatchRefused, DefinitionInvalid):
        return None
    return {"definition": dump_definition(content.definition), "layout": content.layout}
