"""Finding the problems of drafts again after something outside of them changed: the table of images, the release."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import documents, hooks
from editor.errors import DefinitionInvalid
from editor.models import Draft
from editor.rules import rules_stamp


def check_drafts_again(*, actor: Actor) -> int:
    """Brings the kept problems of every draft of the workspace up to date. How many changed.

    No transaction around it: each draft is one guarded UPDATE, and an edit made meanwhile has newer problems anyway.
    Safe to repeat.

    Raises:
        NotPermitted
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    images = hooks.images_of(actor.workspace.pk)
    drafts = Draft.objects.filter(pipeline__workspace=actor.workspace, pipeline__deleted_at__isnull=True)
    changed = 0
    for draft in drafts.only("revision", "definition", "problems", "checked_by").iterator(chunk_size=50):
        before = draft.problems
        changed += _check_again(draft, images) and draft.problems != before
    return changed


def check_draft_of_other_rules(*, actor: Actor, draft: Draft) -> None:
    """Finds the problems of a draft again, in its row too, if a release with other rules found them.

    Whoever may see the draft may see what is wrong with it; nothing they wrote changes. Safe to repeat.

    Raises:
        NotPermitted
    """
    require(actor, Permission.VIEW)
    if draft.checked_by != rules_stamp():
        _check_again(draft, hooks.images_of(actor.workspace.pk))


def _check_again(draft: Draft, images: documents.Images) -> bool:
    """`draft` and its row with the problems of now. Whether the row changed."""
    try:
        columns = documents.problem_columns(documents.check(draft.definition, images))
    except DefinitionInvalid:  # a text of an older release: the next edit tells
        return False
    if columns["problems"] == draft.problems and columns["checked_by"] == draft.checked_by:
        return False
    for name, value in columns.items():
        setattr(draft, name, value)
    return Draft.objects.filter(pk=draft.pk, revision=draft.revision).update(**columns) > 0
