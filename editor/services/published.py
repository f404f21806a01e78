"""Pipelines that come from the API: a definition published at once, with what AWS keeps beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import selectors
from editor.models import Alias, PipelineVersion
from editor.services.pipelines import change_pipeline, create_pipeline
from editor.services.versions import put_version, set_alias


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a caller says beside the definition; None leaves a fact as it is."""

    display_name: str | None = None
    description: str | None = None
    role_arn: str | None = None
    parallelism: int | None = None
    aliases: Sequence[str] = ()


def create_published(*, actor: Actor, name: str, definition: str, facts: Facts) -> PipelineVersion:
    """Version 1 of a new pipeline; its draft stands at it.

    Raises:
        NotPermitted, NameInvalid, NameInUse, DefinitionInvalid
    """
    require(actor, Permission.EDIT_PIPELINE)
    with transaction.atomic():
        pipeline = create_pipeline(
            actor=actor,
            name=name,
            definition=definition,
            display_name=facts.display_name or "",
            description=facts.description or "",
            role_arn=facts.role_arn or "",
            parallelism=facts.parallelism,
        )
        version = put_version(actor=actor, pipeline_id=pipeline.pk, definition=definition)
        _move_aliases(actor, version, facts.aliases)
    return version


def update_published(*, actor: Actor, pipeline_id: str, definition: str | None, facts: Facts) -> int:
    """Number of the newest version after the update: a new one when a definition came.

    Raises:
        NotPermitted, PipelineNotFound, DefinitionInvalid
        VersionNotFound: aliases without a definition on a pipeline that has no version.
    """
    require(actor, Permission.EDIT_PIPELINE)
    with transaction.atomic():
        pipeline = change_pipeline(
            actor=actor,
            pipeline_id=pipeline_id,
            display_name=facts.display_name,
            description=facts.description,
            role_arn=facts.role_arn,
            parallelism=facts.parallelism,
        )
        if definition is not None:
            version = put_version(actor=actor, pipeline_id=pipeline_id, definition=definition)
        elif facts.aliases:
            version = selectors.newest_version(actor, pipeline_id)
        else:
            return pipeline.latest_version
        _move_aliases(actor, version, facts.aliases)
    return version.number


def change_version(
    *,
    actor: Actor,
    pipeline_id: str,
    number: int,
    display_name: str | None = None,
    note: str | None = None,
    add_aliases: Sequence[str] = (),
    remove_aliases: Sequence[str] = (),
) -> PipelineVersion:
    """The version under another name, note or aliases; its definition never changes. None leaves a fact as it is.

    Raises:
        NotPermitted, PipelineNotFound, VersionNotFound
    """
    require(actor, Permission.EDIT_PIPELINE)
    with transaction.atomic():
        version = selectors.version(actor, pipeline_id, number)
        given = {"display_name": display_name, "note": note}
        changes = {key: value for key, value in given.items() if value is not None}
        if changes:
            PipelineVersion.objects.filter(pk=version.pk).update(**changes)
            for key, value in changes.items():
                setattr(version, key, value)
        Alias.objects.filter(version=version, name__in=remove_aliases).delete()
        _move_aliases(actor, version, add_aliases)
        detail = {"version": number, **changes, "removed_aliases": list(remove_aliases)}
        audit.record(actor, "change-version", version.pipeline_id, detail)
    return version


def _move_aliases(actor: Actor, version: PipelineVersion, aliases: Sequence[str]) -> None:
    for name in aliases:
        set_alias(actor=actor, pipeline_id=version.pipeline_id, name=name, number=version.number)
