"""Publishing, restoring and what happens when a version arrives from outside."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from editor import selectors
from editor.errors import AliasNotFound, PipelineNotFound, VersionNotFound
from editor.models import Draft, Pipeline
from editor.patches import Edit
from editor.services.drafts import apply_commands, undo
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish, put_version, restore_version, set_alias
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step


@pytest.fixture
def pipeline(member: Actor) -> Pipeline:
    return create_pipeline(actor=member, name="churn", definition=definition(fail_step("a")))


def rename_first(actor: Actor, pipeline: Pipeline, name: str) -> None:
    draft = selectors.draft(actor, pipeline.id)
    patch = [{"op": "replace", "path": "/Steps/0/Name", "value": name}]
    apply_commands(
        actor=actor,
        pipeline_id=pipeline.id,
        revision=draft.revision,
        edits=[Edit(name="rename-step", label=f"Rename to {name}", definition=patch)],
    )


def draft_of(actor: Actor, pipeline: Pipeline) -> Draft:
    return selectors.draft(actor, pipeline.id)


def test_a_version_is_a_copy_with_the_next_number(member: Actor, pipeline: Pipeline) -> None:
    first = publish(actor=member, pipeline_id=pipeline.id, note="first")
    rename_first(member, pipeline, "b")
    second = publish(actor=member, pipeline_id=pipeline.id)
    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert '"Name":"a"' in first.definition
    assert '"Name":"b"' in second.definition
    assert selectors.newest_version(member, pipeline.id) == second


def test_publishing_without_a_change_makes_no_version(member: Actor, pipeline: Pipeline) -> None:
    first = publish(actor=member, pipeline_id=pipeline.id)
    assert publish(actor=member, pipeline_id=pipeline.id) == first


def test_the_draft_counts_its_changes_since_the_version(member: Actor, pipeline: Pipeline) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    assert (draft_of(member, pipeline).base_version, draft_of(member, pipeline).changes_since_version) == (1, 0)
    rename_first(member, pipeline, "b")
    assert draft_of(member, pipeline).changes_since_version == 1
    undo(actor=member, pipeline_id=pipeline.id, revision=2)
    assert draft_of(member, pipeline).changes_since_version == 0


def test_a_restored_version_is_one_command_that_undo_takes_back(member: Actor, pipeline: Pipeline) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    rename_first(member, pipeline, "b")
    restore_version(actor=member, pipeline_id=pipeline.id, number=1, revision=2)
    assert '"Name":"a"' in draft_of(member, pipeline).definition
    assert draft_of(member, pipeline).changes_since_version == 0
    undo(actor=member, pipeline_id=pipeline.id, revision=3)
    assert '"Name":"b"' in draft_of(member, pipeline).definition


def test_a_clean_draft_moves_on_to_a_version_from_the_api(member: Actor, pipeline: Pipeline) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    text = definition(fail_step("a"), fail_step("new"))
    version = put_version(actor=member, pipeline_id=pipeline.id, definition=text)
    draft = draft_of(member, pipeline)
    assert (version.number, version.source, version.definition) == (2, "api", text)
    assert (draft.base_version, draft.changes_since_version, draft.arrived_version) == (2, 0, None)
    assert draft.step_count == 2
    assert publish(actor=member, pipeline_id=pipeline.id) == version


def test_what_arrives_is_arranged_as_long_as_nobody_moved_a_step(member: Actor, pipeline: Pipeline) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("new"), fail_step("a")))
    nodes = json.loads(draft_of(member, pipeline).layout)["nodes"]
    assert (nodes["new"], nodes["a"]) == ({"x": 0, "y": 0}, {"x": 0, "y": 96})


def test_moved_steps_and_notes_stay_and_new_steps_stand_clear_of_them(member: Actor, pipeline: Pipeline) -> None:
    layout = {"nodes": {"a": {"x": 40, "y": 20}}, "groups": [], "notes": [{"text": "mine"}], "hints": {}}
    edit = Edit(name="move", layout=[{"op": "replace", "path": "", "value": layout}])
    apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[edit])
    publish(actor=member, pipeline_id=pipeline.id)
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("new"), fail_step("a")))
    kept = json.loads(draft_of(member, pipeline).layout)
    assert kept["nodes"] == {"new": {"x": 0, "y": 116}, "a": {"x": 40, "y": 20}}
    assert kept["notes"] == [{"text": "mine"}]


def test_a_dirty_draft_is_kept_and_told(member: Actor, pipeline: Pipeline) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    rename_first(member, pipeline, "mine")
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("theirs")))
    draft = draft_of(member, pipeline)
    assert '"Name":"mine"' in draft.definition
    assert (draft.base_version, draft.arrived_version) == (1, 2)
    assert publish(actor=member, pipeline_id=pipeline.id).number == 3
    assert draft_of(member, pipeline).arrived_version is None


def test_taking_the_version_that_arrived_ends_the_notice_and_undo_brings_the_changes_back(
    member: Actor, pipeline: Pipeline
) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    rename_first(member, pipeline, "mine")
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("theirs")))
    revision = draft_of(member, pipeline).revision

    saved = restore_version(actor=member, pipeline_id=pipeline.id, number=2, revision=revision)

    draft = draft_of(member, pipeline)
    assert '"Name":"theirs"' in draft.definition
    assert (draft.base_version, draft.changes_since_version, draft.arrived_version) == (2, 0, None)
    assert (saved.changes_since_version, saved.arrived_version) == (0, None)
    assert publish(actor=member, pipeline_id=pipeline.id).number == 2
    undo(actor=member, pipeline_id=pipeline.id, revision=saved.revision)
    assert '"Name":"mine"' in draft_of(member, pipeline).definition


def test_restoring_another_version_leaves_the_notice(member: Actor, pipeline: Pipeline) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    rename_first(member, pipeline, "mine")
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("theirs")))
    revision = draft_of(member, pipeline).revision
    restore_version(actor=member, pipeline_id=pipeline.id, number=1, revision=revision)
    assert draft_of(member, pipeline).arrived_version == 2


def test_a_new_pipelines_untouched_draft_follows_its_first_version(member: Actor, pipeline: Pipeline) -> None:
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("api")))
    assert draft_of(member, pipeline).base_version == 1


def test_a_version_from_the_api_keeps_the_places_people_gave(member: Actor, pipeline: Pipeline) -> None:
    place = [{"op": "add", "path": "/nodes/a", "value": {"x": 777, "y": 5}}]
    apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[Edit(name="move-step", layout=place)])
    publish(actor=member, pipeline_id=pipeline.id)
    put_version(actor=member, pipeline_id=pipeline.id, definition=definition(fail_step("a"), fail_step("b")))
    nodes = json.loads(draft_of(member, pipeline).layout)["nodes"]
    assert nodes["a"] == {"x": 777, "y": 5}
    assert "b" in nodes


def test_an_alias_names_a_version(member: Actor, pipeline: Pipeline) -> None:
    first = publish(actor=member, pipeline_id=pipeline.id)
    set_alias(actor=member, pipeline_id=pipeline.id, name="production", number=1)
    rename_first(member, pipeline, "b")
    second = publish(actor=member, pipeline_id=pipeline.id)
    assert selectors.newest_version(member, pipeline.id, alias="production") == first
    set_alias(actor=member, pipeline_id=pipeline.id, name="production", number=2)
    assert selectors.newest_version(member, pipeline.id, alias="production") == second
    with pytest.raises(AliasNotFound):
        selectors.newest_version(member, pipeline.id, alias="staging")


def test_a_never_published_pipeline_is_no_version_to_anybody(member: Actor, pipeline: Pipeline) -> None:
    assert list(selectors.pipelines(member, published_only=True)) == []
    with pytest.raises(VersionNotFound):
        selectors.newest_version(member, pipeline.id)


def test_who_may_not_edit_may_not_publish(
    viewer: Actor, operator: Actor, stranger: Actor, member: Actor, pipeline: Pipeline
) -> None:
    publish(actor=member, pipeline_id=pipeline.id)
    for weak in (viewer, operator):
        assert selectors.version(weak, pipeline.id, 1).number == 1
        with pytest.raises(NotPermitted):
            publish(actor=weak, pipeline_id=pipeline.id)
        with pytest.raises(NotPermitted):
            put_version(actor=weak, pipeline_id=pipeline.id, definition=definition())
        with pytest.raises(NotPermitted):
            restore_version(actor=weak, pipeline_id=pipeline.id, number=1, revision=1)
        with pytest.raises(NotPermitted):
            set_alias(actor=weak, pipeline_id=pipeline.id, name="x", number=1)
    with pytest.raises(PipelineNotFound):
        publish(actor=stranger, pipeline_id=pipeline.id)
    with pytest.raises(PipelineNotFound):
        put_version(actor=stranger, pipeline_id=pipeline.id, definition=definition())
    with pytest.raises(PipelineNotFound):
        restore_version(actor=stranger, pipeline_id=pipeline.id, number=1, revision=1)
    with pytest.raises(PipelineNotFound):
        set_alias(actor=stranger, pipeline_id=pipeline.id, name="x", number=1)
    with pytest.raises(PipelineNotFound):
        selectors.version(stranger, pipeline.id, 1)


def test_versions_over_rest(member_api: Api, pipeline: Pipeline) -> None:
    path = f"pipelines/{pipeline.id}/"
    made = member_api.post(path + "publish/", {"note": "first"})
    assert made.status_code == 201
    assert (made.json()["number"], made.json()["note"], made.json()["created_by"]) == (1, "first", "miles")
    assert [row["number"] for row in member_api.get(path + "versions/").json()["results"]] == [1]
    whole = member_api.get(path + "versions/1/").json()
    assert '"Name":"a"' in whole["definition"]
    assert set(whole["layout"]) == {"nodes", "groups", "notes", "hints"}
    assert member_api.get(path + "versions/2/").json()["code"] == "version-not-found"
    assert member_api.post(path + "versions/1/restore/", {"revision": 1}).status_code == 200
    assert member_api.get(path).json()["latest_version"] == 1
