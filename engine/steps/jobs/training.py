"""What a Training step becomes: the job a runner gets, and the Describe document others refer to.

Source: CreateTrainingJob and DescribeTrainingJob; the container contract of SageMaker Training.
"""

from __future__ import annotations

import json

from engine.images import FUNCTION, NOTEBOOK, SCRIPT_MODE, XGBOOST_ALGORITHM, ImageMapping
from engine.steps.base import InputSpec, JobContext, JobOutcome, JobSpec, Json, OutputSpec, StepNotRunnable
from engine.steps.jobs import notebooks
from engine.steps.jobs.algorithms import xgboost_metrics, xgboost_pickles
from engine.steps.jobs.arguments import (
    OPT_ML,
    container_path,
    flag,
    mapping,
    s3_uri,
    sequence,
    text,
    text_map,
    texts,
    whole_number,
)
from engine.steps.jobs.channels import input_channels, input_data_config
from engine.steps.jobs.describe import arn, finished, without_content_addresses
from engine.steps.jobs.functions import is_function, read_call
from engine.steps.jobs.images import image_or_python, resolve_image
from engine.steps.jobs.locations import one_host, resource_config

FAILURE_FILE = "/opt/ml/output/failure"
CHECKPOINTS = "/opt/ml/checkpoints"
#: Where the archive named by `sagemaker_submit_directory` is put before script mode unpacks it.
SUBMIT_FOLDER = "/opt/ml/input/submit"
DEFAULT_TIMEOUT_SECONDS = 86_400


def complete_request(context: JobContext, arguments: Json) -> dict[str, Json]:
    """The evaluated arguments with the job's name and texts for all hyperparameters filled in.

    Raises:
        StepNotRunnable: an argument has the wrong shape, or the output has no address (AWS asks for one, too).
    """
    request = dict(mapping(arguments, "Arguments"))
    request["TrainingJobName"] = context.job_name
    output = dict(mapping(request.get("OutputDataConfig"), "OutputDataConfig"))
    output["S3OutputPath"] = s3_uri(output.get("S3OutputPath"), "OutputDataConfig.S3OutputPath")
    output.setdefault("CompressionType", "GZIP")
    request["OutputDataConfig"] = output
    if request.get("HyperParameters") is not None:
        request["HyperParameters"] = text_map(request["HyperParameters"], "HyperParameters")
    return request


