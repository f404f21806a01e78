"""Publishing: a draft's texts copied into an immutable, numbered version."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import documents, hooks, selectors
from editor.models import Alias, Draft, DraftCommand, Pipeline, PipelineVersion
from editor.patches import Edit
from editor.services.drafts import Saved, apply_commands, locked_draft
from engine.definition.dump import dump_definition
from engine.definition.model import Definition
from engine.layout import arrange, keep_places, prune
from engine.layout_metadata import take_layout


def publish(*, actor: Actor, pipeline_id: str, note: str = "") -> PipelineVersion:
    """The draft as a new version; the newest version when the draft has no change since it.

    Raises:
        NotPermitted, PipelineNotFound
    """
    require(actor, Permission.EDIT_PIPELINE)
    with transaction.atomic():
        draft = locked_draft(actor, pipeline_id)
        pipeline = draft.pipeline
        content_digest = documents.digest(draft.definition, draft.layout)
        if draft.base_digest == content_digest and draft.base_version == pipeline.latest_version:
            return PipelineVersion.objects.get(pipeline=pipeline, number=pipeline.latest_version)
        version = _add_version(
            actor, pipeline, draft.definition, draft.layout, draft.sha256, draft.step_count, note, "studio"
        )
        _settle(draft, version.number, content_digest)
    return version


def put_version(
    *,
    actor: Actor,
    pipeline_id: str,
    definition: str,
    layout: dict[str, Any] | None = None,
    note: str = "",
) -> PipelineVersion:
    """A new version from the API, kept as exactly the text that came.

    A clean draft moves on to it. A draft with changes is kept, and told that a version arrived.

    Raises:
        NotPermitted, PipelineNotFound, DefinitionInvalid, LayoutInvalid
    """
    require(actor, Permission.EDIT_PIPELINE)
    images = hooks.images_of(actor.workspace.pk)
    checked = documents.check(definition, images)
    pure, inside = take_layout(checked.document)
    text = definition
    if inside is not None:
        text = dump_definition(pure)
        checked = documents.check(text, images)
    with transaction.atomic():
        draft = locked_draft(actor, pipeline_id)
        positions = layout if layout is not None else inside
        placed = documents.layout_text(positions) if positions is not None else _kept_places(draft, checked)
        version = _add_version(
            actor, draft.pipeline, text, placed, documents.digest(text), checked.step_count, note, "api"
        )
        untouched = draft.base_version is None and draft.revision == 1
        if untouched or documents.digest(draft.definition, draft.layout) == draft.base_digest:
            _fast_forward(actor, draft, checked, placed, version.number)
        else:
            Draft.objects.filter(pk=draft.pk).update(arrived_version=version.number)
        transaction.on_commit(partial(hooks.pipelines_changed, actor.workspace.pk))
    return version


def restore_version(*, actor: Actor, pipeline_id: str, number: int, revision: int) -> Saved:
    """The draft with the texts of version `number`, as one command that undo takes back.

    A version that arrived from the API while the draft had changes is taken by that: the draft stands at it.

    Raises:
        NotPermitted, PipelineNotFound, VersionNotFound, StaleRevision
    """
    require(actor, Permission.EDIT_PIPELINE)
    version = selectors.version(actor, pipeline_id, number)
    edit = Edit(
        name="restore-version",
        label=f"Restore version {number}",
        definition_text=version.definition,
        layout_text=version.layout,
    )
    with transaction.atomic():
        saved = apply_commands(actor=actor, pipeline_id=pipeline_id, revision=revision, edits=[edit])
        draft = locked_draft(actor, pipeline_id)
        if draft.arrived_version != number:
            return saved
        _settle(draft, number, documents.digest(draft.definition, draft.layout))
    return replace(saved, changes_since_version=0, arrived_version=None)


def set_alias(*, actor: Actor, pipeline_id: str, name: str, number: int) -> Alias:
    """`name` stands for version `number` from now on.

    Raises:
        NotPermitted, PipelineNotFound, VersionNotFound
    """
    require(actor, Permission.EDIT_PIPELINE)
    version = selectors.version(actor, pipeline_id, number)
    with transaction.atomic():
        alias, _ = Alias.objects.update_or_create(
            pipeline_id=version.pipeline_id, name=name, defaults={"version": version, "updated_at": timezone.now()}
        )
        audit.record(actor, "set-alias", version.pipeline_id, {"alias": name, "version": number})
    return alias


def _add_version(
    actor: Actor, pipeline: Pipeline, definition: str, layout: str, sha256: str, step_count: int, note: str, source: str
) -> PipelineVersion:
    """Numbers come from the pipeline's row in one UPDATE, so two publishers never meet."""
    now = timezone.now()
    next_number = {"latest_version": F("latest_version") + 1, "updated_at": now, "updated_by": actor.username}
    Pipeline.objects.filter(pk=pipeline.pk).update(**next_number)
    pipeline.refresh_from_db(fields=["latest_version"])
    version = PipelineVersion.objects.create(
        pipeline=pipeline,
        number=pipeline.latest_version,
        definition=definition,
        layout=layout,
        sha256=sha256,
        step_count=step_count,
        note=note,
        source=source,
        created_by=actor.username,
        created_at=now,
    )
    audit.record(actor, "publish-version", pipeline.pk, {"version": version.number, "sha256": sha256, "from": source})
    return version


def _settle(draft: Draft, number: int, content_digest: str) -> None:
    Draft.objects.filter(pk=draft.pk).update(
        base_version=number, base_digest=content_digest, changes_since_version=0, arrived_version=None
    )


def _fast_forward(actor: Actor, draft: Draft, checked: documents.Checked, layout: str, number: int) -> None:
    edit = Edit(
        name="restore-version",
        label=f"Version {number} arrived",
        definition_text=checked.text,
        layout_text=layout,
    )
    apply_commands(actor=actor, pipeline_id=draft.pk, revision=draft.revision, edits=[edit])
    # What came from outside is no edit of the studio: undo stops here.
    state = DraftCommand.State
    draft.commands.exclude(state=state.CLOSED).update(state=state.CLOSED)
    _settle(draft, number, documents.digest(checked.text, layout))


def _kept_places(draft: Draft, checked: documents.Checked) -> str:
    """Arranged anew as long as nobody moved a step; else positions of steps that are still there are kept."""
    held = documents.read_layout(draft.layout)
    fresh = _arranged(checked.document)
    moved = held["nodes"] != _arranged(documents.document_of(draft.definition))
    nodes = keep_places(held["nodes"], fresh) if moved else fresh
    return documents.layout_text({**prune(held, fresh), "nodes": nodes})


def _arranged(document: dict[str, Any]) -> dict[str, dict[str, int]]:
    nodes: dict[str, dict[str, int]] = arrange(Definition.from_document(document))["nodes"]
    return nodes
