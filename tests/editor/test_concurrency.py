"""Several people at once: every save lands once, numbers have no gap, the record holds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import audit
from accounts.actors import Actor
from accounts.models import AuditEntry
from editor import selectors
from editor.errors import StaleRevision
from editor.models import DraftCommand, Pipeline, PipelineVersion
from editor.patches import Edit
from editor.services.drafts import apply_commands
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish
from tests.factories.definitions import definition, fail_step

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4
SAVES = 5


def together(work: Callable[[int], None]) -> None:
    """`work` by four people at the same time."""

    def closing(person: int) -> None:
        try:
            work(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        for done in [pool.submit(closing, person) for person in range(PEOPLE)]:
            done.result()


@pytest.fixture
def pipeline(member: Actor) -> Pipeline:
    return create_pipeline(actor=member, name="busy", definition=definition(fail_step("first")))


def add_step(actor: Actor, pipeline: Pipeline, name: str) -> None:
    """Saves until nobody else was first."""
    patch = [{"op": "add", "path": "/Steps/-", "value": fail_step(name)}]
    while True:
        revision = selectors.draft(actor, pipeline.id).revision
        try:
            apply_commands(
                actor=actor,
                pipeline_id=pipeline.id,
                revision=revision,
                edits=[Edit(name="add-step", label=name, definition=patch)],
            )
        except StaleRevision:
            continue
        return


def test_saves_side_by_side_lose_nothing(member: Actor, pipeline: Pipeline) -> None:
    together(lambda person: [add_step(member, pipeline, f"s-{person}-{n}") for n in range(SAVES)] and None)
    draft = selectors.draft(member, pipeline.id)
    assert draft.revision == 1 + PEOPLE * SAVES
    assert draft.step_count == 1 + PEOPLE * SAVES
    revisions = DraftCommand.objects.order_by("revision").values_list("revision", flat=True)
    assert list(revisions) == list(range(2, 2 + PEOPLE * SAVES))
    assert audit.first_broken_entry(member.workspace) is None
    assert AuditEntry.objects.filter(action="edit-draft").count() == PEOPLE * SAVES


def test_versions_published_side_by_side_have_no_gap(member: Actor, pipeline: Pipeline) -> None:
    def work(person: int) -> None:
        for n in range(SAVES):
            add_step(member, pipeline, f"s-{person}-{n}")
            publish(actor=member, pipeline_id=pipeline.id)

    together(work)
    numbers = list(PipelineVersion.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert selectors.newest_version(member, pipeline.id).step_count == 1 + PEOPLE * SAVES
    assert audit.first_broken_entry(member.workspace) is None
