"""What a Transform step becomes: a job that runs a model over every record of a data set.

Source: CreateTransformJob and DescribeTransformJob; "Batch transform" and "Associate prediction results with input".
"""

from __future__ import annotations

import json

from engine.images import TRANSFORM, TRANSFORM_SERVED, ImageMapping
from engine.jsonpath import BadPath, parse_json_path
from engine.steps.base import InputSpec, JobContext, JobOutcome, JobSpec, Json, OutputSpec, StepNotRunnable
from engine.steps.jobs.arguments import mapping, s3_uri, text, text_map, whole_number
from engine.steps.jobs.describe import arn, finished, without_content_addresses
from engine.steps.jobs.images import resolve_image
from engine.steps.jobs.locations import one_host, refuse_manifest, resource_config
from engine.steps.jobs.model import Container, read_containers

INPUT, OUTPUT = "/opt/ml/input/data/transform", "/opt/ml/output/transform"
MODELS, CODE = "/opt/ml/input/models", "/opt/ml/input/model-code"
CONFIG = "/opt/ml/input/config/transformjobconfig.json"
FAILURE_FILE = "/opt/ml/output/failure"
#: Where a repacked model brings its own code; nothing to fetch then.
_INSIDE_THE_MODEL = ("/opt/ml/model/code", "file:///opt/ml/model/code")
TIMEOUT_SECONDS = 86_400
DEFAULT_PAYLOAD_MB, MOST_PAYLOAD_MB = 6, 100

_CHOICES: dict[str, tuple[str, ...]] = {
    "BatchStrategy": ("MultiRecord", "SingleRecord"),
    "TransformInput.SplitType": ("None", "Line", "RecordIO", "TFRecord"),
    "TransformInput.CompressionType": ("None", "Gzip"),
    "TransformOutput.AssembleWith": ("None", "Line"),
    "DataProcessing.JoinSource": ("None", "Input"),
}


def complete_request(context: JobContext, arguments: Json) -> dict[str, Json]:
    """The evaluated arguments with the job's name and the output's address filled in.

    AWS picks an address under the default bucket when the SDK sends none; ours says which execution and step it is of.

    Raises:
        StepNotRunnable: an argument has the wrong shape.
    """
    request = dict(mapping(arguments, "Arguments"))
    request["TransformJobName"] = context.job_name
    output = dict(mapping(request.get("TransformOutput"), "TransformOutput"))
    default = f"s3://{context.default_bucket}/{context.pipeline_name}/{context.execution_id}/{context.step_name}/output"
    output["S3OutputPath"] = s3_uri(output.get("S3OutputPath") or default, "TransformOutput.S3OutputPath")
    request["TransformOutput"] = output
    return request


def to_job(context: JobContext, arguments: Json) -> JobSpec:
    """The job of a Transform step.

    Raises:
        StepNotRunnable: a model nobody made, an unmapped image, an argument this release cannot honour.
    """
    request = complete_request(context, arguments)
    containers = _containers(context, request)
    runtimes = [resolve_image(context, container.image) for container in containers]
    served = _own_servers(containers, runtimes)
    resources = mapping(request.get("TransformResources"), "TransformResources")
    instance_type = text(resources.get("InstanceType"), "TransformResources.InstanceType", "ml.m5.large")
    count = whole_number(resources.get("InstanceCount"), "TransformResources.InstanceCount", 1)
    one_host(count, "TransformResources.InstanceCount")
    settings = _settings(request)
    own = text_map(request.get("Environment"), "Environment")
    inputs = [_data(request), *_model_inputs(containers)]
    described = [
        {
            "framework": runtime.name,
            "image": container.image,
            "model": f"{MODELS}/{index}",
            "packed": container.packed,
            "code": f"{CODE}/{index}" if _source(container) else None,
            "environment": {**container.environment, **own},
            "server": runtime.container if served else None,
        }
        for index, (container, runtime) in enumerate(zip(containers, runtimes, strict=True))
    ]
    job_arn = arn(context, "transform-job")
    return JobSpec(
        kind="Transform",
        name=context.job_name,
        arn=job_arn,
        image=containers[0].image,
        runtime=runtimes[0].name,
        toolkit=TRANSFORM_SERVED if served else TRANSFORM,
        requires=tuple(dict.fromkeys(name for runtime in runtimes for name in runtime.requires)),
        container=next((runtime.container for runtime in runtimes if runtime.container), None),
        entrypoint=None,
        environment=_environment(context, settings, job_arn) | own,
        inputs=tuple(inputs),
        outputs=(OutputSpec(name="output", local_path=OUTPUT, uri=request["TransformOutput"]["S3OutputPath"]),),
        files={
            CONFIG: json.dumps({**settings, "Containers": described}),
            "/opt/ml/input/config/resourceconfig.json": json.dumps(resource_config(instance_type)),
        },
        instance_type=instance_type,
        instance_count=count,
        timeout_seconds=TIMEOUT_SECONDS,
        failure_file=FAILURE_FILE,
        content={
            "Model": [
                {"Image": one["image"], "Runtime": one["framework"], "Environment": one["environment"]}
                for one in described
            ],
            "Settings": settings,
        },
    )


def describe(context: JobContext, arguments: Json, outcome: JobOutcome | None) -> dict[str, Json]:
    """DescribeTransformJob: the request with its address, and how it ended once it has. Times in epoch seconds."""
    document: dict[str, Json] = {
        "TransformJobArn": arn(context, "transform-job"),
        **complete_request(context, arguments),
        "TransformJobStatus": outcome.status if outcome else "InProgress",
        "CreationTime": context.created_at.timestamp(),
    }
    if outcome is not None:
        document |= finished(outcome, start="TransformStartTime", end="TransformEndTime")
        document.pop("LastModifiedTime")
        document.pop("ExitMessage", None)
    return document


