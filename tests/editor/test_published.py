"""Pipelines that come from the API: versions, aliases, and what happens to the draft meanwhile."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from editor import selectors
from editor.errors import NameInUse, PipelineNotFound, VersionNotFound
from editor.models import Alias, Draft, Pipeline
from editor.patches import Edit
from editor.services.drafts import apply_commands
from editor.services.pipelines import create_pipeline
from editor.services.published import Facts, change_version, create_published, update_published
from tests.factories.definitions import definition, fail_step

ONE, TWO = definition(fail_step("One")), definition(fail_step("One"), fail_step("Two"))


def created(actor: Actor, **facts: object) -> Pipeline:
    return create_published(actor=actor, name="churn", definition=ONE, facts=Facts(**facts)).pipeline  # type: ignore[arg-type]


def test_a_new_pipeline_is_published_at_once_and_its_draft_is_clean(member: Actor) -> None:
    pipeline = created(member, role_arn="arn:aws:iam::123456789012:role/x", parallelism=3, aliases=["prod"])
    version = selectors.newest_version(member, pipeline.pk, alias="prod")
    assert (version.number, version.definition, version.source) == (1, ONE, "api")
    draft = Draft.objects.get(pipeline=pipeline)
    assert (draft.base_version, draft.changes_since_version, draft.arrived_version) == (1, 0, None)
    kept = Pipeline.objects.get(pk=pipeline.pk)
    assert (kept.role_arn, kept.parallelism, kept.updated_by) == ("arn:aws:iam::123456789012:role/x", 3, "miles")


def test_a_name_in_use_leaves_nothing_behind(member: Actor) -> None:
    created(member)
    with pytest.raises(NameInUse):
        create_published(actor=member, name="churn", definition=TWO, facts=Facts())
    assert Pipeline.objects.get().latest_version == 1


def test_a_clean_draft_moves_on_and_a_dirty_one_is_kept_and_told(member: Actor) -> None:
    pipeline = created(member)
    assert update_published(actor=member, pipeline_id=pipeline.pk, definition=TWO, facts=Facts()) == 2
    draft = Draft.objects.get(pipeline=pipeline)
    assert json.loads(draft.definition) == json.loads(TWO)
    patch = [{"op": "replace", "path": "/Steps/0/Name", "value": "Mine"}]
    edit = Edit(name="rename-step", definition=patch)
    apply_commands(actor=member, pipeline_id=pipeline.pk, revision=draft.revision, edits=[edit])
    assert update_published(actor=member, pipeline_id=pipeline.pk, definition=ONE, facts=Facts()) == 3
    kept = Draft.objects.get(pipeline=pipeline)
    assert "Mine" in kept.definition
    assert (kept.arrived_version, kept.base_version) == (3, 2)
    saved = apply_commands(actor=member, pipeline_id=pipeline.pk, revision=kept.revision, edits=[edit])
    assert saved.arrived_version == 3  # whoever has the draft open hears of it with the next save


def test_facts_change_without_a_new_version(member: Actor) -> None:
    pipeline = created(member)
    facts = Facts(description="who leaves", aliases=["prod"])
    assert update_published(actor=member, pipeline_id=pipeline.pk, definition=None, facts=facts) == 1
    assert Pipeline.objects.get().description == "who leaves"
    assert Alias.objects.get().version.number == 1


def test_a_pipeline_nobody_published_has_no_version_for_an_alias(member: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="draft-only")
    with pytest.raises(PipelineNotFound):
        selectors.published_pipeline(member, "draft-only")
    with pytest.raises(VersionNotFound):
        update_published(actor=member, pipeline_id=pipeline.pk, definition=None, facts=Facts(aliases=["prod"]))


def test_a_version_gets_a_name_and_aliases_that_move(member: Actor) -> None:
    pipeline = created(member, aliases=["prod", "old"])
    update_published(actor=member, pipeline_id=pipeline.pk, definition=TWO, facts=Facts())
    version = change_version(
        actor=member, pipeline_id=pipeline.pk, number=2, display_name="second", note="better", add_aliases=["prod"]
    )
    assert (version.display_name, version.note) == ("second", "better")
    change_version(actor=member, pipeline_id=pipeline.pk, number=1, remove_aliases=["old", "prod"])
    assert [(alias.name, alias.version.number) for alias in Alias.objects.all()] == [("prod", 2)]


def test_strangers_and_viewers_change_nothing(member: Actor, stranger: Actor, viewer: Actor) -> None:
    pipeline = created(member)
    with pytest.raises(PipelineNotFound):
        selectors.published_pipeline(stranger, "churn")
    with pytest.raises(PipelineNotFound):
        update_published(actor=stranger, pipeline_id=pipeline.pk, definition=TWO, facts=Facts())
    with pytest.raises(PipelineNotFound):
        change_version(actor=stranger, pipeline_id=pipeline.pk, number=1)
    with pytest.raises(NotPermitted):
        create_published(actor=viewer, name="other", definition=ONE, facts=Facts())
    with pytest.raises(NotPermitted):
        change_version(actor=viewer, pipeline_id=pipeline.pk, number=1)
