"""What a Processing step becomes: the job a runner gets, and the Describe document others refer to.

Source: CreateProcessingJob and DescribeProcessingJob; the container contract of SageMaker Processing.
"""

from __future__ import annotations

import json

from engine.steps.base import InputSpec, JobContext, JobOutcome, JobSpec, Json, OutputSpec, StepNotRunnable
from engine.steps.jobs.arguments import (
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
from engine.steps.jobs.describe import arn, finished, without_content_addresses
from engine.steps.jobs.images import resolve_image
from engine.steps.jobs.locations import one_host, refuse_manifest, resource_config

BASE = "/opt/ml/processing"
FAILURE_FILE = "/opt/ml/output/failure"
DEFAULT_TIMEOUT_SECONDS = 86_400


def complete_request(context: JobContext, arguments: Json) -> dict[str, Json]:
    """The evaluated arguments with the job's name and every output's path filled in.

    Equal for `to_job` and `describe`, so a reference reads exactly the address the job publishes to.

    Raises:
        StepNotRunnable: an argument has the wrong shape, or an output has no address (AWS asks for one, too).
    """
    request = dict(mapping(arguments, "Arguments"))
    request["ProcessingJobName"] = context.job_name
    config = dict(mapping(request.get("ProcessingOutputConfig"), "ProcessingOutputConfig"))
    outputs = []
    for index, item in enumerate(sequence(config.get("Outputs"), "ProcessingOutputConfig.Outputs")):
        where = f"ProcessingOutputConfig.Outputs[{index}]"
        output = dict(mapping(item, where))
        name = text(output.get("OutputName"), f"{where}.OutputName")
        if output.get("FeatureStoreOutput"):
            raise StepNotRunnable(f"{where} writes to a feature store, which does not run in this release.")
        target = dict(mapping(output.get("S3Output"), f"{where}.S3Output"))
        target["S3Uri"] = s3_uri(target.get("S3Uri"), f"{where}.S3Output.S3Uri")
        target["LocalPath"] = container_path(
            target.get("LocalPath"), f"{where}.S3Output.LocalPath", default=f"{BASE}/output/{name}", base=BASE
        )
        target.setdefault("S3UploadMode", "EndOfJob")
        output["S3Output"] = target
        outputs.append(output)
    if outputs or config:
        config["Outputs"] = outputs
        request["ProcessingOutputConfig"] = config
    return request


def to_job(context: JobContext, arguments: Json) -> JobSpec:
    """The job of a Processing step.

    Raises:
        StepNotRunnable: an argument this release cannot honour (dataset definitions, pipe mode, several hosts,
            manifest inputs, an unmapped image, an image without an entrypoint).
    """
    request = complete_request(context, arguments)
    app = mapping(request.get("AppSpecification"), "AppSpecification")
    image = text(app.get("ImageUri"), "AppSpecification.ImageUri")
    runtime = resolve_image(context, image)
    entrypoint = texts(app.get("ContainerEntrypoint"), "AppSpecification.ContainerEntrypoint")
    if not entrypoint and runtime.container is None:
        raise StepNotRunnable(
            f"The step starts the image's own command, and the local runtime for {image} has none for Processing. "
            'Set ContainerEntrypoint, for example ["python3", "/opt/ml/processing/input/code/script.py"].'
        )
    cluster = mapping(
        mapping(request.get("ProcessingResources"), "ProcessingResources").get("ClusterConfig"),
        "ProcessingResources.ClusterConfig",
    )
    instance_type = text(cluster.get("InstanceType"), "ClusterConfig.InstanceType", "ml.m5.large")
    count_name = "ProcessingResources.ClusterConfig.InstanceCount"
    count = whole_number(cluster.get("InstanceCount"), count_name, 1)
    one_host(count, count_name)
    job_arn = arn(context, "processing-job")
    stopping = mapping(request.get("StoppingCondition"), "StoppingCondition")
    network = mapping(request.get("NetworkConfig"), "NetworkConfig")
    environment = text_map(request.get("Environment"), "Environment")
    environment.setdefault("AWS_REGION", context.region)
    environment |= {"PROCESSING_JOB_NAME": context.job_name, "PROCESSING_JOB_ARN": job_arn}
    return JobSpec(
        kind="Processing",
        name=context.job_name,
        arn=job_arn,
        image=image,
        runtime=runtime.name,
        toolkit=runtime.toolkit,
        requires=runtime.requires,
        container=runtime.container,
        entrypoint=entrypoint or None,
        arguments=texts(app.get("ContainerArguments"), "AppSpecification.ContainerArguments"),
        environment=environment,
        inputs=_inputs(request),
        outputs=_outputs(request),
        files={
            "/opt/ml/config/processingjobconfig.json": json.dumps(
                {"ProcessingJobArn": job_arn, **request}, default=str, indent=1
            ),
            "/opt/ml/config/resourceconfig.json": json.dumps(resource_config(instance_type)),
        },
        instance_type=instance_type,
        instance_count=count,
        timeout_seconds=whole_number(
            stopping.get("MaxRuntimeInSeconds"), "StoppingCondition.MaxRuntimeInSeconds", DEFAULT_TIMEOUT_SECONDS
        ),
        network=not flag(network.get("EnableNetworkIsolation"), "NetworkConfig.EnableNetworkIsolation"),
        failure_file=FAILURE_FILE,
    )


def describe(context: JobContext, arguments: Json, outcome: JobOutcome | None) -> dict[str, Json]:
    """DescribeProcessingJob: the request with its addresses, and how it ended once it has. Times in epoch seconds."""
    document: dict[str, Json] = {
        "ProcessingJobArn": arn(context, "processing-job"),
        **complete_request(context, arguments),
        "ProcessingJobStatus": outcome.status if outcome else "InProgress",
        "CreationTime": context.created_at.timestamp(),
    }
    if outcome is not None:
        document |= finished(outcome, start="ProcessingStartTime", end="ProcessingEndTime")
    return document


def cache_attributes(arguments: Json) -> Json:
    """The attributes AWS hashes for a Processing step, input addresses left out: their content is hashed instead."""
    request = mapping(arguments, "Arguments")
    kept = ("AppSpecification", "Environment", "ProcessingInputs")
    return without_content_addresses({key: request[key] for key in kept if request.get(key) is not None})


def _inputs(request: dict[str, Json]) -> tuple[InputSpec, ...]:
    specs = []
    for index, item in enumerate(sequence(request.get("ProcessingInputs"), "ProcessingInputs")):
        where = f"ProcessingInputs[{index}]"
        entry = mapping(item, where)
        name = text(entry.get("InputName"), f"{where}.InputName")
        if entry.get("DatasetDefinition"):
            raise StepNotRunnable(
                f"{where} ({name}) is a DatasetDefinition (Athena or Redshift), which does not run here. "
                "Export the data to a folder in a bucket and use an S3Input."
            )
        source = mapping(entry.get("S3Input"), f"{where}.S3Input")
        if text(source.get("S3InputMode"), f"{where}.S3Input.S3InputMode", "File") == "Pipe":
            raise StepNotRunnable(f"{where} ({name}) uses Pipe mode, which does not run here. Set S3InputMode to File.")
        refuse_manifest(source.get("S3DataType"), f"{where}.S3Input")
        specs.append(
            InputSpec(
                name=name,
                uri=s3_uri(source.get("S3Uri"), f"{where}.S3Input.S3Uri"),
                local_path=container_path(
                    source.get("LocalPath"), f"{where}.S3Input.LocalPath", default=f"{BASE}/input/{name}", base=BASE
                ),
                compression=text(source.get("S3CompressionType"), f"{where}.S3Input.S3CompressionType", "None"),
                distribution=text(
                    source.get("S3DataDistributionType"), f"{where}.S3Input.S3DataDistributionType", "FullyReplicated"
                ),
            )
        )
    return tuple(specs)


def _outputs(request: dict[str, Json]) -> tuple[OutputSpec, ...]:
    """End-of-job outputs are published after a failure too, as AWS does; people look there for what went wrong."""
    return tuple(
        OutputSpec(
            name=output["OutputName"],
            local_path=output["S3Output"]["LocalPath"],
            uri=output["S3Output"]["S3Uri"],
            on_failure=True,
        )
        for output in mapping(request.get("ProcessingOutputConfig"), "ProcessingOutputConfig").get("Outputs", ())
    )
