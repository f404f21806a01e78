"""What a start on one machine does before anything serves: tables, owner, samples, a login link."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts.actors import Actor, system_actor
from accounts.selectors import actor_for_user
from accounts.services.bootstrap import ensure_owner
from accounts.services.logins import create_login_link
from editor.models import Pipeline
from editor.services.pipelines import create_pipeline, note_opened
from engine.execution.states import TERMINAL_EXECUTION
from runs import dispatch
from runs.models import Execution
from runs.samples import Sample, load_samples
from runs.services.sample_objects import upload_objects
from runs.services.start import start_execution
from runs.worker.service import LOOPBACK


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """`link` logs the owner in once."""

    link: str


def prepare(*, samples: Path) -> Prepared:
    """Safe to repeat; a second start only makes a new link."""
    if needs_migration():
        call_command("migrate", verbosity=0, interactive=False)
    url = settings.PUBLIC_URL
    start = ensure_owner(url=url)
    if start.created:
        imported = import_samples(system_actor(start.workspace, start.owner.username), samples)
        owner = actor_for_user(start.owner.pk)
        if imported and owner is not None:
            note_opened(actor=owner, pipeline=imported[0])  # the link lands on its canvas
    bound_to_loopback = settings.ENVIRONMENT.host in LOOPBACK
    link = f"{url}/?token={create_login_link(user=start.owner)}" if bound_to_loopback else f"{url}/"
    return Prepared(link=link)


def needs_migration() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def import_samples(actor: Actor, folder: Path) -> list[Pipeline]:
    """Imports every sample and runs the first once. The doorbell is left to the reconciler: no worker is up yet."""
    dispatch.use(lambda attempt_ids: None)
    imported = [import_sample(actor, sample) for sample in load_samples(folder)]
    if imported:
        start_execution(actor=actor, pipeline_id=imported[0].pk)
    return imported


def import_sample(actor: Actor, sample: Sample) -> Pipeline:
    """The pipeline of a sample, with the objects its definition names."""
    with transaction.atomic():
        upload_objects(actor, sample.objects)
        return create_pipeline(
            actor=actor,
            name=sample.pipeline,
            display_name=sample.title,
            description=sample.description,
            definition=sample.definition_for(actor.workspace.default_bucket),
        )


def unfinished_executions() -> int:
    return Execution.objects.exclude(status__in=TERMINAL_EXECUTION).count()
