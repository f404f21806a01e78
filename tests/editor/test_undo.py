"""Undo and redo from the log: by anybody, in any session, back to the empty canvas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import Actor
from accounts.errors import NotPermitted
from editor import selectors
from editor.errors import NothingToRedo, NothingToUndo, PipelineNotFound, StaleRevision
from editor.models import Pipeline
from editor.patches import Edit
from editor.services.drafts import apply_commands, redo, undo
from editor.services.pipelines import create_pipeline
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step


class Canvas:
    """A person at work on one draft."""

    def __init__(self, actor: Actor, pipeline: Pipeline) -> None:
        self.actor, self.id, self.revision = actor, pipeline.id, 1

    def edit(self, *edits: Edit) -> None:
        self.revision = apply_commands(
            actor=self.actor, pipeline_id=self.id, revision=self.revision, edits=edits
        ).revision

    def undo(self) -> None:
        self.revision = undo(actor=self.actor, pipeline_id=self.id, revision=self.revision).revision

    def redo(self) -> None:
        self.revision = redo(actor=self.actor, pipeline_id=self.id, revision=self.revision).revision

    @property
    def content(self) -> tuple[str, str]:
        draft = selectors.draft(self.actor, self.id)
        return draft.definition, draft.layout


def add(name: str) -> Edit:
    return Edit(
        name="add-step",
        label=f"Add {name}",
        definition=[{"op": "add", "path": "/Steps/-", "value": fail_step(name)}],
        layout=[{"op": "add", "path": f"/nodes/{name}", "value": {"x": 0, "y": 0}}],
    )


@pytest.fixture
def canvas(member: Actor) -> Canvas:
    return Canvas(member, create_pipeline(actor=member, name="churn"))


def test_undo_goes_back_to_the_empty_canvas_and_redo_all_the_way_forth(canvas: Canvas) -> None:
    states = [canvas.content]
    for name in "abc":
        canvas.edit(add(name))
        states.append(canvas.content)
    for state in reversed(states[:-1]):
        canvas.undo()
        assert canvas.content == state
    with pytest.raises(NothingToUndo):
        canvas.undo()
    for state in states[1:]:
        canvas.redo()
        assert canvas.content == state
    with pytest.raises(NothingToRedo):
        canvas.redo()


def test_a_new_command_ends_redo(canvas: Canvas) -> None:
    canvas.edit(add("a"))
    canvas.undo()
    canvas.edit(add("b"))
    with pytest.raises(NothingToRedo):
        canvas.redo()
    canvas.undo()
    assert json.loads(canvas.content[0])["Steps"] == []


def test_undo_between_redo_and_a_new_command(canvas: Canvas) -> None:
    canvas.edit(add("a"), add("b"))
    canvas.undo()
    canvas.redo()
    canvas.undo()
    canvas.edit(add("c"))
    names = [step["Name"] for step in json.loads(canvas.content[0])["Steps"]]
    assert names == ["a", "c"]
    canvas.undo()
    canvas.undo()
    assert json.loads(canvas.content[0])["Steps"] == []


def test_a_replaced_text_is_undone_too(canvas: Canvas) -> None:
    before = canvas.content
    canvas.edit(Edit(name="edit-json", label="Edit", definition_text=definition(fail_step("x"))))
    canvas.undo()
    assert canvas.content == before


def test_another_person_takes_back_what_the_first_did(canvas: Canvas, owner: Actor) -> None:
    canvas.edit(add("a"))
    undo(actor=owner, pipeline_id=canvas.id, revision=canvas.revision)
    assert json.loads(canvas.content[0])["Steps"] == []


def test_undo_at_an_old_revision_is_a_conflict(canvas: Canvas) -> None:
    canvas.edit(add("a"))
    for step in (undo, redo):
        with pytest.raises(StaleRevision):
            step(actor=canvas.actor, pipeline_id=canvas.id, revision=1)


def test_who_may_not_edit_may_not_undo(canvas: Canvas, viewer: Actor, stranger: Actor) -> None:
    canvas.edit(add("a"))
    for step in (undo, redo):
        with pytest.raises(NotPermitted):
            step(actor=viewer, pipeline_id=canvas.id, revision=2)
        with pytest.raises(PipelineNotFound):
            step(actor=stranger, pipeline_id=canvas.id, revision=2)


def test_rest_names_what_undo_and_redo_would_do_and_sends_the_patch(canvas: Canvas, member_api: Api) -> None:
    canvas.edit(add("a"))
    path = f"pipelines/{canvas.id}/draft/"
    assert member_api.get(path).json()["undo_label"] == "Add a"
    answer = member_api.post(path + "undo/", {"revision": 2}).json()
    assert (answer["revision"], answer["label"]) == (3, "Undo Add a")
    assert answer["definition"] == [{"op": "remove", "path": "/Steps/0"}]
    draft = member_api.get(path).json()
    assert (draft["undo_label"], draft["redo_label"]) == (None, "Add a")
    assert member_api.post(path + "redo/", {"revision": 3}).json()["revision"] == 4
    assert member_api.post(path + "redo/", {"revision": 4}).json()["code"] == "nothing-to-redo"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["add", "undo", "redo", "rename"]), max_size=12))
def test_any_walk_of_edits_and_undos_can_be_walked_back(member: Actor, steps: list[str]) -> None:
    Pipeline.objects.all().delete()
    canvas = Canvas(member, create_pipeline(actor=member, name="walk", definition=definition(fail_step("first"))))
    start = canvas.content
    for number, step in enumerate(steps):
        try:
            _take(canvas, step, number)
        except (NothingToUndo, NothingToRedo):
            continue
    while True:
        try:
            canvas.undo()
        except NothingToUndo:
            break
    assert canvas.content == start


def _take(canvas: Canvas, step: str, number: int) -> Any:
    if step == "add":
        return canvas.edit(add(f"s{number}"))
    if step == "rename":
        patch = [{"op": "replace", "path": "/Steps/0/Name", "value": f"r{number}"}]
        return canvas.edit(Edit(name="rename-step", definition=patch))
    return canvas.undo() if step == "undo" else canvas.redo()
