"""Requests and answers by the service model: what is kept, converted, refused and left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aws.errors import AwsError
from aws.operations.catalog import OPERATIONS
from aws.shapes import ServiceModel, service_model


@pytest.fixture(scope="module")
def model() -> ServiceModel:
    return service_model("sagemaker", tuple(OPERATIONS))


def test_known_members_stay_and_times_become_moments(model: ServiceModel) -> None:
    given = model.read("ListPipelines", {"MaxResults": 3, "CreatedAfter": 1_700_000_000.5, "Colour": 1, "SortBy": None})
    assert given == {"MaxResults": 3, "CreatedAfter": datetime(2023, 11, 14, 22, 13, 20, 500_000, UTC)}


@pytest.mark.parametrize("text", ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05", "2024-01-02T04:04:05+01:00"])
def test_times_may_be_texts(model: ServiceModel, text: str) -> None:
    assert model.read("ListPipelines", {"CreatedAfter": text})["CreatedAfter"] == datetime(2024, 1, 2, 3, 4, 5, 0, UTC)


def test_letters_of_every_script_fit_a_tag(model: ServiceModel) -> None:
    arn = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/x"
    tags = [{"Key": "équipe 数据", "Value": "a_b.c:/=+-@ é"}]
    assert model.read("AddTags", {"ResourceArn": arn, "Tags": tags})["Tags"] == tags
    with pytest.raises(AwsError, match="regular expression"):
        model.read("AddTags", {"ResourceArn": arn, "Tags": [{"Key": "a<b>", "Value": ""}]})


def test_a_large_definition_of_many_lines_is_read_in_no_time(model: ServiceModel) -> None:
    text = "{ \n" * 340_000
    whole = {"PipelineName": "x", "ClientRequestToken": "t" * 32, "RoleArn": "arn:aws:iam::123456789012:role/x"}
    assert model.read("CreatePipeline", {**whole, "PipelineDefinition": text})["PipelineDefinition"] == text


def test_a_name_built_to_be_slow_is_refused_in_no_time(model: ServiceModel) -> None:
    for name in (
        "a" + "-" * 254 + "!",
        "a-" * 127 + "!",
        "arn:aws:sagemaker:us-east-1:123456789012:pipeline/" + "-" * 1900,
    ):
        with pytest.raises(AwsError, match="pipelineName"):
            model.read("DescribePipeline", {"PipelineName": name})


def test_an_answer_has_members_of_its_shape_only(model: ServiceModel) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    answer: dict[str, Any] = {
        "PipelineName": "x",
        "PipelineDescription": None,
        "CreationTime": moment,
        "LastModifiedTime": 1.5,
        "Revision": 7,
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": 3, "Colour": "red"},
        "PipelineVersionAliases": ["a", None],
    }
    assert model.shaped("DescribePipeline", answer) == {
        "PipelineName": "x",
        "CreationTime": moment.timestamp(),
        "LastModifiedTime": 1.5,
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": 3},
        "PipelineVersionAliases": ["a"],
    }


def test_values_of_texts_become_texts(model: ServiceModel) -> None:
    answer = model.shaped("DescribeTrainingJob", {"HyperParameters": {"a": 1, "b": True, "c": None, "d": "x"}})
    assert answer == {"HyperParameters": {"a": "1", "b": "true", "d": "x"}}


def test_the_model_keeps_no_documentation_and_no_shape_nobody_needs(model: ServiceModel) -> None:
    shapes: Any = vars(model)["_shapes"]
    assert len(shapes) < 1000
    assert "CreateFeatureGroupRequest" not in shapes
    assert "documentation" not in str(shapes["PipelineSummary"])
    assert "CreateFeatureGroup" in model.names