def to_job(context: JobContext, arguments: Json) -> JobSpec:
    """The job of a Training step.

    Raises:
        StepNotRunnable: an argument this release cannot honour (pipe mode, several hosts, file systems, manifests, an
            unmapped image, an image without a train command).
    """
    request = complete_request(context, arguments)
    algorithm = mapping(request.get("AlgorithmSpecification"), "AlgorithmSpecification")
    entrypoint = texts(algorithm.get("ContainerEntrypoint"), "AlgorithmSpecification.ContainerEntrypoint")
    if algorithm.get("TrainingImage") is None and algorithm.get("AlgorithmName") is not None:
        raise StepNotRunnable(
            f"AlgorithmName {algorithm['AlgorithmName']} names an algorithm of the AWS account or marketplace, "
            "which does not run here. Set TrainingImage."
        )
    image = text(algorithm.get("TrainingImage"), "AlgorithmSpecification.TrainingImage")
    words = texts(algorithm.get("ContainerArguments"), "AlgorithmSpecification.ContainerArguments")
    call = read_call(entrypoint, words) if is_function(entrypoint) else None
    runtime = resolve_image(context, image) if call is None else image_or_python(context, image)
    resources = mapping(request.get("ResourceConfig"), "ResourceConfig")
    instance_type = text(resources.get("InstanceType"), "ResourceConfig.InstanceType", "ml.m5.large")
    count = whole_number(resources.get("InstanceCount"), "ResourceConfig.InstanceCount", 1)
    one_host(count, "ResourceConfig.InstanceCount")
    hyperparameters = text_map(request.get("HyperParameters"), "HyperParameters")
    notebook = notebooks.is_notebook(entrypoint)
    own = FUNCTION if call else NOTEBOOK if notebook else ""
    toolkit = own if entrypoint else _toolkit(runtime, hyperparameters, image)
    job_arn = arn(context, "training-job")
    stopping = mapping(request.get("StoppingCondition"), "StoppingCondition")
    environment = text_map(request.get("Environment"), "Environment")
    environment.setdefault("AWS_REGION", context.region)
    environment |= {"TRAINING_JOB_NAME": context.job_name, "TRAINING_JOB_ARN": job_arn}
    inputs = [*input_channels(request), *_submitted_code(hyperparameters, toolkit)]
    outputs = list(_result_outputs(context, request))
    if notebook:
        notebooks.check_environment(environment)
        outputs = [outputs[0], notebooks.output(_result_folder(context, request))]
    checkpoint_config = mapping(request.get("CheckpointConfig"), "CheckpointConfig")
    if checkpoint_config.get("S3Uri") is not None:
        uri = s3_uri(checkpoint_config["S3Uri"], "CheckpointConfig.S3Uri")
        local_path = container_path(
            checkpoint_config.get("LocalPath"), "CheckpointConfig.LocalPath", default=CHECKPOINTS, base="/opt/ml"
        )
        inputs.append(InputSpec(name="checkpoints", uri=uri, local_path=local_path, required=False))
        outputs.append(OutputSpec(name="checkpoints", local_path=local_path, uri=uri, on_failure=True))
    return JobSpec(
        kind="Training",
        name=context.job_name,
        arn=job_arn,
        image=image,
        runtime=runtime.name,
        toolkit=toolkit,
        requires=runtime.requires,
        container=runtime.container,
        entrypoint=entrypoint or None,
        arguments=words,
        python=call.python if call else None,
        packages=(call.sdk,) if call else (),
        requirements_file=call.dependency_file if call else None,
        environment=environment,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        files={
            "/opt/ml/input/config/hyperparameters.json": json.dumps(hyperparameters),
            "/opt/ml/input/config/resourceconfig.json": json.dumps(resource_config(instance_type)),
            "/opt/ml/input/config/inputdataconfig.json": json.dumps(input_data_config(request)),
            **_algorithm_config(toolkit, image),
        },
        metrics=_metrics(algorithm, hyperparameters, toolkit),
        hyperparameters=hyperparameters,
        instance_type=instance_type,
        instance_count=count,
        timeout_seconds=whole_number(
            stopping.get("MaxRuntimeInSeconds"), "StoppingCondition.MaxRuntimeInSeconds", DEFAULT_TIMEOUT_SECONDS
        ),
        network=not flag(request.get("EnableNetworkIsolation"), "EnableNetworkIsolation"),
        failure_file=FAILURE_FILE,
    )


def describe(context: JobContext, arguments: Json, outcome: JobOutcome | None) -> dict[str, Json]:
    """DescribeTrainingJob: the request, where the model is, and how it ended once it has. Times in epoch seconds."""
    request = complete_request(context, arguments)
    document: dict[str, Json] = {
        "TrainingJobArn": arn(context, "training-job"),
        **request,
        "ModelArtifacts": {"S3ModelArtifacts": _model_uri(context, request)},
        "TrainingJobStatus": outcome.status if outcome else "InProgress",
        "SecondaryStatus": outcome.status if outcome else "Starting",
        "CreationTime": context.created_at.timestamp(),
    }
    if outcome is not None:
        seconds = max(0, round((outcome.ended_at - outcome.started_at).total_seconds()))
        document |= finished(outcome, start="TrainingStartTime", end="TrainingEndTime")
        document |= {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
        if outcome.metrics:
            document["FinalMetricDataList"] = [
                {"MetricName": name, "Value": value, "Timestamp": at.timestamp()}
                for name, (value, at) in outcome.metrics.items()
            ]
    return document


def cache_attributes(arguments: Json) -> Json:
    """The attributes AWS hashes for a Training step, input addresses left out: their content is hashed instead."""
    request = mapping(arguments, "Arguments")
    kept = (
        "AlgorithmSpecification",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
    )
    return without_content_addresses({key: request[key] for key in kept if request.get(key) is not None})


def decoded(value: str) -> str:
    """A hyperparameter as the SDK meant it: framework estimators write every value as JSON ('"train.py"')."""
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, str) else value


