"""Functions decorated with @step are recognised by their entrypoint and say themselves what they need."""

from __future__ import annotations

import json
from typing import Any

import pytest

from editor.runnable import image_refusal
from engine.definition.model import Definition
from engine.images import DEFAULT_IMAGES
from engine.steps.base import StepNotRunnable
from engine.steps.jobs.training import describe, to_job
from runs.jobspec import dump_spec, load_spec
from tests.engine.jobs.contexts import channel, context, training

DRIVER = ["/bin/bash", "/opt/ml/input/data/sagemaker_remote_function_bootstrap/job_driver.sh"]
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1"
GIVEN = {
    "--s3_base_uri": "s3://bkt/p",
    "--region": "us-east-1",
    "--client_python_version": "3.11",
    "--client_sagemaker_pysdk_version": "2.257.7",
    "--dependency_settings": json.dumps({"dependency_file": None}),
    "--pipeline_step_name": "Add",
}


def function(changes: dict[str, str | None] | None = None, **more: Any) -> dict[str, Any]:
    given = {**GIVEN, **(changes or {})}
    words = [word for name, value in given.items() if value is not None for word in (name, value)]
    algorithm = {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": DRIVER,
        "ContainerArguments": [*words, "--property_references", "Execution.PipelineExecutionId", "abc"],
    }
    inputs = [channel("sagemaker_remote_function_bootstrap", "s3://bkt/p/bootstrap")]
    return training(AlgorithmSpecification=algorithm, InputDataConfig=inputs, HyperParameters=None, **more)


def test_a_function_runs_in_the_python_and_sdk_it_was_pickled_with() -> None:
    job = to_job(context(), function())
    assert (job.toolkit, job.python, job.packages) == ("function", "3.11", ("sagemaker==2.257.7",))
    assert job.requirements_file is None
    assert job.entrypoint == tuple(DRIVER)
    assert job.arguments[:2] == ("--s3_base_uri", "s3://bkt/p")
    assert load_spec(dump_spec(job)) == job


def test_the_client_finds_what_it_looks_for_in_the_job() -> None:
    document = describe(context(), function(), None)
    assert document["AlgorithmSpecification"]["ContainerEntrypoint"] == DRIVER
    assert document["OutputDataConfig"]["S3OutputPath"] == "s3://bkt/out/"


def test_its_dependency_file_is_read_from_its_channel() -> None:
    job = to_job(context(), function({"--dependency_settings": '{"dependency_file": "requirements.txt"}'}))
    assert job.requirements_file == "/opt/ml/input/data/pre_exec_script_and_dependencies/requirements.txt"


def test_the_image_of_a_function_decides_nothing() -> None:
    step = {"Name": "Add", "Type": "Training", "Arguments": function()}
    document = {"Version": "2020-12-01", "Steps": [step]}
    (parsed,) = Definition.from_document(document).steps
    assert image_refusal(DEFAULT_IMAGES, parsed) is None
    step["Arguments"]["AlgorithmSpecification"]["ContainerEntrypoint"] = ["python3", "x.py"]
    (parsed,) = Definition.from_document(document).steps
    assert "my-image" in str(image_refusal(DEFAULT_IMAGES, parsed))


def test_a_development_version_of_the_sdk_means_its_generation() -> None:
    job = to_job(context(), function({"--client_sagemaker_pysdk_version": "3.0.0.dev0"}))
    assert job.packages == ("sagemaker>=3,<4",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"--client_python_version": "2.7"}, "version of Python"),
        ({"--client_python_version": None}, "version of Python"),
        ({"--client_sagemaker_pysdk_version": "1.0; import os"}, "version of the SageMaker SDK"),
        ({"--client_sagemaker_pysdk_version": "2.1\n--index-url x"}, None),
        ({"--distribution": "torchrun"}, "use_torchrun"),
        ({"--job_conda_env": "base"}, "job_conda_env"),
        ({"--dependency_settings": '{"dependency_file": "env.yml"}'}, "conda file"),
        ({"--dependency_settings": '{"dependency_file": "../x.txt"}'}, "name a file"),
        ({"--dependency_settings": "[1]"}, "JSON object"),
        ({"--s3_base_uri": "/opt/ml/input/data/x/spark_app.py"}, "spark_config"),
    ],
)
def test_what_a_function_may_not_ask_for_is_refused_in_words(changes: dict[str, str | None], words: str | None) -> None:
    if words is None:
        assert to_job(context(), function(changes)).packages == ("sagemaker>=2,<3",)
        return
    with pytest.raises(StepNotRunnable) as refused:
        to_job(context(), function(changes))
    assert words in str(refused.value)
