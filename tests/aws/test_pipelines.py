"""Pipelines and their versions over the wire, as boto3 sees them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.actors import Actor
from editor.models import Draft, Pipeline
from editor.patches import Edit
from editor.services.drafts import apply_commands
from editor.services.pipelines import create_pipeline
from runs.clock import database_now
from runs.models import Execution
from runs.namespace import store_object
from runs.stores import blob_store
from tests.aws.refusals import ROLE, refusal
from tests.aws.server import AwsServer
from tests.factories.definitions import definition, fail_step

ONE, TWO = definition(fail_step("One")), definition(fail_step("One"), fail_step("Two"))
PARALLEL = {"MaxParallelExecutionSteps": 3}


def create(sagemaker: Any, name: str = "churn", **members: Any) -> str:
    arn: str = sagemaker.create_pipeline(
        **{"PipelineName": name, "PipelineDefinition": ONE, "RoleArn": ROLE, **members}
    )["PipelineArn"]
    return arn


def dirty(member: Actor) -> None:
    """Somebody edits the draft in the studio."""
    draft = Draft.objects.get()
    patch = [{"op": "replace", "path": "/Steps/0/Name", "value": "Mine"}]
    edit = Edit(name="rename-step", label="Rename", definition=patch)
    apply_commands(actor=member, pipeline_id=draft.pk, revision=draft.revision, edits=[edit])


def test_a_pipeline_is_described_by_name_and_by_arn_with_its_text_as_it_came(sagemaker: Any, member: Actor) -> None:
    text = json.dumps(json.loads(ONE), indent=3) + "\n"
    arn = create(
        sagemaker,
        PipelineDefinition=text,
        PipelineDisplayName="Churn-2",
        PipelineDescription="who leaves",
        ParallelismConfiguration=PARALLEL,
        Tags=[{"Key": "team", "Value": "risk"}],
        PipelineVersionAliases=["prod"],
    )
    assert arn == f"arn:aws:sagemaker:us-east-1:{member.workspace.account_id}:pipeline/churn"
    for name in ("churn", arn):
        found = sagemaker.describe_pipeline(PipelineName=name)
        assert found["PipelineDefinition"] == text
        assert found["PipelineArn"] == arn
        assert (found["PipelineName"], found["PipelineDisplayName"]) == ("churn", "Churn-2")
        assert (found["PipelineDescription"], found["RoleArn"]) == ("who leaves", ROLE)
        assert (found["PipelineStatus"], found["ParallelismConfiguration"]) == ("Active", PARALLEL)
        assert found["CreatedBy"] == found["LastModifiedBy"] == {"UserProfileName": "miles"}
        assert found["PipelineVersionAliases"] == ["prod"]
        assert datetime.now(UTC) - found["CreationTime"] < timedelta(minutes=1)
        assert "LastRunTime" not in found
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "risk"}]


def test_what_an_upsert_does_twice_makes_two_versions(sagemaker: Any) -> None:
    create(sagemaker)
    code, message = refusal(create, sagemaker=sagemaker, PipelineDefinition=TWO)
    assert code == "ValidationException"
    assert "already exists" in message
    updated = sagemaker.update_pipeline(PipelineName="churn", PipelineDefinition=TWO, RoleArn=ROLE)
    assert updated["PipelineVersionId"] == 2
    assert sagemaker.describe_pipeline(PipelineName="churn")["PipelineDefinition"] == TWO
    assert sagemaker.describe_pipeline(PipelineName="churn", PipelineVersionId=1)["PipelineDefinition"] == ONE


def test_an_upsert_moves_a_clean_draft_on_and_keeps_a_dirty_one(sagemaker: Any, member: Actor) -> None:
    create(sagemaker)
    sagemaker.update_pipeline(PipelineName="churn", PipelineDefinition=TWO)
    assert json.loads(Draft.objects.get().definition) == json.loads(TWO)
    dirty(member)
    sagemaker.update_pipeline(PipelineName="churn", PipelineDefinition=ONE)
    draft = Draft.objects.get()
    assert "Mine" in draft.definition
    assert (draft.base_version, draft.arrived_version) == (2, 3)
    assert sagemaker.describe_pipeline(PipelineName="churn")["PipelineDefinition"] == ONE


def test_a_pipeline_drawn_and_never_published_is_in_no_list_and_an_upsert_publishes_it(
    sagemaker: Any, member: Actor
) -> None:
    create_pipeline(actor=member, name="churn", definition=ONE)
    assert sagemaker.list_pipelines()["PipelineSummaries"] == []
    for call in (sagemaker.describe_pipeline, sagemaker.start_pipeline_execution, sagemaker.delete_pipeline):
        assert refusal(call, PipelineName="churn")[0] == "ResourceNotFound"
    assert refusal(sagemaker.update_pipeline, PipelineName="churn", RoleArn=ROLE)[0] == "ResourceNotFound"
    assert "already exists" in refusal(create, sagemaker=sagemaker)[1]
    assert sagemaker.update_pipeline(PipelineName="churn", PipelineDefinition=TWO)["PipelineVersionId"] == 1
    assert [one["PipelineName"] for one in sagemaker.list_pipelines()["PipelineSummaries"]] == ["churn"]


def test_an_update_without_a_definition_changes_facts_only(sagemaker: Any) -> None:
    create(sagemaker)
    changed = sagemaker.update_pipeline(
        PipelineName="churn", PipelineDescription="new", ParallelismConfiguration=PARALLEL
    )
    assert changed["PipelineVersionId"] == 1
    found = sagemaker.describe_pipeline(PipelineName="churn")
    assert (found["PipelineDescription"], found["ParallelismConfiguration"]) == ("new", PARALLEL)


def test_a_definition_may_lie_in_a_bucket(sagemaker: Any, member: Actor) -> None:
    put(member, "defs/churn.json", ONE.encode())
    bucket = member.workspace.default_bucket
    place = {"Bucket": bucket, "ObjectKey": "defs/churn.json"}
    sagemaker.create_pipeline(PipelineName="churn", PipelineDefinitionS3Location=place, RoleArn=ROLE)
    assert sagemaker.describe_pipeline(PipelineName="churn")["PipelineDefinition"] == ONE
    put(member, "defs/broken.json", b"\xff\xfe")
    put(member, "defs/large.json", b" " * (1024 * 1024 + 1))
    for key in ("defs/none.json", "defs/broken.json", "defs/large.json", "a//b"):
        said = refusal(
            sagemaker.create_pipeline,
            PipelineName="other",
            PipelineDefinitionS3Location={"Bucket": bucket, "ObjectKey": key},
            RoleArn=ROLE,
        )
        assert said[0] == "ValidationException"
    for members in ({}, {"PipelineDefinition": ONE, "PipelineDefinitionS3Location": place}):
        said = refusal(sagemaker.create_pipeline, PipelineName="other", RoleArn=ROLE, **members)
        assert said[0] == "ValidationException"
        assert "PipelineDefinitionS3Location" in said[1]
    assert Pipeline.objects.count() == 1


def put(actor: Actor, key: str, data: bytes) -> None:
    sha256, size = blob_store().put_bytes(data)
    uri = f"s3://{actor.workspace.default_bucket}/{key}"
    store_object(workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())


def test_definitions_aws_would_not_take_are_refused_with_the_place(sagemaker: Any) -> None:
    twice = definition(fail_step("One"), fail_step("One"))
    gone = definition({**fail_step("One"), "DependsOn": ["Nobody"]})
    for text, said in ((twice, "One"), (gone, "Nobody"), ("{", "JSON"), ("[]", "object"), ('{"Steps": 3}', "list")):
        code, message = refusal(create, sagemaker=sagemaker, PipelineDefinition=text)
        assert code == "ValidationException"
        assert message.startswith("Unable to parse pipeline definition.")
        assert said in message
    assert not Pipeline.objects.exists()


def test_a_token_sent_twice_makes_one_pipeline_and_deletes_one(sagemaker: Any) -> None:
    token, other = "t" * 32, "u" * 32
    first = create(sagemaker, ClientRequestToken=token)
    assert create(sagemaker, ClientRequestToken=token) == first
    code, _ = refusal(create, sagemaker=sagemaker, name="else", ClientRequestToken=token)
    assert code == "ConflictException"
    for _ in range(2):
        deleted = sagemaker.delete_pipeline(PipelineName="churn", ClientRequestToken=other)
        assert deleted["PipelineArn"] == first
    assert refusal(sagemaker.describe_pipeline, PipelineName="churn") == (
        "ResourceNotFound",
        f"Pipeline '{first}' does not exist.",
    )
    create(sagemaker)  # the name is free again, and its tags are gone
    assert sagemaker.list_tags(ResourceArn=first)["Tags"] == []


def test_a_pipeline_that_runs_is_not_deleted(sagemaker: Any, member: Actor) -> None:
    create(sagemaker)
    Execution.objects.all().delete()
    arn = sagemaker.start_pipeline_execution(PipelineName="churn")["PipelineExecutionArn"]
    Execution.objects.filter(pk=arn.rpartition("/")[2]).update(status="Executing")
    assert refusal(sagemaker.delete_pipeline, PipelineName="churn")[0] == "ConflictException"


def test_lists_are_filtered_sorted_and_paged(sagemaker: Any) -> None:
    for name in ("beta", "Alpha", "alpha-2", "gamma"):
        create(sagemaker, name)

    def names(**members: Any) -> list[str]:
        return [one["PipelineName"] for one in sagemaker.list_pipelines(**members)["PipelineSummaries"]]

    assert names() == ["gamma", "alpha-2", "Alpha", "beta"]
    assert names(SortOrder="Ascending") == ["beta", "Alpha", "alpha-2", "gamma"]
    assert set(names(SortBy="Name", SortOrder="Ascending")) == {"Alpha", "alpha-2", "beta", "gamma"}
    assert names(PipelineNamePrefix="alpha") == ["alpha-2"]
    assert names(CreatedAfter=datetime.now(UTC) + timedelta(hours=1)) == []
    assert names(CreatedBefore=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert names(ManagedBy="AWS") == []
    pages = sagemaker.get_paginator("list_pipelines").paginate(PaginationConfig={"PageSize": 3})
    assert [len(page["PipelineSummaries"]) for page in pages] == [3, 1]


def test_a_token_of_a_page_belongs_to_its_list_and_filters(sagemaker: Any, aws: AwsServer, stranger: Actor) -> None:
    for name in ("one", "two", "three"):
        create(sagemaker, name)
    token = sagemaker.list_pipelines(MaxResults=1)["NextToken"]
    assert len(sagemaker.list_pipelines(MaxResults=100, NextToken=token)["PipelineSummaries"]) == 2
    theirs = aws.client("sagemaker", stranger)
    create(theirs, "one")
    for refused in (
        refusal(sagemaker.list_pipelines, NextToken=token, SortOrder="Ascending"),
        refusal(sagemaker.list_pipeline_versions, PipelineName="one", NextToken=token),
        refusal(sagemaker.list_pipelines, NextToken=token[:-2] + "xx"),
        refusal(sagemaker.list_pipelines, NextToken="nonsense"),
        refusal(theirs.list_pipelines, NextToken=token),
    ):
        assert refused[0] == "ValidationException"
        assert "NextToken" in refused[1]


def test_versions_have_names_notes_and_aliases(sagemaker: Any) -> None:
    arn = create(sagemaker, PipelineVersionAliases=["prod", "blue"])
    sagemaker.update_pipeline(PipelineName="churn", PipelineDefinition=TWO, PipelineVersionAliases=["prod"])
    sagemaker.update_pipeline_version(
        PipelineArn=arn,
        PipelineVersionId=2,
        PipelineVersionDisplayName="second",
        PipelineVersionDescription="two steps",
        PipelineVersionAliasOperations={"Add": ["green"], "Remove": ["nothing"]},
    )
    started = sagemaker.start_pipeline_execution(PipelineName="churn", PipelineVersionAlias="blue")
    second, first = sagemaker.list_pipeline_versions(PipelineName=arn)["PipelineVersionSummaries"]
    assert (second["PipelineVersionId"], second["PipelineVersionDisplayName"]) == (2, "second")
    assert (second["PipelineVersionDescription"], second["PipelineVersionAliases"]) == ("two steps", ["green", "prod"])
    assert "LastExecutionPipelineExecutionArn" not in second
    assert first["PipelineVersionAliases"] == ["blue"]
    assert first["LastExecutionPipelineExecutionArn"] == started["PipelineExecutionArn"]
    found = sagemaker.describe_pipeline(PipelineName="churn", PipelineVersionAlias="green")
    assert found["PipelineDefinition"] == TWO
    assert found["PipelineVersionDisplayName"] == "second"
    ascending = sagemaker.list_pipeline_versions(PipelineName="churn", SortOrder="Ascending", MaxResults=1)
    assert [one["PipelineVersionId"] for one in ascending["PipelineVersionSummaries"]] == [1]
    for members in ({"PipelineVersionId": 9}, {"PipelineVersionAlias": "red"}):
        assert refusal(sagemaker.describe_pipeline, PipelineName="churn", **members)[0] == "ResourceNotFound"
    assert refusal(sagemaker.update_pipeline_version, PipelineArn=arn, PipelineVersionId=9)[0] == "ResourceNotFound"


def test_a_viewer_reads_and_a_stranger_finds_nothing(
    sagemaker: Any, aws: AwsServer, viewer: Actor, stranger: Actor
) -> None:
    arn = create(sagemaker)
    reader, other = aws.client("sagemaker", viewer), aws.client("sagemaker", stranger)
    assert reader.describe_pipeline(PipelineName="churn")["PipelineArn"] == arn
    code, message = refusal(create, sagemaker=reader, name="mine")
    assert code == "AccessDeniedException"
    assert "user/vera is not authorized to perform: sagemaker:CreatePipeline" in message
    for name in ("churn", arn):
        assert refusal(other.describe_pipeline, PipelineName=name)[0] == "ResourceNotFound"
    assert other.list_pipelines()["PipelineSummaries"] == []
