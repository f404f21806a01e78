"""Editing a draft by commands: one revision each, the way back kept, nothing lost when two edit at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from editor import selectors
from editor.errors import (
    AllStepsRemoved,
    DefinitionInvalid,
    LayoutInvalid,
    PatchInvalid,
    PipelineNotFound,
    StaleRevision,
)
from editor.models import DraftCommand, Pipeline
from editor.patches import Edit
from editor.services import drafts
from editor.services.drafts import apply_commands
from editor.services.pipelines import create_pipeline
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step


def add(name: str, index: str = "-") -> Edit:
    patch = {"op": "add", "path": f"/Steps/{index}", "value": fail_step(name)}
    place = {"op": "add", "path": f"/nodes/{name}", "value": {"x": 1, "y": 2}}
    return Edit(name="add-step", label=f"Add {name}", definition=[patch], layout=[place])


def remove(index: int, name: str = "remove-step") -> Edit:
    return Edit(name=name, label="Remove", definition=[{"op": "remove", "path": f"/Steps/{index}"}])


@pytest.fixture
def pipeline(member: Actor) -> Pipeline:
    return create_pipeline(actor=member, name="churn", definition=definition(fail_step("a")))


def names_of(actor: Actor, pipeline: Pipeline) -> list[str]:
    return [step["Name"] for step in json.loads(selectors.draft(actor, pipeline.id).definition)["Steps"]]


def test_each_command_is_one_revision(member: Actor, pipeline: Pipeline) -> None:
    saved = apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[add("b"), add("c")])
    assert saved.revision == 3
    assert names_of(member, pipeline) == ["a", "b", "c"]
    log = list(DraftCommand.objects.order_by("revision").values_list("revision", "name", "label", "actor"))
    assert log == [(2, "add-step", "Add b", "miles"), (3, "add-step", "Add c", "miles")]
    assert AuditEntry.objects.filter(action="edit-draft").count() == 1


def test_counts_and_problems_follow_the_text(member: Actor, pipeline: Pipeline) -> None:
    saved = apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[add("a")])
    draft = selectors.draft(member, pipeline.id)
    found = json.loads(saved.problems)
    assert draft.step_count == 2
    assert draft.problem_count == len(found) > 0
    assert any("a" in problem["message"] for problem in found)


def test_untouched_literals_stay_as_they_were_written(member: Actor) -> None:
    text = '{"Version":"2020-12-01","Steps":[{"Name":"a","Type":"Fail","Arguments":{"x":1.50,"y":1e5}}]}'
    pipeline = create_pipeline(actor=member, name="spelled", definition=text)
    move = {"op": "add", "path": "/Steps/0/Arguments/z", "value": 1, "before": "y"}
    apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[Edit(name="set", definition=[move])])
    assert '"Arguments":{"x":1.50,"z":1,"y":1e5}' in selectors.draft(member, pipeline.id).definition


def test_all_commands_of_a_save_or_none(member: Actor, pipeline: Pipeline) -> None:
    with pytest.raises(PatchInvalid, match="Command 2 \\(remove-step\\)"):
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[add("b"), remove(9)])
    assert names_of(member, pipeline) == ["a"]
    assert selectors.draft(member, pipeline.id).revision == 1
    assert not DraftCommand.objects.exists()


def test_the_whole_text_may_be_replaced(member: Actor, pipeline: Pipeline) -> None:
    edit = Edit(name="edit-json", definition_text=definition(fail_step("x"), fail_step("y")))
    apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[edit])
    assert names_of(member, pipeline) == ["x", "y"]


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "replace", "path": "", "value": 5}],
        [{"op": "replace", "path": "/Steps", "value": {}}],
        [{"op": "remove", "path": "/Steps"}],
    ],
)
def test_a_patch_may_not_end_in_something_that_is_no_definition(
    member: Actor, pipeline: Pipeline, patch: list[dict[str, Any]]
) -> None:
    with pytest.raises(DefinitionInvalid):
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[Edit(name="remove", definition=patch)])


@pytest.mark.parametrize("value", [json.loads("[" * 400 + "]" * 400), 10**1200, float("inf")])
def test_a_value_that_could_not_be_read_again_is_refused(member: Actor, pipeline: Pipeline, value: Any) -> None:
    patch = [{"op": "add", "path": "/odd", "value": value}]
    with pytest.raises(PatchInvalid):
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[Edit(name="set", definition=patch)])


def test_depth_that_grows_edit_by_edit_is_refused_in_time(member: Actor, pipeline: Pipeline) -> None:
    half: Any = json.loads("[" * 200 + "]" * 200)
    path = "/odd"
    apply_commands(
        actor=member,
        pipeline_id=pipeline.id,
        revision=1,
        edits=[Edit(name="set", definition=[{"op": "add", "path": path, "value": half}])],
    )
    inner = path + "/0" * 199
    more = Edit(name="set", definition=[{"op": "add", "path": f"{inner}/-", "value": half}])
    with pytest.raises(DefinitionInvalid):
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=2, edits=[more])
    assert selectors.draft(member, pipeline.id).revision == 2


def test_of_two_saves_at_once_one_writes_and_one_hears_of_it(
    member: Actor, owner: Actor, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = drafts._prepare

    def slow(actor: Actor, *rest: Any) -> Any:
        rows = real(actor, *rest)
        if actor == member:  # between reading and writing, the owner saves
            monkeypatch.setattr(drafts, "_prepare", real)
            apply_commands(actor=owner, pipeline_id=pipeline.id, revision=1, edits=[add("theirs")])
        return rows

    monkeypatch.setattr(drafts, "_prepare", slow)
    with pytest.raises(StaleRevision) as stale:
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[add("yours")])
    assert stale.value.theirs["revision"] == 2
    assert names_of(member, pipeline) == ["a", "theirs"]
    assert stale.value.yours is not None


@pytest.mark.parametrize("value", [5, [], {"nodes": []}])
def test_a_layout_stays_a_layout(member: Actor, pipeline: Pipeline, value: Any) -> None:
    edit = Edit(name="move", layout=[{"op": "replace", "path": "", "value": value}])
    with pytest.raises(LayoutInvalid):
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[edit])


def test_only_a_deletion_may_leave_no_step(member: Actor, pipeline: Pipeline) -> None:
    with pytest.raises(AllStepsRemoved, match="set-value"):
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[remove(0, name="set-value")])
    apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[remove(0)])
    assert names_of(member, pipeline) == []


def test_an_emptied_text_is_what_somebody_typed(member: Actor, pipeline: Pipeline) -> None:
    edit = Edit(name="edit_text", definition_text=definition())
    apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[edit])
    assert names_of(member, pipeline) == []


def test_a_stale_save_answers_with_both_documents(member: Actor, owner: Actor, pipeline: Pipeline) -> None:
    apply_commands(actor=owner, pipeline_id=pipeline.id, revision=1, edits=[add("theirs")])
    with pytest.raises(StaleRevision) as stale:
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[add("yours")])
    theirs, yours = stale.value.theirs, stale.value.yours
    assert theirs["revision"] == 2
    assert [step["Name"] for step in json.loads(theirs["definition"])["Steps"]] == ["a", "theirs"]
    assert yours is not None
    assert [step["Name"] for step in json.loads(yours["definition"])["Steps"]] == ["a", "yours"]
    assert set(yours["layout"]["nodes"]) == {"a", "yours"}
    assert names_of(member, pipeline) == ["a", "theirs"]


@pytest.mark.parametrize("revision", [0, 7])
def test_a_revision_that_never_was_has_no_document_of_yours(member: Actor, pipeline: Pipeline, revision: int) -> None:
    with pytest.raises(StaleRevision) as stale:
        apply_commands(actor=member, pipeline_id=pipeline.id, revision=revision, edits=[add("b")])
    assert stale.value.yours is None


def test_a_save_whose_answer_was_lost_may_be_sent_again(member: Actor, owner: Actor, pipeline: Pipeline) -> None:
    edits = [add("b"), add("c")]
    first = apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=edits)
    again = apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=edits)
    assert (again.revision, again.saved_at) == (first.revision, first.saved_at)
    more = apply_commands(actor=member, pipeline_id=pipeline.id, revision=1, edits=[*edits, add("d")])
    assert more.revision == 4
    assert names_of(member, pipeline) == ["a", "b", "c", "d"]
    with pytest.raises(StaleRevision):
        apply_commands(actor=owner, pipeline_id=pipeline.id, revision=1, edits=edits)


def test_viewers_operators_and_strangers_edit_nothing(
    viewer: Actor, operator: Actor, stranger: Actor, pipeline: Pipeline
) -> None:
    for weak in (viewer, operator):
        with pytest.raises(NotPermitted):
            apply_commands(actor=weak, pipeline_id=pipeline.id, revision=1, edits=[add("b")])
    with pytest.raises(PipelineNotFound):
        apply_commands(actor=stranger, pipeline_id=pipeline.id, revision=1, edits=[add("b")])


# --- over REST ---
def test_the_draft_and_a_save_over_rest(member_api: Api, pipeline: Pipeline) -> None:
    path = f"pipelines/{pipeline.id}/draft/"
    draft = member_api.get(path).json()
    assert (draft["revision"], draft["base_version"], draft["changes_since_version"]) == (1, None, 0)
    edit = add("b")
    command = {"name": edit.name, "label": edit.label, "definition": edit.definition, "layout": edit.layout}
    saved = member_api.post(path + "commands/", {"revision": 1, "commands": [command]})
    assert saved.status_code == 200
    assert set(saved.json()) == {"revision", "problems", "saved_at", "changes_since_version", "arrived_version"}
    after = member_api.get(path).json()
    assert after["revision"] == saved.json()["revision"] == 2
    assert after["layout"]["nodes"]["b"] == {"x": 1, "y": 2}
    assert after["problems"] == saved.json()["problems"]
    history = member_api.get(path + "commands/").json()["results"]
    assert [(row["revision"], row["actor"], row["label"]) for row in history] == [(2, "miles", "Add b")]


def test_a_conflict_over_rest_is_409_with_both_documents(member_api: Api, pipeline: Pipeline) -> None:
    path = f"pipelines/{pipeline.id}/draft/commands/"
    one = {"name": "add-step", "label": "", "definition": add("b").definition}
    two = {"name": "add-step", "label": "", "definition": add("c").definition}
    member_api.post(path, {"revision": 1, "commands": [one]})
    answer = member_api.post(path, {"revision": 1, "commands": [two]})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale-revision")
    assert answer.json()["theirs"]["revision"] == 2
    assert '"Name":"c"' in answer.json()["yours"]["definition"]


def test_a_number_keeps_its_spelling_on_the_way_in(member_api: Api, member: Actor, pipeline: Pipeline) -> None:
    patch = '{"op": "add", "path": "/Steps/0/x", "value": 1.50}'
    body = '{"revision": 1, "commands": [{"name": "set", "definition": [' + patch + "]}]}"
    assert member_api.send("post", f"pipelines/{pipeline.id}/draft/commands/", body).status_code == 200
    assert '"x":1.50' in selectors.draft(member, pipeline.id).definition
    assert '"value":1.50' in DraftCommand.objects.get().patch
