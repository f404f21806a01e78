"""Creating, renaming and deleting pipelines."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import documents, hooks, selectors
from editor.errors import NameInUse, NameInvalid, PipelineRunning
from editor.models import Draft, LastOpened, Pipeline
from engine.definition.dump import dump_definition
from engine.layout_metadata import take_layout

#: AWS CreatePipeline, field PipelineName.
NAME = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9])*")
LONGEST_NAME = 256


def create_pipeline(
    *,
    actor: Actor,
    name: str,
    definition: str | None = None,
    layout: dict[str, Any] | None = None,
    display_name: str = "",
    description: str = "",
    role_arn: str = "",
    parallelism: int | None = None,
    hidden: bool = False,
) -> Pipeline:
    """A pipeline whose draft holds `definition` (empty when None).

    Positions come from `layout`, else from the definition's own Metadata (an export with layout), else they are
    arranged. A hidden pipeline may have any name, so that it never takes one from people.

    Raises:
        NotPermitted, NameInvalid, NameInUse, DefinitionInvalid, LayoutInvalid
    """
    require(actor, Permission.START_EXECUTION if hidden else Permission.EDIT_PIPELINE)
    if not hidden:
        _check_name(name)
    images = hooks.images_of(actor.workspace.pk)
    checked = documents.check(definition if definition is not None else documents.NEW_DEFINITION, images)
    pure, inside = take_layout(checked.document)
    if inside is not None:
        checked = documents.check(dump_definition(pure), images)
    positions = layout if layout is not None else inside
    placed = documents.layout_text(positions) if positions is not None else documents.arranged(checked)
    with transaction.atomic():
        pipeline = _insert(
            Pipeline(
                workspace=actor.workspace,
                name=name,
                display_name=display_name,
                description=description,
                role_arn=role_arn,
                parallelism=parallelism,
                hidden=hidden,
                created_by=actor.username,
                updated_by=actor.username,
            )
        )
        pipeline.draft = Draft.objects.create(
            pipeline=pipeline,
            definition=checked.text,
            layout=placed,
            sha256=checked.sha256,
            step_count=checked.step_count,
            **documents.problem_columns(checked),
        )
        audit.record(actor, "create-pipeline", pipeline.pk, {"name": name, "sha256": checked.sha256})
    return pipeline


def change_pipeline(
    *,
    actor: Actor,
    pipeline_id: str,
    name: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    role_arn: str | None = None,
    parallelism: int | None = None,
) -> Pipeline:
    """The pipeline with the given facts changed; None leaves one as it is.

    Raises:
        NotPermitted, PipelineNotFound, NameInvalid, NameInUse
    """
    require(actor, Permission.EDIT_PIPELINE)
    given = {
        "name": name,
        "display_name": display_name,
        "description": description,
        "role_arn": role_arn,
        "parallelism": parallelism,
    }
    with transaction.atomic():
        pipeline = selectors.pipeline(actor, pipeline_id)
        changes = {key: value for key, value in given.items() if value is not None and value != getattr(pipeline, key)}
        if not changes:
            return pipeline
        if name is not None and "name" in changes:
            _check_name(name)
        for key, value in changes.items():
            setattr(pipeline, key, value)
        pipeline.updated_at, pipeline.updated_by = timezone.now(), actor.username
        _save(pipeline, [*changes, "updated_at", "updated_by"])
        audit.record(actor, "change-pipeline", pipeline.pk, changes)
    return pipeline


def delete_pipeline(*, actor: Actor, pipeline_id: str) -> None:
    """Takes the pipeline out of every list and frees its name. Versions and executions stay readable by id.

    Raises:
        NotPermitted, PipelineNotFound
        PipelineRunning: an execution has not ended.
    """
    require(actor, Permission.DELETE_PIPELINE)
    with transaction.atomic():
        pipeline = selectors.pipeline(actor, pipeline_id)
        running = hooks.running_executions(actor, pipeline.pk)
        if running:
            raise PipelineRunning(name=pipeline.name, count=running)
        now = timezone.now()
        Pipeline.objects.filter(pk=pipeline.pk).update(deleted_at=now, updated_at=now, updated_by=actor.username)
        audit.record(actor, "delete-pipeline", pipeline.pk, {"name": pipeline.name})
        transaction.on_commit(partial(hooks.pipelines_changed, actor.workspace.pk))


def note_opened(*, actor: Actor, pipeline: Pipeline) -> None:
    """Remembers what this person had open last. Writes only when it changed."""
    if actor.user_id is None or selectors.last_pipeline_id(actor) == pipeline.pk:
        return
    LastOpened.objects.update_or_create(
        user_id=actor.user_id,
        workspace=actor.workspace,
        defaults={"pipeline": pipeline, "at": timezone.now()},
    )


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise NameInvalid(pointer="/name", name=repr(name[:80]))


def _insert(pipeline: Pipeline) -> Pipeline:
    return _guarded(pipeline, lambda: pipeline.save(force_insert=True))


def _save(pipeline: Pipeline, fields: list[str]) -> Pipeline:
    return _guarded(pipeline, lambda: pipeline.save(update_fields=fields))


def _guarded(pipeline: Pipeline, write: Any) -> Pipeline:
    """The database decides whether the name is free."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        taken = Pipeline.objects.filter(workspace=pipeline.workspace, name=pipeline.name, deleted_at__isnull=True)
        if taken.exclude(pk=pipeline.pk).exists():
            raise NameInUse(pointer="/name", name=pipeline.name) from None
        raise
    return pipeline