def cache_attributes(arguments: Json) -> Json:
    """The attributes AWS hashes for a Transform step, without ModelName: the model's content counts instead, so a model
    that was made again from the same files is the same model."""
    request = mapping(arguments, "Arguments")
    kept = ("DataProcessing", "Environment", "TransformInput")
    return without_content_addresses({key: request[key] for key in kept if request.get(key) is not None})


def _containers(context: JobContext, request: dict[str, Json]) -> tuple[Container, ...]:
    name = text(request.get("ModelName"), "ModelName")
    model = context.models.model(name) if context.models is not None else None
    if model is None:
        raise StepNotRunnable(
            f"There is no model named {name} in this workspace. Make one with a Create model step, and wire it here."
        )
    return read_containers(model, context.models)


def _own_servers(containers: tuple[Container, ...], runtimes: list[ImageMapping]) -> bool:
    """Whether the model's images serve predictions themselves; one that is not of a known framework does.

    Raises:
        StepNotRunnable: some do and some do not, which nothing here can run together.
    """
    own = [container.image for container, runtime in zip(containers, runtimes, strict=True) if not runtime.toolkit]
    if own and len(own) < len(containers):
        raise StepNotRunnable(
            f"The image {own[0]} serves predictions with a server of its own, and another container of this model runs "
            "in a local runtime. Map all of its images to containers, or all to local runtimes (Settings, Images)."
        )
    return bool(own)


def _settings(request: dict[str, Json]) -> dict[str, Json]:
    """Everything the transform itself goes by, checked; what was left out has AWS's default."""
    choices = {path.rpartition(".")[2]: _choice(request, path, allowed) for path, allowed in _CHOICES.items()}
    if choices["SplitType"] in {"RecordIO", "TFRecord"}:
        raise StepNotRunnable(
            f"TransformInput.SplitType {choices['SplitType']} does not run here. Use Line (CSV, JSON Lines) or None."
        )
    payload = whole_number(request.get("MaxPayloadInMB"), "MaxPayloadInMB", DEFAULT_PAYLOAD_MB)
    if not 0 <= payload <= MOST_PAYLOAD_MB:
        raise StepNotRunnable(f"MaxPayloadInMB must be 0 (no limit) to {MOST_PAYLOAD_MB}, but is {payload}.")
    processing = mapping(request.get("DataProcessing"), "DataProcessing")
    filters = {name: _path(processing.get(name), f"DataProcessing.{name}") for name in ("InputFilter", "OutputFilter")}
    data = mapping(request.get("TransformInput"), "TransformInput")
    output = mapping(request.get("TransformOutput"), "TransformOutput")
    return {
        **choices,
        **filters,
        "MaxPayloadInMB": payload,
        "MaxConcurrentTransforms": whole_number(request.get("MaxConcurrentTransforms"), "MaxConcurrentTransforms", 1),
        "ContentType": text(data.get("ContentType"), "TransformInput.ContentType", ""),
        "Accept": text(output.get("Accept"), "TransformOutput.Accept", ""),
    }


def _choice(request: dict[str, Json], path: str, allowed: tuple[str, ...]) -> str:
    value: Json = request
    for name in path.split("."):
        value = mapping(value, path).get(name)
    chosen = text(value, path, allowed[0])
    if chosen not in allowed:
        raise StepNotRunnable(f"{path} must be one of {', '.join(allowed)}, but is {chosen!r}.")
    return chosen


def _path(value: Json, name: str) -> Json:
    try:
        return [list(move) for move in parse_json_path(text(value, name, "$") or "$")]
    except BadPath as bad:
        raise StepNotRunnable(f"{name} {bad}") from bad


def _data(request: dict[str, Json]) -> InputSpec:
    data = mapping(request.get("TransformInput"), "TransformInput")
    source = mapping(mapping(data.get("DataSource"), "TransformInput.DataSource").get("S3DataSource"), "S3DataSource")
    refuse_manifest(source.get("S3DataType"), "TransformInput.DataSource.S3DataSource")
    return InputSpec(
        name="input",
        uri=s3_uri(source.get("S3Uri"), "TransformInput.DataSource.S3DataSource.S3Uri"),
        local_path=INPUT,
        compression=text(data.get("CompressionType"), "TransformInput.CompressionType", "None"),
    )


def _model_inputs(containers: tuple[Container, ...]) -> list[InputSpec]:
    inputs = []
    for index, container in enumerate(containers):
        if container.data is not None:
            inputs.append(InputSpec(name=f"model {index}", uri=container.data, local_path=f"{MODELS}/{index}"))
        if source := _source(container):
            inputs.append(InputSpec(name=f"model code {index}", uri=source, local_path=f"{CODE}/{index}"))
    return inputs


def _source(container: Container) -> str | None:
    """Where a script-mode model's code is, None where the model brings it or there is none."""
    source = container.environment.get("SAGEMAKER_SUBMIT_DIRECTORY", "")
    if not source or source.rstrip("/") in _INSIDE_THE_MODEL:
        return None
    return s3_uri(source, "Environment.SAGEMAKER_SUBMIT_DIRECTORY")


def _environment(context: JobContext, settings: dict[str, Json], job_arn: str) -> dict[str, str]:
    """What AWS sets for every batch transform."""
    strategy = "SINGLE_RECORD" if settings["BatchStrategy"] == "SingleRecord" else "MULTI_RECORD"
    return {
        "AWS_REGION": context.region,
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_BATCH_STRATEGY": strategy,
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(settings["MaxPayloadInMB"]),
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(settings["MaxConcurrentTransforms"]),
        "TRANSFORM_JOB_NAME": context.job_name,
        "TRANSFORM_JOB_ARN": job_arn,
    }
