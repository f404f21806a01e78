"""What a Processing step becomes, by SageMaker's container contract."""

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.steps.base import JobOutcome, StepNotRunnable
from engine.steps.jobs.processing import cache_attributes, describe, to_job
from engine.steps.schema import misfits, step_schema
from tests.engine.jobs.contexts import CREATED, SKLEARN, context, processing


def test_a_processing_step_becomes_a_job_with_its_inputs_outputs_and_arguments_as_text() -> None:
    job = to_job(context(step_name="Prep"), processing())
    assert job.kind == "Processing"
    assert job.arn == "arn:aws:sagemaker:eu-west-1:123456789012:processing-job/pipelines-abcdef123456-Train-x1"
    assert (job.image, job.runtime) == (SKLEARN, "sklearn")
    assert job.entrypoint == ("python3", "/opt/ml/processing/input/code/prep.py")
    assert job.arguments == ("--rows", "3", "--flag", "true")
    assert [(item.name, item.uri, item.local_path) for item in job.inputs] == [
        ("code", "s3://bkt/code/prep.py", "/opt/ml/processing/input/code")
    ]
    assert job.environment["MODE"] == "fast"
    assert job.environment["AWS_REGION"] == "eu-west-1"
    assert job.network


def test_an_output_goes_to_its_address_and_its_folder_may_be_left_to_us() -> None:
    arguments = processing()
    del arguments["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["LocalPath"]
    (item,) = to_job(context(step_name="Prep"), arguments).outputs
    assert (item.uri, item.local_path, item.archive) == ("s3://bkt/Prep/train", "/opt/ml/processing/output/train", None)


def test_an_output_without_an_address_is_refused_by_the_form_and_by_the_job() -> None:
    arguments = processing()
    del arguments["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    with pytest.raises(StepNotRunnable, match=r"Outputs\[0\]\.S3Output\.S3Uri is missing"):
        to_job(context(), arguments)
    step = {"Name": "Prep", "Type": "Processing", "Arguments": arguments}
    found = [one.pointer for one in misfits(step_schema("Processing"), step) if one.code == "missing-value"]
    assert "/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri" in found


def test_the_configuration_files_of_the_container_are_written() -> None:
    job = to_job(context(), processing())
    config = json.loads(job.files["/opt/ml/config/processingjobconfig.json"])
    assert config["ProcessingJobName"] == job.name
    assert config["AppSpecification"]["ImageUri"] == SKLEARN
    resources = json.loads(job.files["/opt/ml/config/resourceconfig.json"])
    assert resources["hosts"] == ["algo-1"] and resources["current_instance_type"] == "ml.m5.large"


def test_a_relative_local_path_counts_from_the_processing_folder() -> None:
    entry = {"InputName": "data", "S3Input": {"S3Uri": "s3://bkt/d", "LocalPath": "input/data"}}
    assert to_job(context(), processing(ProcessingInputs=[entry])).inputs[0].local_path == (
        "/opt/ml/processing/input/data"
    )


def test_isolation_timeout_and_failure_file_are_carried_over() -> None:
    arguments = processing(
        NetworkConfig={"EnableNetworkIsolation": True}, StoppingCondition={"MaxRuntimeInSeconds": 60}
    )
    job = to_job(context(), arguments)
    assert (job.network, job.timeout_seconds, job.failure_file) == (False, 60, "/opt/ml/output/failure")


def _input(**source: Any) -> list[dict[str, Any]]:
    s3 = {"S3Uri": "s3://bkt/d", "LocalPath": "/opt/ml/processing/input/d", **source}
    return [{"InputName": "d", "S3Input": s3}]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ProcessingInputs": [{"InputName": "d", "DatasetDefinition": {"AthenaDatasetDefinition": {}}}]}, "Athena"),
        ({"ProcessingInputs": _input(S3InputMode="Pipe")}, "Pipe mode"),
        ({"ProcessingInputs": _input(S3DataType="ManifestFile")}, "ManifestFile"),
        ({"ProcessingInputs": _input(S3Uri="https://x")}, "must be an S3 address"),
        ({"ProcessingInputs": _input(S3Uri="s3://bkt/a/../c")}, "'..'"),
        ({"ProcessingInputs": _input(LocalPath="/etc")}, "under /opt/ml"),
        ({"ProcessingInputs": _input(LocalPath="../../../etc")}, "under /opt/ml"),
        ({"ProcessingInputs": "all"}, "must be a list"),
        ({"ProcessingResources": {"ClusterConfig": {"InstanceCount": 2}}}, "2 instances"),
        ({"ProcessingResources": {"ClusterConfig": {"InstanceCount": "many"}}}, "whole number"),
        ({"AppSpecification": {"ImageUri": SKLEARN}}, "Set ContainerEntrypoint"),
        ({"AppSpecification": {"ImageUri": "x/spark:3", "ContainerEntrypoint": ["a"]}}, "image table"),
        ({"AppSpecification": {"ContainerEntrypoint": ["a"]}}, "ImageUri is missing"),
        (
            {"ProcessingOutputConfig": {"Outputs": [{"OutputName": "f", "FeatureStoreOutput": {"x": 1}}]}},
            "feature store",
        ),
    ],
)
def test_what_cannot_run_is_refused_with_the_reason(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(StepNotRunnable, match="(?s)" + words.replace(".", r"\.")):
        to_job(context(), processing(**changes))


def test_sharded_input_is_fine_on_one_host() -> None:
    job = to_job(context(), processing(ProcessingInputs=_input(S3DataDistributionType="ShardedByS3Key")))
    assert job.inputs[0].distribution == "ShardedByS3Key"


def test_the_description_says_how_the_job_ended_in_epoch_seconds() -> None:
    ended = JobOutcome(
        status="Failed",
        started_at=CREATED,
        ended_at=CREATED + timedelta(seconds=5),
        failure_reason="x" * 2000,
        exit_message="bye",
    )
    document = describe(context(), processing(), ended)
    assert document["ProcessingJobStatus"] == "Failed"
    assert document["ProcessingEndTime"] - document["ProcessingStartTime"] == 5
    assert document["CreationTime"] == CREATED.timestamp()
    assert len(document["FailureReason"]) == 1024
    assert document["ExitMessage"] == "bye"


def test_the_cache_key_leaves_out_where_content_lies_but_keeps_what_is_run() -> None:
    here, there = processing(), processing(ProcessingInputs=_input(S3Uri="s3://other/place"))
    elsewhere = processing(ProcessingInputs=_input(S3Uri="s3://third/place"))
    assert cache_attributes(there) == cache_attributes(elsewhere)
    assert cache_attributes(here) != cache_attributes(there)
    assert cache_attributes(here)["AppSpecification"]["ImageUri"] == SKLEARN
    assert "RoleArn" not in cache_attributes(here)


def test_the_arguments_that_came_in_are_not_changed() -> None:
    arguments = processing()
    before = json.dumps(arguments)
    to_job(context(), arguments)
    describe(context(), arguments, None)
    assert json.dumps(arguments) == before