def _toolkit(runtime: ImageMapping, hyperparameters: dict[str, str], image: str) -> str:
    """What stands in for the image's `train` command: SCRIPT_MODE, XGBOOST_ALGORITHM, or "" for a real container."""
    if runtime.toolkit and "sagemaker_program" in hyperparameters:
        return SCRIPT_MODE
    if runtime.toolkit == XGBOOST_ALGORITHM:
        return XGBOOST_ALGORITHM
    if runtime.container is not None:
        return ""
    raise StepNotRunnable(
        f"The step names no script, and the local runtime for {image} has no algorithm of its own. Set the "
        "hyperparameters sagemaker_program and sagemaker_submit_directory, or a ContainerEntrypoint."
    )


def _submitted_code(hyperparameters: dict[str, str], toolkit: str) -> tuple[InputSpec, ...]:
    """The source archive of script mode as an extra input."""
    if toolkit != SCRIPT_MODE:
        return ()
    source = decoded(hyperparameters.get("sagemaker_submit_directory", ""))
    if not source.strip():
        raise StepNotRunnable("The step has no code yet: sagemaker_submit_directory is empty. Add the training script.")
    if source.startswith(OPT_ML + "/"):
        return ()  # a folder of another channel
    uri = s3_uri(source, "HyperParameters.sagemaker_submit_directory")
    return (InputSpec(name="sagemaker_submit_directory", uri=uri, local_path=SUBMIT_FOLDER),)


def _result_folder(context: JobContext, request: dict[str, Json]) -> str:
    path: str = request["OutputDataConfig"]["S3OutputPath"]
    return f"{path.rstrip('/')}/{context.job_name}/output"


def _plain_model(request: dict[str, Json]) -> bool:
    return (
        text(request["OutputDataConfig"].get("CompressionType"), "OutputDataConfig.CompressionType", "GZIP") == "NONE"
    )


def _model_uri(context: JobContext, request: dict[str, Json]) -> str:
    """The archive, or with CompressionType NONE the folder of the model's files."""
    return f"{_result_folder(context, request)}/{'model/' if _plain_model(request) else 'model.tar.gz'}"


def _result_outputs(context: JobContext, request: dict[str, Json]) -> tuple[OutputSpec, OutputSpec]:
    folder = _result_folder(context, request)
    if _plain_model(request):
        return (
            OutputSpec(name="model", local_path="/opt/ml/model", uri=f"{folder}/model"),
            OutputSpec(name="output", local_path="/opt/ml/output/data", uri=f"{folder}/data", on_failure=True),
        )
    return (
        OutputSpec(name="model", local_path="/opt/ml/model", uri=folder, archive="model.tar.gz"),
        OutputSpec(
            name="output", local_path="/opt/ml/output/data", uri=folder, archive="output.tar.gz", on_failure=True
        ),
    )


def _algorithm_config(toolkit: str, image: str) -> dict[str, str]:
    """What the built-in algorithm has to know of the image it stands for."""
    if toolkit != XGBOOST_ALGORITHM:
        return {}
    return {"/opt/ml/input/config/algorithm.json": json.dumps({"pickle": xgboost_pickles(image)})}


def _metrics(algorithm: Json, hyperparameters: dict[str, str], toolkit: str) -> tuple[tuple[str, str], ...]:
    """Metric names and patterns: the step's own first, then those the built-in algorithm prints."""
    found: dict[str, str] = {}
    for index, item in enumerate(
        sequence(algorithm.get("MetricDefinitions"), "AlgorithmSpecification.MetricDefinitions")
    ):
        where = f"AlgorithmSpecification.MetricDefinitions[{index}]"
        definition = mapping(item, where)
        found[text(definition.get("Name"), f"{where}.Name")] = text(definition.get("Regex"), f"{where}.Regex")
    if toolkit == XGBOOST_ALGORITHM:
        for name, regex in xgboost_metrics(hyperparameters):
            found.setdefault(name, regex)
    return tuple(found.items())
