"""What a Training step becomes, by SageMaker's container contract."""

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.expressions import lookup, parse_path
from engine.steps.base import JobOutcome, StepNotRunnable
from engine.steps.jobs.training import cache_attributes, describe, to_job
from engine.steps.schema import misfits, step_schema
from tests.engine.jobs.contexts import CREATED, PYTORCH, SKLEARN, XGBOOST, channel, context, training


def test_a_script_becomes_a_script_mode_job_with_its_source_as_an_input() -> None:
    job = to_job(context(), training())
    assert (job.kind, job.toolkit, job.entrypoint) == ("Training", "script", None)
    assert [(item.name, item.uri, item.local_path) for item in job.inputs] == [
        ("train", "s3://bkt/train", "/opt/ml/input/data/train"),
        ("sagemaker_submit_directory", "s3://bkt/code/sourcedir.tar.gz", "/opt/ml/input/submit"),
    ]
    assert job.hyperparameters["epochs"] == "3"
    assert job.environment["TRAINING_JOB_NAME"] == job.name
    assert (job.timeout_seconds, job.instance_type) == (600, "ml.m5.xlarge")
    assert job.metrics == (("val:acc", "acc=([0-9.]+)"),)


def test_the_configuration_files_of_the_container_are_written() -> None:
    files = to_job(context(), training()).files
    assert json.loads(files["/opt/ml/input/config/hyperparameters.json"])["sagemaker_program"] == '"train.py"'
    assert json.loads(files["/opt/ml/input/config/inputdataconfig.json"]) == {
        "train": {
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
            "ContentType": "text/csv",
        }
    }
    assert json.loads(files["/opt/ml/input/config/resourceconfig.json"])["current_host"] == "algo-1"


def test_model_and_output_are_archives_under_the_jobs_folder() -> None:
    job = to_job(context(), training())
    folder = f"s3://bkt/out/{job.name}/output"
    assert [(item.name, item.uri, item.archive, item.on_failure) for item in job.outputs] == [
        ("model", folder, "model.tar.gz", False),
        ("output", folder, "output.tar.gz", True),
    ]
    document = describe(context(), training(), None)
    assert document["ModelArtifacts"]["S3ModelArtifacts"] == f"{folder}/model.tar.gz"


def test_without_compression_the_model_is_a_plain_folder() -> None:
    arguments = training(OutputDataConfig={"S3OutputPath": "s3://bkt/out", "CompressionType": "NONE"})
    job = to_job(context(), arguments)
    assert (job.outputs[0].uri, job.outputs[0].archive) == (f"s3://bkt/out/{job.name}/output/model", None)
    artifacts = describe(context(), arguments, None)["ModelArtifacts"]["S3ModelArtifacts"]
    assert artifacts == f"s3://bkt/out/{job.name}/output/model/"


def test_the_output_path_is_readable_before_the_job_ran() -> None:
    document = describe(context(), training(), None)
    path = parse_path("OutputDataConfig.S3OutputPath")
    assert path is not None
    assert lookup(document, path) == "s3://bkt/out/"
    assert document["TrainingJobStatus"] == "InProgress"


def test_a_missing_output_path_is_refused_by_the_form_and_by_the_job() -> None:
    arguments = training(OutputDataConfig={})
    with pytest.raises(StepNotRunnable, match=r"OutputDataConfig\.S3OutputPath is missing"):
        to_job(context(), arguments)
    step = {"Name": "T", "Type": "Training", "Arguments": arguments}
    found = [one.pointer for one in misfits(step_schema("Training"), step) if one.code == "missing-value"]
    assert found == ["/Arguments/OutputDataConfig/S3OutputPath"]


def test_checkpoints_are_read_if_there_are_any_and_written_also_after_a_failure() -> None:
    job = to_job(context(), training(CheckpointConfig={"S3Uri": "s3://bkt/checkpoints"}))
    assert (job.inputs[-1].local_path, job.inputs[-1].required) == ("/opt/ml/checkpoints", False)
    assert (job.outputs[-1].uri, job.outputs[-1].on_failure) == ("s3://bkt/checkpoints", True)


