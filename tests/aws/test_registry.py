"""Models, model packages and their groups over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from registry.models import ModelPackage
from tests.aws.refusals import ROLE, refusal
from tests.aws.server import AwsServer

CONTAINER = {"Image": "i", "ModelDataUrl": "s3://models/m.tar.gz", "Environment": {"A": "1"}}
SPECIFICATION = {
    "Containers": [{"Image": "i", "ModelDataUrl": "s3://models/m.tar.gz"}],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}


def register(sagemaker: Any, group: str = "churn", **members: Any) -> str:
    arn: str = sagemaker.create_model_package(
        ModelPackageGroupName=group, InferenceSpecification=SPECIFICATION, **members
    )["ModelPackageArn"]
    return arn


@pytest.fixture
def group(sagemaker: Any) -> str:
    tags = [{"Key": "team", "Value": "risk"}]
    arn: str = sagemaker.create_model_package_group(
        ModelPackageGroupName="churn", ModelPackageGroupDescription="who leaves", Tags=tags
    )["ModelPackageGroupArn"]
    return arn


def test_a_model_is_made_described_listed_and_deleted(sagemaker: Any) -> None:
    made = sagemaker.create_model(
        ModelName="m-1",
        PrimaryContainer=CONTAINER,
        ExecutionRoleArn=ROLE,
        EnableNetworkIsolation=True,
        Tags=[{"Key": "a", "Value": "1"}],
    )
    found = sagemaker.describe_model(ModelName="m-1")
    assert (found["ModelArn"], found["ModelName"]) == (made["ModelArn"], "m-1")
    assert found["PrimaryContainer"] == CONTAINER
    assert (found["ExecutionRoleArn"], found["EnableNetworkIsolation"]) == (ROLE, True)
    assert sagemaker.list_tags(ResourceArn=made["ModelArn"])["Tags"] == [{"Key": "a", "Value": "1"}]
    assert refusal(sagemaker.create_model, ModelName="m-1", PrimaryContainer=CONTAINER)[0] == "ValidationException"
    sagemaker.delete_model(ModelName="m-1")
    for call in (sagemaker.describe_model, sagemaker.delete_model):
        code, message = refusal(call, ModelName="m-1")
        assert (code, "Could not find model" in message) == ("ValidationException", True)


def test_models_are_listed_newest_first_by_name_or_time(sagemaker: Any) -> None:
    for name in ("b-model", "a-model", "c-other"):
        sagemaker.create_model(ModelName=name, Containers=[CONTAINER, CONTAINER])

    def names(**members: Any) -> list[str]:
        return [one["ModelName"] for one in sagemaker.list_models(**members)["Models"]]

    assert names() == ["c-other", "a-model", "b-model"]
    assert names(SortBy="Name", SortOrder="Ascending") == ["a-model", "b-model", "c-other"]
    assert names(NameContains="MODEL") == ["a-model", "b-model"]
    assert names(CreationTimeAfter="2999-01-01") == []
    pages = sagemaker.get_paginator("list_models").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["Models"]) for page in pages] == [2, 1]


def test_a_model_has_one_container_or_several(sagemaker: Any) -> None:
    both = {"PrimaryContainer": CONTAINER, "Containers": [CONTAINER]}
    assert refusal(sagemaker.create_model, ModelName="m", **both)[0] == "ValidationException"


def test_a_group_is_found_by_name_and_arn(sagemaker: Any, group: str) -> None:
    for name in ("churn", group):
        found = sagemaker.describe_model_package_group(ModelPackageGroupName=name)
        assert (found["ModelPackageGroupArn"], found["ModelPackageGroupName"]) == (group, "churn")
        assert (found["ModelPackageGroupDescription"], found["ModelPackageGroupStatus"]) == ("who leaves", "Completed")
    assert refusal(sagemaker.create_model_package_group, ModelPackageGroupName="churn")[0] == "ValidationException"
    assert sagemaker.list_tags(ResourceArn=group)["Tags"] == [{"Key": "team", "Value": "risk"}]
    sagemaker.create_model_package_group(ModelPackageGroupName="fraud")

    def names(**members: Any) -> list[str]:
        found = sagemaker.list_model_package_groups(**members)["ModelPackageGroupSummaryList"]
        return [one["ModelPackageGroupName"] for one in found]

    assert names() == ["churn", "fraud"]
    assert names(SortBy="Name", SortOrder="Descending") == ["fraud", "churn"]
    assert names(NameContains="fra") == ["fraud"]
    assert names(CrossAccountFilterOption="CrossAccount") == []


def test_a_group_that_is_not_there_does_not_exist_in_those_words(sagemaker: Any, group: str) -> None:
    calls = (
        (sagemaker.describe_model_package_group, {"ModelPackageGroupName": "nobody"}),
        (sagemaker.delete_model_package_group, {"ModelPackageGroupName": "nobody"}),
        (sagemaker.list_model_packages, {"ModelPackageGroupName": "nobody"}),
        (sagemaker.create_model_package, {"ModelPackageGroupName": "nobody"}),
        (sagemaker.describe_model_package, {"ModelPackageName": group.replace("-group", "") + "/9"}),
        (sagemaker.describe_model_package, {"ModelPackageName": "churn"}),
        (sagemaker.delete_model_package, {"ModelPackageName": "churn/1"}),
        (sagemaker.update_model_package, {"ModelPackageArn": group.replace("-group", "") + "/9"}),
    )
    for call, members in calls:
        code, message = refusal(call, **members)
        assert (code, "does not exist" in message) == ("ValidationException", True), members


def test_a_group_goes_when_its_versions_are_gone(sagemaker: Any, group: str) -> None:
    arn = register(sagemaker)
    assert refusal(sagemaker.delete_model_package_group, ModelPackageGroupName="churn")[0] == "ConflictException"
    sagemaker.delete_model_package(ModelPackageName=arn)
    sagemaker.delete_model_package_group(ModelPackageGroupName=group)
    assert sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_a_package_is_described_as_it_was_asked_for(sagemaker: Any, group: str) -> None:
    metrics = {"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://m/e.json"}}}
    arn = register(sagemaker, ModelMetrics=metrics, CustomerMetadataProperties={"a": "1"}, Domain="MACHINE_LEARNING")
    assert arn == group.replace("model-package-group", "model-package") + "/1"
    for name in (arn, "churn/1"):
        found = sagemaker.describe_model_package(ModelPackageName=name)
        assert (found["ModelPackageArn"], found["ModelPackageGroupName"]) == (arn, "churn")
        assert (found["ModelPackageVersion"], found["ModelPackageStatus"]) == (1, "Completed")
        assert found["ModelApprovalStatus"] == "PendingManualApproval"
        assert found["InferenceSpecification"] == SPECIFICATION
        assert (found["ModelMetrics"], found["Domain"]) == (metrics, "MACHINE_LEARNING")
        assert found["CreatedBy"] == {"UserProfileName": "miles"}


def test_a_package_keeps_the_figures_its_report_had_when_it_was_made(
    sagemaker: Any, aws: AwsServer, group: str, member: Actor
) -> None:
    s3 = aws.client("s3", member)
    where = {"Bucket": member.workspace.default_bucket, "Key": "churn/evaluation.json"}
    metrics = {"ModelQuality": {"Statistics": {"S3Uri": f"s3://{where['Bucket']}/{where['Key']}"}}}
    metrics["ModelQuality"]["Statistics"]["ContentType"] = "application/json"
    register(sagemaker, ModelMetrics=metrics)
    s3.put_object(**where, Body=b'{"regression_metrics": {"mse": {"value": 4.2, "standard_deviation": 2.1}}}')
    register(sagemaker, ModelMetrics=metrics)
    s3.put_object(**where, Body=b"no report any more")
    figures = list(ModelPackage.objects.order_by("version").values_list("figures", flat=True))
    assert figures == [[], [{"label": "MSE", "value": 4.2}]]


def test_a_package_without_a_group_is_refused_in_words(sagemaker: Any) -> None:
    code, message = refusal(sagemaker.create_model_package, ModelPackageName="alone")
    assert (code, "ModelPackageGroupName" in message) == ("ValidationException", True)


def test_a_package_is_approved_and_its_metadata_merged(sagemaker: Any, group: str) -> None:
    arn = register(sagemaker, CustomerMetadataProperties={"a": "1", "b": "2"})
    updated = sagemaker.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="good enough",
        CustomerMetadataProperties={"c": "3"},
        CustomerMetadataPropertiesToRemove=["a"],
        AdditionalInferenceSpecificationsToAdd=[{"Name": "small", "Containers": [{"Image": "i"}]}],
    )
    assert updated["ModelPackageArn"] == arn
    found = sagemaker.describe_model_package(ModelPackageName=arn)
    assert (found["ModelApprovalStatus"], found["ApprovalDescription"]) == ("Approved", "good enough")
    assert found["CustomerMetadataProperties"] == {"b": "2", "c": "3"}
    assert [one["Name"] for one in found["AdditionalInferenceSpecifications"]] == ["small"]
    assert found["LastModifiedBy"] == {"UserProfileName": "miles"}


def test_packages_are_listed_by_group_status_and_number(sagemaker: Any, group: str) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="fraud")
    for _ in range(11):
        last = register(sagemaker)
    register(sagemaker, "fraud")
    sagemaker.update_model_package(ModelPackageArn=last, ModelApprovalStatus="Approved")

    def versions(**members: Any) -> list[int]:
        found = sagemaker.list_model_packages(**members)["ModelPackageSummaryList"]
        return [one["ModelPackageVersion"] for one in found]

    assert versions(ModelPackageGroupName="churn") == list(range(1, 12))
    assert versions(ModelPackageGroupName=group, SortBy="Name", SortOrder="Descending", MaxResults=2) == [11, 10]
    assert versions(ModelApprovalStatus="Approved") == [11]
    assert versions(NameContains="fra") == [1]
    assert versions(ModelPackageType="Unversioned") == []
    assert versions(CreationTimeBefore="2001-01-01") == []
    pages = sagemaker.get_paginator("list_model_packages").paginate(PaginationConfig={"PageSize": 5})
    assert [len(page["ModelPackageSummaryList"]) for page in pages] == [5, 5, 2]


def test_a_batch_describes_what_is_there_and_names_what_is_not(sagemaker: Any, group: str) -> None:
    arn = register(sagemaker)
    gone = arn[:-1] + "9"
    found = sagemaker.batch_describe_model_package(ModelPackageArnList=[arn, gone])
    assert list(found["ModelPackageSummaries"]) == [arn]
    assert found["ModelPackageSummaries"][arn]["ModelPackageVersion"] == 1
    assert found["BatchDescribeModelPackageErrorMap"][gone]["ErrorCode"] == "ValidationException"


def test_a_client_token_registers_once(sagemaker: Any, group: str) -> None:
    assert register(sagemaker, ClientToken="once") == register(sagemaker, ClientToken="once")
    assert ModelPackage.objects.count() == 1


def test_deciding_needs_the_right_to_decide(
    sagemaker: Any, group: str, aws: AwsServer, viewer: Actor, operator: Actor, stranger: Actor
) -> None:
    arn = register(sagemaker)
    reader, deciding = aws.client("sagemaker", viewer), aws.client("sagemaker", operator)
    other = aws.client("sagemaker", stranger)
    approve = {"ModelPackageArn": arn, "ModelApprovalStatus": "Approved"}
    assert refusal(reader.update_model_package, **approve)[0] == "AccessDeniedException"
    assert refusal(other.update_model_package, **approve)[0] == "ValidationException"
    deciding.update_model_package(**approve)
    assert refusal(deciding.delete_model_package, ModelPackageName=arn)[0] == "AccessDeniedException"
    assert reader.describe_model_package(ModelPackageName=arn)["ModelApprovalStatus"] == "Approved"
