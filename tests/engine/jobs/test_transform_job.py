"""What Model and Transform steps become, and what is refused in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine.images import DEFAULT_IMAGES, ImageMapping
from engine.steps.base import JobOutcome, StepNotRunnable
from engine.steps.jobs import model, transform
from runs.jobspec import dump_spec, load_spec
from tests.engine.jobs.contexts import CREATED, SKLEARN, XGBOOST, context

PACKAGE = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/3"


class Registry:
    """Models and packages by name."""

    def __init__(self, models: Mapping[str, Any] | None = None, packages: Mapping[str, Any] | None = None) -> None:
        self._models, self._packages = models or {}, packages or {}

    def model(self, name: str) -> Any:
        return self._models.get(name)

    def package(self, name: str) -> Any:
        return self._packages.get(name)


def container(**changes: Any) -> dict[str, Any]:
    return {"Image": SKLEARN, "ModelDataUrl": "s3://bkt/m/model.tar.gz", "Environment": {"X": "1"}, **changes}


def score(**changes: Any) -> dict[str, Any]:
    return {
        "ModelName": "m",
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bkt/in/"}}},
        "TransformOutput": {"S3OutputPath": "s3://bkt/out"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        **changes,
    }


def job(arguments: dict[str, Any] | None = None, **document: Any) -> Any:
    known = document or {"PrimaryContainer": container()}
    return transform.to_job(context(models=Registry({"m": known})), arguments or score())


def settings(arguments: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(job(arguments).files[transform.CONFIG])
    return found


def test_a_model_is_described_under_the_name_the_engine_gives_it() -> None:
    document = model.describe(context(), {"ExecutionRoleArn": "r", "PrimaryContainer": container()}, None)
    assert document["ModelName"] == context().job_name
    assert document["ModelArn"].endswith(f":model/{context().job_name}")
    assert document["PrimaryContainer"]["Environment"] == {"X": "1"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "has 0"),
        ({"PrimaryContainer": container(), "Containers": [container()]}, "Keep one of the two"),
        ({"Containers": [container()] * 16}, "has 16"),
        ({"PrimaryContainer": {"ModelDataUrl": "s3://bkt/m"}}, "PrimaryContainer.Image is missing"),
        ({"PrimaryContainer": container(ModelDataUrl="/tmp/m")}, "must be an S3 address"),
        ({"PrimaryContainer": container(Mode="MultiModel")}, "MultiModel"),
        ({"Containers": "x"}, "must be a list"),
    ],
)
def test_a_model_that_is_none_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(StepNotRunnable, match=words):
        model.describe(context(), arguments, None)


def test_a_model_behind_its_web_address_is_read_from_the_bucket() -> None:
    given = container(ModelDataUrl="https://bkt.s3-us-east-1.amazonaws.com/m/model.tar.gz")
    (made,) = model.read_containers({"PrimaryContainer": given}, None)
    assert made.data == "s3://bkt/m/model.tar.gz"


def test_a_transform_reads_its_data_and_its_model_and_writes_one_folder() -> None:
    made = job()
    assert (made.kind, made.toolkit, made.runtime, made.entrypoint) == ("Transform", "transform", "sklearn", None)
    assert [(one.name, one.uri, one.local_path) for one in made.inputs] == [
        ("input", "s3://bkt/in/", "/opt/ml/input/data/transform"),
        ("model 0", "s3://bkt/m/model.tar.gz", "/opt/ml/input/models/0"),
    ]
    assert [(one.local_path, one.uri) for one in made.outputs] == [("/opt/ml/output/transform", "s3://bkt/out")]
    assert made.instance_type == "ml.m5.xlarge"
    assert load_spec(dump_spec(made)) == made


def test_what_is_left_out_has_the_value_aws_gives_it() -> None:
    found = settings(score())
    assert (found["BatchStrategy"], found["SplitType"], found["MaxPayloadInMB"]) == ("MultiRecord", "None", 6)
    assert (found["InputFilter"], found["JoinSource"], found["AssembleWith"]) == ([], "None", "None")
    environment = job().environment
    assert environment["SAGEMAKER_BATCH"] == "true"
    assert environment["SAGEMAKER_BATCH_STRATEGY"] == "MULTI_RECORD"


def test_an_output_the_sdk_leaves_to_the_service_goes_under_the_default_bucket() -> None:
    arguments = score(TransformOutput={"S3OutputPath": None})
    expected = "s3://clary-123456789012/p/abcdef123456/Train/output"
    assert job(arguments).outputs[0].uri == expected
    assert transform.describe(context(), arguments, None)["TransformOutput"]["S3OutputPath"] == expected


def test_the_environment_of_the_step_wins_over_the_models() -> None:
    (found,) = settings(score(Environment={"X": "2", "Y": "3"}))["Containers"]
    assert found["environment"] == {"X": "2", "Y": "3"}


def test_code_beside_the_model_is_an_input_and_code_inside_is_not() -> None:
    for source, count in (("s3://bkt/code/sourcedir.tar.gz", 3), ("file:///opt/ml/model/code", 2)):
        served = container(Environment={"SAGEMAKER_SUBMIT_DIRECTORY": source, "SAGEMAKER_PROGRAM": "i.py"})
        assert len(job(PrimaryContainer=served).inputs) == count


def test_a_model_of_a_package_is_what_the_package_says() -> None:
    packages = {PACKAGE: {"InferenceSpecification": {"Containers": [container(Image=XGBOOST)]}}}
    models = {"m": {"PrimaryContainer": {"ModelPackageName": PACKAGE, "Environment": {"Y": "2"}}}}
    made = transform.to_job(context(models=Registry(models, packages)), score())
    assert made.runtime == "xgboost"
    (found,) = json.loads(made.files[transform.CONFIG])["Containers"]
    assert found["environment"] == {"X": "1", "Y": "2"}


def test_model_data_without_compression_is_a_folder() -> None:
    source = {"S3DataSource": {"S3Uri": "s3://bkt/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}}
    made = job(PrimaryContainer={"Image": SKLEARN, "ModelDataSource": source})
    assert made.inputs[1].uri == "s3://bkt/m/"
    assert json.loads(made.files[transform.CONFIG])["Containers"][0]["packed"] is False


def test_models_made_of_the_same_files_have_the_same_cache_content() -> None:
    attributes = transform.cache_attributes(score(ModelName="pipelines-1"))
    assert attributes == transform.cache_attributes(score(ModelName="pipelines-2"))
    assert job().content == job().content
    assert job().content != job(PrimaryContainer=container(Environment={"X": "9"})).content
    assert job().content != job(score(DataProcessing={"InputFilter": "$[1:]"})).content


def test_an_ended_transform_is_described_as_aws_does() -> None:
    ended = JobOutcome(
        status="Failed",
        started_at=CREATED,
        ended_at=CREATED + timedelta(seconds=3),
        failure_reason="x",
        exit_message="y",
    )
    document = transform.describe(context(), score(), ended)
    assert (document["TransformJobStatus"], document["FailureReason"]) == ("Failed", "x")
    assert document["TransformEndTime"] - document["TransformStartTime"] == 3
    assert not {"LastModifiedTime", "ExitMessage"} & document.keys()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ModelName": "gone"}, "There is no model named gone"),
        ({"ModelName": None}, "ModelName is missing"),
        ({"BatchStrategy": "Many"}, "BatchStrategy must be one of MultiRecord, SingleRecord"),
        ({"MaxPayloadInMB": 101}, r"must be 0 \(no limit\) to 100"),
        ({"DataProcessing": {"InputFilter": "features"}}, "DataProcessing.InputFilter must be a JSONPath"),
        ({"DataProcessing": {"OutputFilter": "$..x"}}, "DataProcessing.OutputFilter cannot be read"),
        ({"DataProcessing": {"JoinSource": "Output"}}, "JoinSource must be one of None, Input"),
        ({"DataProcessing": [1]}, "must be an object"),
        ({"TransformResources": {"InstanceCount": 2}}, "2 instances"),
        ({"TransformInput": {"SplitType": "RecordIO"}}, "RecordIO does not run here"),
        ({"TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "ManifestFile"}}}}, "ManifestFile"),
        ({"TransformOutput": {"S3OutputPath": "/tmp"}}, "must be an S3 address"),
    ],
)
def test_what_a_transform_cannot_do_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(StepNotRunnable, match=words):
        job(score(**changes))


OWN = ImageMapping(name="container", pattern="my/*", title="Mine", container="mine:1")


def test_an_image_with_a_server_of_its_own_is_left_to_docker() -> None:
    known = {"m": {"PrimaryContainer": container(Image="my/server:2")}}
    made = transform.to_job(context(models=Registry(known), images=(OWN, *DEFAULT_IMAGES)), score())
    assert (made.toolkit, made.container) == ("transform-served", "mine:1")
    assert json.loads(made.files[transform.CONFIG])["Containers"][0]["server"] == "mine:1"


def test_a_chain_of_both_kinds_is_refused() -> None:
    known = {"m": {"Containers": [container(), container(Image="my/server:2")]}}
    with pytest.raises(StepNotRunnable, match="another container of this model runs in a local runtime"):
        transform.to_job(context(models=Registry(known), images=(OWN, *DEFAULT_IMAGES)), score())


def test_a_package_nobody_registered_and_an_image_nobody_mapped_are_refused() -> None:
    with pytest.raises(StepNotRunnable, match="not in this workspace's registry"):
        job(PrimaryContainer={"ModelPackageName": PACKAGE})
    with pytest.raises(StepNotRunnable, match="No local runtime is mapped"):
        job(PrimaryContainer=container(Image="my/image:1"))
