"""Reading pipelines. Every query filters by the actor's workspace; list rows never load a definition."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.errors import AliasNotFound, PipelineNotFound, VersionNotFound
from editor.models import Alias, Draft, DraftCommand, LastOpened, Pipeline, PipelineVersion


def pipelines(actor: Actor, *, search: str = "", published_only: bool = False) -> QuerySet[Pipeline]:
    """Visible pipelines with their draft's counts. Hidden one-step pipelines are left out."""
    require(actor, Permission.VIEW)
    found = _mine(actor).filter(hidden=False).select_related("draft")
    if search:
        matches = Q(name__icontains=search) | Q(display_name__icontains=search) | Q(description__icontains=search)
        found = found.filter(matches)
    if published_only:
        found = found.filter(latest_version__gt=0)
    return found.defer("draft__definition", "draft__layout", "draft__problems")


def pipelines_changed(actor: Actor, since: datetime) -> QuerySet[Pipeline]:
    """Pipelines changed after `since`, oldest change first; those deleted since then too."""
    require(actor, Permission.VIEW)
    own = Pipeline.objects.filter(workspace=actor.workspace, hidden=False, updated_at__gt=since).order_by("updated_at")
    return own.select_related("draft").defer("draft__definition", "draft__layout", "draft__problems")


def pipelines_naming(actor: Actor, text: str) -> QuerySet[Pipeline]:
    """Visible pipelines whose draft holds this text somewhere, by name."""
    return pipelines(actor).filter(draft__definition__contains=text).order_by("name")


def pipeline(actor: Actor, pipeline_id: str) -> Pipeline:
    """One pipeline with its draft's counts.

    Raises:
        PipelineNotFound: unknown, deleted, or of another workspace.
    """
    require(actor, Permission.VIEW)
    rows = _mine(actor).select_related("draft").defer("draft__definition", "draft__layout", "draft__problems")
    found = rows.filter(pk=pipeline_id).first()
    if found is None:
        raise PipelineNotFound(pipeline=pipeline_id)
    return found


def pipeline_named(actor: Actor, name: str) -> Pipeline:
    """The pipeline of that name; AWS callers know no ids.

    Raises:
        PipelineNotFound
    """
    require(actor, Permission.VIEW)
    found = _mine(actor).filter(name=name).select_related("draft").first()
    if found is None:
        raise PipelineNotFound(pipeline=name)
    return found


def published_pipeline(actor: Actor, name: str) -> Pipeline:
    """The pipeline of that name as AWS callers see it: published at least once, and nobody's plain job.

    Raises:
        PipelineNotFound
    """
    require(actor, Permission.VIEW)
    found = _mine(actor).filter(name=name, hidden=False, latest_version__gt=0).first()
    if found is None:
        raise PipelineNotFound(pipeline=name)
    return found


def draft(actor: Actor, pipeline_id: str) -> Draft:
    """The draft with its texts and its pipeline.

    Raises:
        PipelineNotFound
    """
    require(actor, Permission.VIEW)
    found = (
        Draft.objects.filter(pipeline_id=pipeline_id, pipeline__workspace=actor.workspace)
        .filter(pipeline__deleted_at__isnull=True)
        .select_related("pipeline")
        .first()
    )
    if found is None:
        raise PipelineNotFound(pipeline=pipeline_id)
    return found


def history(actor: Actor, pipeline_id: str) -> QuerySet[DraftCommand]:
    """The draft's commands without their patches."""
    held = pipeline(actor, pipeline_id)
    return DraftCommand.objects.filter(draft_id=held.pk).defer("patch", "inverse")


def undo_labels(draft: Draft) -> tuple[str | None, str | None]:
    """(what undo would take back, what redo would bring back); None where there is nothing."""
    state = DraftCommand.State
    commands = DraftCommand.objects.filter(draft=draft)
    done = commands.filter(state=state.DONE).order_by("-revision").values_list("label", flat=True).first()
    undone = commands.filter(state=state.UNDONE).order_by("revision").values_list("label", flat=True).first()
    return done, undone


def versions(actor: Actor, pipeline_id: str) -> QuerySet[PipelineVersion]:
    """Published versions without their texts."""
    held = pipeline(actor, pipeline_id)
    return PipelineVersion.objects.filter(pipeline=held).defer("definition", "layout")


def version(actor: Actor, pipeline_id: str, number: int) -> PipelineVersion:
    """One version with its texts.

    Raises:
        PipelineNotFound, VersionNotFound
    """
    held = pipeline(actor, pipeline_id)
    found = PipelineVersion.objects.filter(pipeline=held, number=number).first()
    if found is None:
        raise VersionNotFound(pipeline=held.name, number=number)
    return found


def newest_version(actor: Actor, pipeline_id: str, *, alias: str | None = None) -> PipelineVersion:
    """What API callers, schedules and triggers start: the alias's version, else the newest one.

    Raises:
        PipelineNotFound, AliasNotFound, VersionNotFound
    """
    held = pipeline(actor, pipeline_id)
    if alias is None:
        return version(actor, pipeline_id, held.latest_version)
    found = Alias.objects.filter(pipeline=held, name=alias).select_related("version").first()
    if found is None:
        raise AliasNotFound(pipeline=held.name, alias=alias)
    return found.version


def last_pipeline_id(actor: Actor) -> str | None:
    """The pipeline this person had open last, while it still exists."""
    if actor.user_id is None:
        return None
    opened = LastOpened.objects.filter(user_id=actor.user_id, workspace=actor.workspace)
    return opened.filter(pipeline__deleted_at__isnull=True).values_list("pipeline_id", flat=True).first()


def _mine(actor: Actor) -> QuerySet[Pipeline]:
    return Pipeline.objects.filter(workspace=actor.workspace, deleted_at__isnull=True)
