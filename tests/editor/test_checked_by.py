"""Problems kept by a release with other rules are found again when the draft is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import Actor
from editor import rules, selectors
from editor.errors import PipelineNotFound
from editor.models import Draft, Pipeline
from editor.services.pipelines import create_pipeline
from editor.services.rechecking import check_draft_of_other_rules
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step

Queries = Callable[[int], AbstractContextManager[Any]]
USUAL = 6  # token, member, draft, what was open last, undo, redo
OLD = {"problems": "[]", "problem_count": 0, "error_count": 0, "checked_by": "of another release"}


@pytest.fixture
def broken(member: Actor) -> Pipeline:
    """A pipeline with a problem no other release knew."""
    text = definition({**fail_step("A"), "DependsOn": ["Nobody"]})
    made = create_pipeline(actor=member, name="broken", definition=text)
    Draft.objects.filter(pk=made.pk).update(**OLD)
    return made


def opened(api: Api, pipeline: Pipeline) -> list[str]:
    found = api.get(f"pipelines/{pipeline.pk}/draft/").json()
    return [one["code"] for one in found["problems"]]


def test_an_opened_draft_has_the_problems_of_this_release(broken: Pipeline, member_api: Api) -> None:
    assert "unknown-step" in opened(member_api, broken)
    kept = Draft.objects.get(pk=broken.pk)
    assert (kept.checked_by, kept.error_count) == (rules.rules_stamp(), 1)
    row = member_api.get("pipelines/").json()["results"][0]
    assert row["problem_count"] == kept.problem_count > 0


def test_it_is_found_once(broken: Pipeline, member_api: Api, django_assert_num_queries: Queries) -> None:
    opened(member_api, broken)
    with django_assert_num_queries(USUAL):
        opened(member_api, broken)
    Draft.objects.filter(pk=broken.pk).update(**OLD)
    with django_assert_num_queries(USUAL + 2):  # the table of images, one guarded write
        opened(member_api, broken)


def test_what_people_wrote_stays(broken: Pipeline, member_api: Api) -> None:
    before = Draft.objects.values("revision", "definition", "layout", "saved_at").get(pk=broken.pk)
    opened(member_api, broken)
    assert Draft.objects.values("revision", "definition", "layout", "saved_at").get(pk=broken.pk) == before


def test_an_edit_made_meanwhile_has_newer_problems(broken: Pipeline, member: Actor) -> None:
    draft = selectors.draft(member, broken.pk)
    Draft.objects.filter(pk=broken.pk).update(revision=draft.revision + 1, problems="[1]")
    check_draft_of_other_rules(actor=member, draft=draft)
    assert Draft.objects.get(pk=broken.pk).problems == "[1]"


def test_a_text_no_release_can_read_is_left_as_it_is(broken: Pipeline, member: Actor) -> None:
    Draft.objects.filter(pk=broken.pk).update(definition="{")
    draft = selectors.draft(member, broken.pk)
    check_draft_of_other_rules(actor=member, draft=draft)
    assert draft.problems == Draft.objects.get(pk=broken.pk).problems == "[]"


def test_a_stranger_changes_nothing(broken: Pipeline, stranger: Actor) -> None:
    with pytest.raises(PipelineNotFound):
        check_draft_of_other_rules(actor=stranger, draft=selectors.draft(stranger, broken.pk))
    assert Draft.objects.get(pk=broken.pk).checked_by == OLD["checked_by"]


@pytest.mark.parametrize("changed", ["engine/checks/names.py", "library/load/step.json", "runnable.py"])
def test_the_stamp_changes_with_the_rules(tmp_path: Path, changed: str) -> None:
    for name in ("engine/checks/names.py", "library/load/step.json", "runnable.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    places = (tmp_path / "engine", tmp_path / "library", tmp_path / "runnable.py")
    before = rules.stamp_of(*places)
    assert rules.stamp_of(*places) == before
    (tmp_path / changed).write_text("after")
    assert rules.stamp_of(*places) != before