def test_the_xgboost_image_without_a_script_is_the_built_in_algorithm_with_its_metrics() -> None:
    arguments = training(
        AlgorithmSpecification={"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        HyperParameters={"num_round": 10, "objective": "binary:logistic", "eval_metric": "auc,logloss"},
    )
    job = to_job(context(), arguments)
    assert job.toolkit == "xgboost"
    assert [name for name, _ in job.metrics] == [
        "train:auc",
        "validation:auc",
        "train:logloss",
        "validation:logloss",
    ]


def test_the_xgboost_image_with_a_script_is_script_mode() -> None:
    assert to_job(context(), training(AlgorithmSpecification={"TrainingImage": XGBOOST})).toolkit == "script"


def test_the_pytorch_image_promises_torch() -> None:
    assert to_job(context(), training(AlgorithmSpecification={"TrainingImage": PYTORCH})).requires == ("torch",)


def test_an_own_entrypoint_is_started_as_it_is() -> None:
    command = "chmod +x /opt/ml/input/data/sm_drivers/sm_train.sh && /opt/ml/input/data/sm_drivers/sm_train.sh"
    specification = {
        "TrainingImage": SKLEARN,
        "ContainerEntrypoint": ["/bin/bash"],
        "ContainerArguments": ["-c", command],
    }
    job = to_job(context(), training(AlgorithmSpecification=specification, HyperParameters=None))
    assert (job.entrypoint, job.arguments, job.toolkit) == (("/bin/bash",), ("-c", command), "")


def _algorithm(**more: Any) -> dict[str, Any]:
    return {"AlgorithmSpecification": {"TrainingImage": SKLEARN, **more}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (_algorithm(ContainerEntrypoint=["amazon_sagemaker_scheduler"]), "SM_INPUT_NOTEBOOK_NAME must be the name"),
        (_algorithm(TrainingInputMode="Pipe"), "Pipe mode"),
        ({"InputDataConfig": [channel("a", "s3://bkt/a", InputMode="Pipe")]}, "Pipe mode"),
        ({"InputDataConfig": [channel("a", "s3://bkt/a"), channel("a", "s3://bkt/b")]}, "twice"),
        ({"InputDataConfig": [channel("../x", "s3://bkt/a")]}, "letters, digits"),
        (
            {"InputDataConfig": [{"ChannelName": "a", "DataSource": {"FileSystemDataSource": {"FileSystemId": "f"}}}]},
            "FileSystemDataSource",
        ),
        ({"ResourceConfig": {"InstanceCount": 4}}, "4 instances"),
        ({"HyperParameters": {"epochs": "1"}}, "sagemaker_program"),
        ({"HyperParameters": {"sagemaker_program": "a.py"}}, "no code yet"),
        ({"HyperParameters": {"epochs": [1]}}, "must be text"),
        ({"AlgorithmSpecification": {"TrainingImage": "my/image:1"}}, "image table"),
        ({"AlgorithmSpecification": {"AlgorithmName": "x"}}, "marketplace"),
        ({"OutputDataConfig": {"S3OutputPath": "/tmp"}}, "must be an S3 address"),
    ],
)
def test_what_cannot_run_is_refused_with_the_reason(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(StepNotRunnable) as refused:
        to_job(context(), training(**changes))
    assert words in str(refused.value)


def test_metrics_are_found_by_name_in_the_description() -> None:
    ended = JobOutcome(
        status="Completed",
        started_at=CREATED,
        ended_at=CREATED + timedelta(seconds=90),
        metrics={"val:acc": (0.91, CREATED)},
    )
    document = describe(context(), training(), ended)
    assert document["TrainingTimeInSeconds"] == 90
    path = parse_path("FinalMetricDataList['val:acc'].Value")
    assert path is not None and lookup(document, path) == 0.91
    assert document["FinalMetricDataList"][0]["Timestamp"] == CREATED.timestamp()


def test_the_cache_key_ignores_addresses_instances_and_outputs() -> None:
    moved = training(
        InputDataConfig=[channel("train", "s3://elsewhere")],
        OutputDataConfig={"S3OutputPath": "s3://xyz"},
        ResourceConfig={"InstanceType": "ml.p3.2xlarge", "InstanceCount": 1},
        HyperParameters={**training()["HyperParameters"], "sagemaker_submit_directory": '"s3://new/sourcedir.tar.gz"'},
    )
    assert cache_attributes(moved) == cache_attributes(training())
    other = training(HyperParameters={**training()["HyperParameters"], "epochs": 4})
    assert cache_attributes(other) != cache_attributes(training())


@pytest.mark.parametrize(("tag", "pickled"), [("1.0-1-cpu-py3", True), ("1.7-1", False)])
def test_the_built_in_algorithm_is_told_what_kind_of_model_its_image_leaves(tag: str, pickled: bool) -> None:
    image = f"{XGBOOST.rpartition(':')[0]}:{tag}"
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    files = to_job(context(), training(AlgorithmSpecification=algorithm, HyperParameters={"num_round": "5"})).files
    assert json.loads(files["/opt/ml/input/config/algorithm.json"]) == {"pickle": pickled}
