"""Finding the problems of drafts again after something outside of them changed: the table of images."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import documents, hooks
from editor.errors import DefinitionInvalid
from editor.models import Draft


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
    for draft in drafts.only("revision", "definition", "problems").iterator(chunk_size=50):
        try:
            checked = documents.check(draft.definition, images)
        except DefinitionInvalid:  # a text of an older release: the next edit tells
            continue
        problems = documents.problems_text(checked)
        if problems != draft.problems:
            same = Draft.objects.filter(pk=draft.pk, revision=draft.revision)
            counts = {"problem_count": len(checked.problems), "error_count": checked.error_count}
            changed += same.update(problems=problems, **counts)
    return changed
