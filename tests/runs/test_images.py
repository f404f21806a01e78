"""The table of images: who may change it, and everything that reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from editor.services.pipelines import create_pipeline
from runs.errors import CannotStart, ImageInvalid, ImageNotFound, PatternInUse
from runs.images import images_of
from runs.models import Execution
from runs.services.images import change_image, create_image, delete_image
from runs.services.retry import retry_execution
from runs.services.start import start_execution
from tests.factories.api import Api
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench, fresh

OURS = "registry.example.org/team/tools:3"
LINE = {"pattern": "registry.example.org/team/*", "runtime": "python", "title": "Our Python"}


def with_image(image: Any, **more: Any) -> dict[str, Any]:
    made = step("A", **more)
    made["Arguments"]["AppSpecification"]["ImageUri"] = image
    return pipeline(made, parameters=[{"Name": "Image", "Type": "String", "DefaultValue": OURS}])


def made(owner: Actor, definition: dict[str, Any]) -> Any:
    return create_pipeline(actor=owner, name="made", definition=json.dumps(definition))


def codes(api: Api, pipeline_id: str) -> list[str]:
    return [one["code"] for one in api.get(f"pipelines/{pipeline_id}/draft/").json()["problems"]]


def test_the_table_shows_own_lines_before_the_built_in_ones(owner_api: Api) -> None:
    assert owner_api.post("images/", LINE).status_code == 201
    rows = owner_api.get("images/").json()["results"]
    assert rows[0] | {"id": None} == {
        **LINE,
        "id": None,
        "container": "",
        "requires": [],
        "position": 0,
        "enabled": True,
        "built_in": False,
    }
    assert all(row["built_in"] and row["id"] is None for row in rows[1:])
    assert {row["runtime"] for row in rows[1:]} == {"python", "xgboost"}


def test_an_admin_changes_lines_and_the_audit_says_so(owner_api: Api) -> None:
    made = owner_api.post("images/", LINE).json()
    changed = owner_api.patch(f"images/{made['id']}/", {"enabled": False, "title": ""}).json()
    assert (changed["enabled"], changed["title"]) == (False, LINE["pattern"])
    assert owner_api.delete(f"images/{made['id']}/").status_code == 204
    assert owner_api.delete(f"images/{made['id']}/").json()["code"] == "image-not-found"
    actions = AuditEntry.objects.filter(target=made["id"]).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["image.create", "image.change", "image.delete"]


def test_an_editor_sees_the_table_but_may_not_change_it(owner: Actor, member: Actor, member_api: Api) -> None:
    line = create_image(actor=owner, **LINE)
    assert member_api.get("images/").status_code == 200
    with pytest.raises(NotPermitted):
        create_image(actor=member, **LINE)
    with pytest.raises(NotPermitted):
        change_image(actor=member, image_id=line.pk, changes={"enabled": False})
    with pytest.raises(NotPermitted):
        delete_image(actor=member, image_id=line.pk)


def test_a_stranger_sees_and_changes_only_the_table_of_their_own(
    owner: Actor, stranger: Actor, stranger_api: Api
) -> None:
    line = create_image(actor=owner, **LINE)
    assert all(row["built_in"] for row in stranger_api.get("images/").json()["results"])
    with pytest.raises(ImageNotFound):
        change_image(actor=stranger, image_id=line.pk, changes={})
    with pytest.raises(ImageNotFound):
        delete_image(actor=stranger, image_id=line.pk)


@pytest.mark.parametrize(
    "line",
    [
        {"pattern": "*"},
        {"pattern": "a b"},
        {"pattern": "x\u00a0y:1"},
        {"runtime": "container"},
        {"requires": ["import os; x"]},
        {"container": "my image"},
    ],
)
def test_a_line_no_image_can_have_is_refused(owner: Actor, line: dict[str, Any]) -> None:
    with pytest.raises(ImageInvalid):
        create_image(actor=owner, **{**LINE, **line})


def test_a_pattern_stands_in_the_table_once(owner: Actor) -> None:
    create_image(actor=owner, **LINE)
    with pytest.raises(PatternInUse):
        create_image(actor=owner, **LINE)


def test_own_lines_win_over_built_in_ones_in_their_order(owner: Actor) -> None:
    create_image(actor=owner, pattern="python:*", runtime="container", container="local/python:1")
    create_image(actor=owner, pattern="python:3.*", runtime="python", position=0)
    create_image(actor=owner, pattern="python:off", runtime="python", enabled=False)
    assert [line.pattern for line in images_of(owner.workspace.pk)][:2] == ["python:3.*", "python:*"]
    change_image(actor=owner, image_id=images_row("python:*"), changes={"position": 0})
    assert [line.pattern for line in images_of(owner.workspace.pk)][:2] == ["python:*", "python:3.*"]


def images_row(pattern: str) -> str:
    from runs.models import ImageMapping

    return ImageMapping.objects.get(pattern=pattern).pk


def test_a_change_of_the_table_changes_what_is_wrong_with_drafts(owner: Actor, owner_api: Api) -> None:
    pipeline_id = made(owner, with_image(OURS)).pk
    assert "step-not-runnable" in codes(owner_api, pipeline_id)
    line = create_image(actor=owner, **LINE)
    assert "step-not-runnable" not in codes(owner_api, pipeline_id)
    assert owner_api.get("pipelines/").json()["results"][0]["problem_count"] == len(codes(owner_api, pipeline_id))
    definition = json.dumps(with_image(OURS))
    found = owner_api.post("validate/", {"definition": definition}).json()["problems"]
    assert "step-not-runnable" not in [one["code"] for one in found]
    delete_image(actor=owner, image_id=line.pk)
    assert "step-not-runnable" in codes(owner_api, pipeline_id)
    found = owner_api.post("validate/", {"definition": definition}).json()["problems"]
    assert "step-not-runnable" in [one["code"] for one in found]


def test_a_mapped_image_runs_with_the_container_and_modules_of_its_line(bench: Bench, owner: Actor) -> None:
    create_image(actor=owner, **LINE, container="local/tools:3", requires=["lightgbm"])
    execution = bench.run(with_image(OURS))
    assert execution.status == "Succeeded"
    job = bench.runner.ran[0].job
    assert (job.image, job.container, job.requires, job.toolkit) == (OURS, "local/tools:3", ("lightgbm",), "script")


def test_an_unmapped_image_is_refused_before_anything_starts(bench: Bench, owner: Actor) -> None:
    pipeline_id = made(owner, with_image(OURS)).pk
    with pytest.raises(CannotStart, match=r"No local runtime is mapped to the image registry\.example\.org/team") as no:
        start_execution(actor=owner, pipeline_id=pipeline_id)
    assert no.value.problems[0].step == "A"
    assert not Execution.objects.exists()
    line = create_image(actor=owner, **LINE)
    assert start_execution(actor=owner, pipeline_id=pipeline_id).status == "Executing"
    delete_image(actor=owner, image_id=line.pk)
    with pytest.raises(CannotStart):
        start_execution(actor=owner, pipeline_id=pipeline_id)


def test_an_unmapped_image_from_a_parameter_refuses_its_step_with_the_reason(bench: Bench, owner: Actor) -> None:
    execution = bench.run(with_image({"Get": "Parameters.Image"}))
    assert execution.status == "Failed"
    row = execution.steps.get()
    assert (row.status, row.category) == ("Failed", "not-runnable")
    assert OURS in (row.failure_reason or "")
    assert bench.runner.ran == []


def test_a_retry_after_mapping_the_image_runs(bench: Bench, owner: Actor) -> None:
    execution = bench.run(with_image({"Get": "Parameters.Image"}))
    create_image(actor=owner, **LINE)
    retry_execution(actor=owner, execution_id=execution.pk)
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_another_container_for_the_same_image_name_is_no_cached_result(bench: Bench, owner: Actor) -> None:
    line = create_image(actor=owner, **LINE, container="local/tools:3")
    first = bench.run(with_image(OURS, CacheConfig={"Enabled": True, "ExpireAfter": "P1D"}))
    for container, cached in (("local/tools:3", True), ("local/tools:4", False)):
        change_image(actor=owner, image_id=line.pk, changes={"container": container})
        second = start_execution(actor=owner, pipeline_id=first.pipeline_id)
        bench.answer()
        row = second.steps.get()
        assert row.cached is cached
    assert row.cache_fields["why"] == ["image changed"]
