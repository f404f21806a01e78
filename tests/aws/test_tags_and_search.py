"""Tags on what has an ARN, and Search over pipelines, executions and versions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from tests.aws.conftest import Runs
from tests.aws.refusals import ROLE, refusal
from tests.aws.server import AwsServer
from tests.aws.test_jobs import TRAINING
from tests.runs.definitions import chain, fail, pipeline


def create(sagemaker: Any, name: str, **members: Any) -> str:
    arn: str = sagemaker.create_pipeline(
        PipelineName=name, PipelineDefinition=json.dumps(chain(1)), RoleArn=ROLE, **members
    )["PipelineArn"]
    return arn


def test_adding_sets_by_key_and_answers_all_of_them(sagemaker: Any) -> None:
    arn = create(sagemaker, "churn", Tags=[{"Key": "team", "Value": "risk"}])
    added = sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "sales"}, {"Key": "a", "Value": ""}])
    expected = [{"Key": "a", "Value": ""}, {"Key": "team", "Value": "sales"}]
    assert added["Tags"] == sagemaker.list_tags(ResourceArn=arn)["Tags"] == expected
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["team", "nothing"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == expected[:1]


def test_tags_of_anything_that_is_there(sagemaker: Any, runs: Runs) -> None:
    execution = runs.run(chain(1))
    job = runs.steps(execution)[0]["Metadata"]["ProcessingJob"]["Arn"]
    model = sagemaker.create_model(ModelName="m", PrimaryContainer={"Image": "i"})["ModelArn"]
    for arn in (execution, job, model):
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]


def test_tags_of_what_is_not_there_or_of_others_are_refused(
    sagemaker: Any, aws: AwsServer, stranger: Actor, viewer: Actor
) -> None:
    arn = create(sagemaker, "churn")
    other, reader = aws.client("sagemaker", stranger), aws.client("sagemaker", viewer)
    for name in ("x", "x/execution/abcdefghijkl"):
        missing = arn.replace("churn", name)
        assert refusal(sagemaker.list_tags, ResourceArn=missing)[0] == "ResourceNotFound"
    for kind in ("model/x", "model-package/x/1", "model-package-group/x", "training-job/x", "endpoint/x"):
        missing = arn.replace("pipeline/churn", kind)
        assert refusal(sagemaker.list_tags, ResourceArn=missing)[0] == "ResourceNotFound"
    assert refusal(other.list_tags, ResourceArn=arn)[0] == "ValidationException"
    tags = [{"Key": "a", "Value": "1"}]
    assert refusal(reader.add_tags, ResourceArn=arn, Tags=tags)[0] == "AccessDeniedException"
    assert refusal(reader.delete_tags, ResourceArn=arn, TagKeys=["a"])[0] == "AccessDeniedException"
    many = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
    sagemaker.add_tags(ResourceArn=arn, Tags=many)
    assert refusal(sagemaker.add_tags, ResourceArn=arn, Tags=tags)[0] == "ValidationException"


def names(sagemaker: Any, *filters: dict[str, Any], **members: Any) -> list[str]:
    expression: dict[str, Any] = {"Filters": list(filters)} if filters else {}
    expression |= members.pop("expression", {})
    found = sagemaker.search(Resource="Pipeline", **({"SearchExpression": expression} if expression else {}), **members)
    assert found["TotalHits"]["Value"] >= len(found["Results"])
    return [one["Pipeline"]["PipelineName"] for one in found["Results"]]


def where(name: str, operator: str, value: str | None = None) -> dict[str, Any]:
    return {"Name": name, "Operator": operator, **({} if value is None else {"Value": value})}


def test_pipelines_are_searched_by_property_and_tag(sagemaker: Any) -> None:
    create(sagemaker, "alpha", Tags=[{"Key": "stage", "Value": "dev"}], PipelineDescription="First of all")
    create(sagemaker, "beta", Tags=[{"Key": "stage", "Value": "prod"}], PipelineDisplayName="Second")
    arn = create(sagemaker, "gamma")
    assert names(sagemaker) == ["gamma", "beta", "alpha"]
    expected = {
        ("PipelineName", "Equals", "beta"): ["beta"],
        ("PipelineName", "NotEquals", "beta"): ["gamma", "alpha"],
        ("PipelineName", "Contains", "A"): ["gamma", "beta", "alpha"],
        ("PipelineName", "In", "alpha,gamma"): ["gamma", "alpha"],
        ("PipelineName", "GreaterThan", "b"): ["gamma", "beta"],
        ("PipelineArn", "Equals", arn): ["gamma"],
        ("PipelineDisplayName", "Equals", "Second"): ["beta"],
        ("PipelineDisplayName", "Equals", "gamma"): ["gamma"],
        ("PipelineDescription", "Exists", None): ["alpha"],
        ("PipelineDescription", "NotExists", None): ["gamma", "beta"],
        ("CreationTime", "LessThan", "2999-01-01T00:00:00Z"): ["gamma", "beta", "alpha"],
        ("CreationTime", "LessThanOrEqualTo", "1"): [],
        ("LastRunTime", "Exists", None): [],
        ("Tags.stage", "Equals", "prod"): ["beta"],
        ("Tags.stage", "NotEquals", "prod"): ["gamma", "alpha"],
        ("Tags.stage", "In", "prod,dev"): ["beta", "alpha"],
        ("Tags.stage", "Contains", "ev"): ["alpha"],
        ("Tags.stage", "GreaterThanOrEqualTo", "p"): ["beta"],
        ("Tags.stage", "Exists", None): ["beta", "alpha"],
        ("Tags.stage", "NotExists", None): ["gamma"],
        ("CreatedBy.UserProfileName", "Equals", "miles"): ["gamma", "beta", "alpha"],
    }
    for (name, operator, value), found in expected.items():
        assert names(sagemaker, where(name, operator, value)) == found, (name, operator, value)


def test_conditions_are_joined_by_and_or_and_nested(sagemaker: Any) -> None:
    for name in ("alpha", "beta", "gamma"):
        create(sagemaker, name)
    alpha, beta = where("PipelineName", "Equals", "alpha"), where("PipelineName", "Equals", "beta")
    either = {"Filters": [alpha, beta], "Operator": "Or"}
    assert names(sagemaker, alpha, beta) == []
    assert names(sagemaker, expression=either) == ["beta", "alpha"]
    inside = {"SubExpressions": [either], "Filters": [where("PipelineName", "Contains", "be")]}
    assert names(sagemaker, expression=inside) == ["beta"]


def test_results_are_sorted_and_paged(sagemaker: Any) -> None:
    for name in ("beta", "gamma", "alpha"):
        create(sagemaker, name)
    assert names(sagemaker, SortBy="PipelineName", SortOrder="Ascending") == ["alpha", "beta", "gamma"]
    pages = sagemaker.get_paginator("search").paginate(Resource="Pipeline", PaginationConfig={"PageSize": 2})
    assert [len(page["Results"]) for page in pages] == [2, 1]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"SearchExpression": {"Filters": [where("PipelineNam", "Equals", "x")]}}, 'Did you mean "PipelineName"?'),
        ({"SearchExpression": {"Filters": [where("PipelineName", "Equals")]}}, "needs a Value"),
        ({"SearchExpression": {"Filters": [where("Tags.x", "Equals")]}}, "needs a Value"),
        ({"SearchExpression": {"Filters": [where("CreationTime", "Equals", "soon")]}}, "wrong type"),
        ({"SearchExpression": {"Filters": [where("CreationTime", "Contains", "2")]}}, "no text"),
        ({"SearchExpression": {"Filters": [where("PipelineName", "In", "x," * 60)]}}, "50"),
        ({"SortBy": "LastRunTime"}, "cannot be sorted"),
        ({"SortBy": "Colour"}, "no property"),
        (
            {
                "SearchExpression": {
                    "NestedFilters": [
                        {"NestedPropertyName": "Steps", "Filters": [{"Name": "Steps.Name", "Value": "x"}]}
                    ]
                }
            },
            "NestedFilters",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(sagemaker: Any, members: dict[str, Any], said: str) -> None:
    code, message = refusal(sagemaker.search, Resource="Pipeline", **members)
    assert (code, said in message) == ("ValidationException", True), message


def test_a_resource_that_cannot_be_searched_is_named(sagemaker: Any) -> None:
    code, message = refusal(sagemaker.search, Resource="FeatureGroup")
    assert (code, "FeatureGroup is not implemented" in message) == ("ValidationException", True)


def test_executions_and_versions_are_searched(sagemaker: Any, runs: Runs, aws: AwsServer, stranger: Actor) -> None:
    good = runs.run(chain(1), PipelineExecutionDisplayName="Nightly")
    bad = runs.run(pipeline(fail("Stop", "no good")))

    def found(resource: str, *filters: dict[str, Any]) -> list[dict[str, Any]]:
        expression = {"SearchExpression": {"Filters": list(filters)}} if filters else {}
        return [one[resource] for one in sagemaker.search(Resource=resource, **expression)["Results"]]

    (failed,) = found("PipelineExecution", where("PipelineExecutionStatus", "Equals", "Failed"))
    assert (failed["PipelineExecutionArn"], failed["PipelineVersionId"]) == (bad, 1)
    assert "no good" in failed["FailureReason"]
    (named,) = found("PipelineExecution", where("PipelineExecutionDisplayName", "Contains", "night"))
    assert named["PipelineExecutionArn"] == good
    of = found("PipelineExecution", where("PipelineArn", "Equals", good.partition("/execution/")[0]))
    assert [one["PipelineExecutionArn"] for one in of] == [good]
    (by_arn,) = found("PipelineExecution", where("PipelineExecutionArn", "Equals", good))
    assert by_arn["PipelineExecutionStatus"] == "Succeeded"
    versions = found("PipelineVersion", where("PipelineVersionId", "GreaterThanOrEqualTo", "1"))
    assert {one["LastExecutedPipelineExecutionStatus"] for one in versions} == {"Succeeded", "Failed"}
    assert found("PipelineVersion", where("PipelineName", "Equals", "nobody")) == []
    for resource in ("Pipeline", "PipelineExecution", "PipelineVersion"):
        assert aws.client("sagemaker", stranger).search(Resource=resource)["Results"] == []


def test_a_training_job_is_found_by_the_model_it_wrote(sagemaker: Any, runs: Runs) -> None:
    for name in ("fit-1", "fit-2"):
        sagemaker.create_training_job(TrainingJobName=name, **TRAINING)
    runs.finish()
    artifact = "s3://results/train/fit-2/output/model.tar.gz"
    filters = [where("ModelArtifacts.S3ModelArtifacts", "Equals", artifact)]
    (found,) = sagemaker.search(Resource="TrainingJob", SearchExpression={"Filters": filters})["Results"]
    assert found["TrainingJob"]["TrainingJobName"] == "fit-2"
    assert found["TrainingJob"]["TrainingJobStatus"] == "Completed"
    pages = sagemaker.get_paginator("search").paginate(Resource="TrainingJob", PaginationConfig={"PageSize": 1})
    assert [len(page["Results"]) for page in pages] == [1, 1]


def test_registered_models_are_found_by_group_and_status(sagemaker: Any, aws: AwsServer, stranger: Actor) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="churn")
    for _ in range(2):
        arn = sagemaker.create_model_package(ModelPackageGroupName="churn")["ModelPackageArn"]
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    by_group = {"Filters": [where("ModelPackageGroupName", "Equals", "churn")]}
    (group,) = sagemaker.search(Resource="ModelPackageGroup", SearchExpression=by_group)["Results"]
    assert group["ModelPackageGroup"]["ModelPackageGroupName"] == "churn"
    approved = {"Filters": [*by_group["Filters"], where("ModelApprovalStatus", "Equals", "Approved")]}
    (package,) = sagemaker.search(Resource="ModelPackage", SearchExpression=approved)["Results"]
    assert package["ModelPackage"]["ModelPackageArn"] == arn
    for resource in ("ModelPackage", "ModelPackageGroup", "TrainingJob"):
        assert aws.client("sagemaker", stranger).search(Resource=resource)["Results"] == []
    assert sagemaker.search(Resource="ModelCard")["Results"] == []
