"""Moving in: what a pipeline needs to run here, where its addresses lie, and what AWS would say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from editor.services.pipelines import create_pipeline
from runs import namespace
from runs.errors import UriMappingInvalid, UriMappingNotFound
from runs.models import StepAttempt, UriMapping
from runs.services.images import create_image
from runs.services.uri_maps import delete_uri_mapping, put_uri_mapping
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench, fresh

ROLE = "arn:aws:iam::123456789012:role/theirs"


def stored(actor: Actor, uri: str, text: bytes = b"1,2\n") -> None:
    sha256, size = blob_store().put_bytes(text)
    now = datetime.now(UTC)
    namespace.store_object(workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=now)


def with_image(name: str, image: Any) -> dict[str, Any]:
    made = step(name)
    made["Arguments"]["AppSpecification"]["ImageUri"] = image
    return made


def report(api: Api, actor: Actor, definition: dict[str, Any]) -> dict[str, Any]:
    made = create_pipeline(actor=actor, name="moved", definition=json.dumps(definition))
    answer = api.get(f"pipelines/{made.pk}/readiness/")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_each_step_says_whether_it_runs_here_and_why_not(member_api: Api, owner: Actor, member: Actor) -> None:
    create_image(actor=owner, pattern="team/churn:*", runtime="container", container="churn:latest")
    definition = pipeline(
        step("Prepare"),
        with_image("Ours", "registry.example.com/team/unknown:1"),
        with_image("Theirs", "team/churn:7"),
        with_image("ByParameter", {"Get": "Parameters.Image"}),
        {"Name": "Spark", "Type": "EMR", "Arguments": {}},
        parameters=[{"Name": "Image", "Type": "String", "DefaultValue": "nobody/knows:1"}],
    )

    steps = {one["name"]: one for one in report(member_api, member, definition)["steps"]}

    verdicts = {name: one["verdict"] for name, one in steps.items()}
    assert verdicts == {
        "Prepare": "runs",
        "Ours": "image",
        "Theirs": "docker",
        "ByParameter": "image",
        "Spark": "cannot",
    }
    assert "registry.example.com/team/unknown:1" in steps["Ours"]["reason"]
    assert "docker runner" in steps["Theirs"]["reason"]
    assert steps["Spark"]["reason"]


def test_each_address_is_present_mapped_or_missing_and_outputs_are_left_out(member_api: Api, member: Actor) -> None:
    stored(member, "s3://ours/rows/a.csv")
    stored(member, "s3://moved/there/b.csv")
    put_uri_mapping(actor=member, prefix="s3://theirs/old/", target="s3://moved/there")
    reads = ["s3://ours/rows", "s3://theirs/old", "s3://theirs/gone", {"Get": "Parameters.Data"}]
    definition = pipeline(
        step("A", uris=reads),
        step("B", uris=["s3://ours/rows"]),
        parameters=[{"Name": "Data", "Type": "String", "DefaultValue": "s3://theirs/default.csv"}],
    )

    uris = {one["uri"]: one for one in report(member_api, member, definition)["uris"]}

    assert {uri: one["state"] for uri, one in uris.items()} == {
        "s3://ours/rows": "present",
        "s3://theirs/old": "mapped",
        "s3://theirs/gone": "missing",
        "s3://theirs/default.csv": "missing",
    }
    assert uris["s3://ours/rows"]["steps"] == ["A", "B"]
    assert uris["s3://theirs/old"]["target"] == "s3://moved/there"


def test_a_web_address_of_s3_is_looked_up_as_the_plain_one(member_api: Api, member: Actor) -> None:
    stored(member, "s3://theirs/a/b.csv")
    definition = pipeline(step("A", uris=["https://theirs.s3-us-east-1.amazonaws.com/a/b.csv"]))
    (found,) = report(member_api, member, definition)["uris"]
    assert (found["uri"], found["state"]) == ("s3://theirs/a/b.csv", "present")


def test_an_address_joined_of_known_parts_is_looked_up_whole(member_api: Api, member: Actor) -> None:
    stored(member, "s3://ours/rows/7/a.csv")
    known = ["s3:/", {"Get": "Parameters.Bucket"}, "rows", {"Get": "Parameters.Day"}]
    open_end = ["s3://ours", {"Get": "Execution.PipelineExecutionId"}]
    definition = pipeline(
        step("A", uris=[{"Std:Join": {"On": "/", "Values": parts}} for parts in (known, open_end)]),
        parameters=[
            {"Name": "Bucket", "Type": "String", "DefaultValue": "ours"},
            {"Name": "Day", "Type": "Integer", "DefaultValue": 7},
        ],
    )
    uris = report(member_api, member, definition)["uris"]
    assert [(one["uri"], one["state"], one["steps"]) for one in uris] == [("s3://ours/rows/7", "present", ["A"])]


def test_roles_are_told_and_what_aws_would_refuse(member_api: Api, member: Actor) -> None:
    bucket = member.workspace.default_bucket
    job = with_image("Local", "python:3.11")
    job["Arguments"]["RoleArn"] = ROLE
    definition = pipeline(job, step("Reads", uris=[f"s3://{bucket}/rows"]), step("x" * 70))

    found = report(member_api, member, definition)

    assert found["roles"] == [ROLE]
    assert found["aws"]["images"] == [{"step": "Local", "image": "python:3.11"}]
    assert [one["uri"] for one in found["aws"]["uris"]] == [f"s3://{bucket}/rows"]
    assert any(one["step"] == "x" * 70 for one in found["aws"]["problems"])


def test_a_step_reads_where_the_table_says_and_the_definition_stays(bench: Bench, owner: Actor) -> None:
    stored(owner, "s3://moved/there/rows.csv", b"mapped\n")
    put_uri_mapping(actor=owner, prefix="s3://theirs", target="s3://elsewhere")
    put_uri_mapping(actor=owner, prefix="s3://theirs/old", target="s3://moved/there")

    execution = bench.run(pipeline(step("A", uris=["s3://theirs/old/rows.csv"])))

    assert fresh(execution).status == "Succeeded"
    assert "s3://theirs/old/rows.csv" in execution.definition
    (given,) = StepAttempt.objects.get(execution=execution).inputs
    assert given["uri"] == "s3://theirs/old/rows.csv"
    assert [one["uri"] for one in given["files"]] == ["s3://moved/there/rows.csv"]


def test_what_a_step_of_the_same_run_wrote_is_never_read_elsewhere(bench: Bench, owner: Actor) -> None:
    put_uri_mapping(actor=owner, prefix="s3://results", target="s3://nowhere-at-all")
    execution = bench.run(pipeline(step("A"), step("B", "A")))
    assert fresh(execution).status == "Succeeded"


def test_a_prefix_ends_at_a_slash(bench: Bench, owner: Actor) -> None:
    put_uri_mapping(actor=owner, prefix="s3://theirs/old", target="s3://moved/there")
    stored(owner, "s3://theirs/older/rows.csv")
    execution = bench.run(pipeline(step("A", uris=["s3://theirs/older/rows.csv"])))
    assert fresh(execution).status == "Succeeded"


@pytest.mark.parametrize(
    ("prefix", "target"),
    [
        ("theirs", "s3://ours"),
        ("s3://theirs", "file:///etc"),
        ("s3://theirs/../x", "s3://ours"),
        ("s3://theirs", "s3://theirs/below"),
        ("s3://theirs/a", "s3://theirs/a/"),
    ],
)
def test_a_line_that_cannot_be_is_refused(owner: Actor, prefix: str, target: str) -> None:
    with pytest.raises(UriMappingInvalid):
        put_uri_mapping(actor=owner, prefix=prefix, target=target)
    assert not UriMapping.objects.exists()


def test_editors_change_the_table_and_strangers_see_nothing_of_it(
    member_api: Api, stranger_api: Api, viewer: Actor, stranger: Actor
) -> None:
    with pytest.raises(NotPermitted):
        put_uri_mapping(actor=viewer, prefix="s3://theirs", target="s3://ours")
    made = member_api.post("uri-mappings/", {"prefix": "s3://theirs", "target": "s3://ours/copy"})
    assert made.status_code == 200, made.content
    line = json.loads(made.content)
    assert json.loads(stranger_api.get("uri-mappings/").content) == {"results": []}
    with pytest.raises(UriMappingNotFound):
        delete_uri_mapping(actor=stranger, mapping_id=line["id"])
    assert member_api.delete(f"uri-mappings/{line['id']}/").status_code == 204
    assert not UriMapping.objects.exists()


def test_a_stranger_finds_no_report(stranger_api: Api, member: Actor) -> None:
    made = create_pipeline(actor=member, name="moved", definition=json.dumps(pipeline(step("A"))))
    assert stranger_api.get(f"pipelines/{made.pk}/readiness/").status_code == 404
