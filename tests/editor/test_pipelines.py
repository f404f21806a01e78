"""Creating, listing, renaming and deleting pipelines."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from editor import hooks, selectors
from editor.errors import DefinitionInvalid, NameInUse, NameInvalid, PipelineNotFound, PipelineRunning
from editor.models import Pipeline
from editor.services.pipelines import change_pipeline, create_pipeline, delete_pipeline
from engine.definition.parse import parse_definition
from tests.factories.api import Api
from tests.factories.definitions import chain, definition, fail_step

Queries = Callable[[int], AbstractContextManager[Any]]


def test_a_new_pipeline_has_an_empty_draft(member: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="churn")
    assert json.loads(pipeline.draft.definition)["Steps"] == []
    assert (pipeline.draft.revision, pipeline.draft.step_count, pipeline.latest_version) == (1, 0, 0)
    assert AuditEntry.objects.get(action="create-pipeline").target == pipeline.id


def test_an_import_keeps_key_order_and_number_spelling(member: Actor) -> None:
    step = '{"Type": "Fail", "Name": "f", "Arguments": {"x": 1.50, "b": 1e5, "a": -0}}'
    text = '{\n "Steps": [' + step + '],\n "Version": "2020-12-01"\n}'
    kept = create_pipeline(actor=member, name="churn", definition=text).draft.definition
    assert kept == (
        '{"Steps":[{"Type":"Fail","Name":"f","Arguments":{"x":1.50,"b":1e5,"a":-0}}],"Version":"2020-12-01"}'
    )


def test_an_import_without_positions_is_arranged(member: Actor) -> None:
    layout = json.loads(create_pipeline(actor=member, name="churn", definition=chain(3)).draft.layout)
    places = [layout["nodes"][f"step-{n}"]["x"] for n in range(3)]
    assert places == sorted(set(places))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"Steps": 5}', "null", '{"Steps": [], "Steps": []}'])
def test_what_is_no_definition_is_refused_with_its_problems(member: Actor, text: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        create_pipeline(actor=member, name="churn", definition=text)
    assert refused.value.problems == parse_definition(text).problems
    assert not Pipeline.objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "-a", "a-", "a_b", "ü", "a" * 257, "a\n", "../x"])
def test_a_name_aws_would_refuse_is_refused(member: Actor, name: str) -> None:
    with pytest.raises(NameInvalid):
        create_pipeline(actor=member, name=name)


def test_a_name_is_used_once_per_workspace(member: Actor, stranger: Actor) -> None:
    create_pipeline(actor=member, name="churn")
    with pytest.raises(NameInUse, match="churn"):
        create_pipeline(actor=member, name="churn")
    assert create_pipeline(actor=stranger, name="churn").name == "churn"


def test_renaming_keeps_everything_else(member: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="churn", description="kept")
    changed = change_pipeline(actor=member, pipeline_id=pipeline.id, name="churn-2", display_name="Churn")
    assert (changed.name, changed.display_name, changed.description) == ("churn-2", "Churn", "kept")
    with pytest.raises(NameInvalid):
        change_pipeline(actor=member, pipeline_id=pipeline.id, name="a b")
    create_pipeline(actor=member, name="taken")
    with pytest.raises(NameInUse):
        change_pipeline(actor=member, pipeline_id=pipeline.id, name="taken")


def test_a_change_that_changes_nothing_writes_nothing(member: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="churn")
    change_pipeline(actor=member, pipeline_id=pipeline.id, name="churn")
    assert not AuditEntry.objects.filter(action="change-pipeline").exists()


def test_a_deleted_pipeline_leaves_every_list_and_frees_its_name(member: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="churn")
    delete_pipeline(actor=member, pipeline_id=pipeline.id)
    assert list(selectors.pipelines(member)) == []
    with pytest.raises(PipelineNotFound):
        selectors.draft(member, pipeline.id)
    assert create_pipeline(actor=member, name="churn").id != pipeline.id


def test_a_pipeline_that_runs_is_not_deleted(member: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = create_pipeline(actor=member, name="churn")
    monkeypatch.setattr(hooks, "_running", lambda actor, pipeline_id: 2)
    with pytest.raises(PipelineRunning, match="2 executions"):
        delete_pipeline(actor=member, pipeline_id=pipeline.id)


def test_a_hidden_pipeline_is_in_no_list(member: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="job", hidden=True)
    assert list(selectors.pipelines(member)) == []
    assert selectors.pipeline(member, pipeline.id) == pipeline


def test_viewers_and_operators_change_nothing(member: Actor, viewer: Actor, operator: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="churn")
    for weak in (viewer, operator):
        assert selectors.pipeline(weak, pipeline.id) == pipeline
        with pytest.raises(NotPermitted):
            create_pipeline(actor=weak, name="other")
        with pytest.raises(NotPermitted):
            change_pipeline(actor=weak, pipeline_id=pipeline.id, name="other")
        with pytest.raises(NotPermitted):
            delete_pipeline(actor=weak, pipeline_id=pipeline.id)


def test_a_stranger_does_not_learn_that_it_exists(member: Actor, stranger: Actor) -> None:
    pipeline = create_pipeline(actor=member, name="churn")
    assert list(selectors.pipelines(stranger)) == []
    for ask in (selectors.pipeline, selectors.draft, selectors.history, selectors.versions):
        with pytest.raises(PipelineNotFound):
            ask(stranger, pipeline.id)
    with pytest.raises(PipelineNotFound):
        change_pipeline(actor=stranger, pipeline_id=pipeline.id, name="mine")
    with pytest.raises(PipelineNotFound):
        delete_pipeline(actor=stranger, pipeline_id=pipeline.id)


# --- over REST ---
def test_a_row_says_what_a_list_shows(member_api: Api) -> None:
    made = member_api.post("pipelines/", {"name": "churn", "definition": definition(fail_step("f"))})
    assert made.status_code == 201
    row = member_api.get("pipelines/").json()["results"][0]
    assert row == made.json()
    assert (row["step_count"], row["revision"], row["latest_version"]) == (1, 1, None)
    assert row["last_execution"] is None


def test_the_list_is_searched_and_paged_changed_last_first(member: Actor, member_api: Api) -> None:
    for n in range(7):
        create_pipeline(actor=member, name=f"p-{n}", description="even" if n % 2 == 0 else "odd")
    names: list[str] = []
    cursor = ""
    while cursor is not None:
        page = member_api.get("pipelines/", limit=3, **({"cursor": cursor} if cursor else {})).json()
        names += [row["name"] for row in page["results"]]
        cursor = page["next"]
    assert names == [f"p-{n}" for n in reversed(range(7))]
    found = member_api.get("pipelines/", search="EVEN").json()["results"]
    assert [row["name"] for row in found] == ["p-6", "p-4", "p-2", "p-0"]


def test_a_list_costs_the_same_for_one_row_and_for_forty(
    member: Actor, member_api: Api, django_assert_num_queries: Queries
) -> None:
    create_pipeline(actor=member, name="first")
    member_api.get("pipelines/")
    with django_assert_num_queries(4):  # token, member, rows, last executions
        member_api.get("pipelines/")
    for n in range(40):
        create_pipeline(actor=member, name=f"p-{n}")
    with django_assert_num_queries(4):
        assert len(member_api.get("pipelines/").json()["results"]) == 41


def test_a_list_never_loads_a_definition(member: Actor) -> None:
    create_pipeline(actor=member, name="first")
    row = selectors.pipelines(member).get()
    assert {"definition", "layout", "problems"} <= row.draft.get_deferred_fields()


def test_the_studio_comes_back_to_the_pipeline_opened_last(member: Actor, member_api: Api) -> None:
    one, two = (create_pipeline(actor=member, name=name).id for name in ("one", "two"))
    for pipeline_id in (one, two, one):
        member_api.get(f"pipelines/{pipeline_id}/draft/")
    assert member_api.get("session/").json()["last_pipeline_id"] == one
    member_api.delete(f"pipelines/{one}/")
    assert member_api.get("session/").json()["last_pipeline_id"] is None


def test_rename_and_delete_over_rest(member_api: Api) -> None:
    pipeline_id = member_api.post("pipelines/", {"name": "churn"}).json()["id"]
    changed = member_api.patch(f"pipelines/{pipeline_id}/", {"name": "churn-2"})
    assert (changed.status_code, changed.json()["name"]) == (200, "churn-2")
    assert member_api.patch(f"pipelines/{pipeline_id}/", {"name": "a b"}).json()["code"] == "name-invalid"
    assert member_api.delete(f"pipelines/{pipeline_id}/").status_code == 204
    assert member_api.get(f"pipelines/{pipeline_id}/").status_code == 404
