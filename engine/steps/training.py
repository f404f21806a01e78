"""Training: fit a model, with a script of one's own or with a built-in algorithm."""

from collections.abc import Iterator, Mapping

from engine.definition.pointer import resolve
from engine.problems import Problem
from engine.steps import findings
from engine.steps.base import Family, Json, Nature, Port, StepType, Variant
from engine.steps.jobs import training as job

#: AWS image names; mapped to local runtimes by the image table.
SCIKIT_LEARN_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
XGBOOST_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"


def _channel(name: str, uri: object, **more: str) -> dict[str, object]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, **more}


def _template(
    image: str, hyperparameters: dict[str, str], metrics: list[dict[str, str]], content_type: str | None = None
) -> dict[str, object]:
    algorithm: dict[str, object] = {"TrainingImage": image, "TrainingInputMode": "File"}
    if metrics:
        algorithm["MetricDefinitions"] = metrics
    more = {"ContentType": content_type} if content_type else {}
    model_prefix = ["s3:/", "{bucket}", {"Get": "Execution.PipelineName"}, {"Get": "Execution.PipelineExecutionId"}]
    return {
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": algorithm,
            "HyperParameters": hyperparameters,
            "InputDataConfig": [_channel("train", "", **more)],
            "OutputDataConfig": {"S3OutputPath": {"Std:Join": {"On": "/", "Values": [*model_prefix, "{step}"]}}},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        },
    }


def _check(step: Mapping[str, Json]) -> tuple[Problem, ...]:
    return (
        *findings.repeated_names(step, "/Arguments/InputDataConfig", "ChannelName", "channel"),
        *findings.repeated_names(step, "/Arguments/AlgorithmSpecification/MetricDefinitions", "Name", "metric"),
        *findings.unusable_metrics(step),
        *_without_code(step),
        *_without_data(step),
    )


def _without_code(step: Mapping[str, Json]) -> Iterator[Problem]:
    """Script mode (the image's toolkit starts a program) with no address of the code."""
    hyperparameters = resolve(step, "/Arguments/HyperParameters")
    if not isinstance(hyperparameters, dict) or not hyperparameters.get("sagemaker_program"):
        return
    if hyperparameters.get("sagemaker_submit_directory") in (None, "", '""'):
        pointer = "/Arguments/HyperParameters/sagemaker_submit_directory"
        message = f"{findings.owner(step)} has no code yet. Write or upload a script."
        yield Problem(code="missing-value", message=message, pointer=pointer)


def _without_data(step: Mapping[str, Json]) -> Iterator[Problem]:
    """A built-in algorithm cannot train on nothing; a script of one's own may fetch its data itself."""
    image = resolve(step, "/Arguments/AlgorithmSpecification/TrainingImage")
    scripted = resolve(step, "/Arguments/HyperParameters/sagemaker_program") or resolve(
        step, "/Arguments/AlgorithmSpecification/ContainerEntrypoint"
    )
    built_in = isinstance(image, str) and "xgboost" in image and not scripted
    if built_in and not resolve(step, "/Arguments/InputDataConfig"):
        message = f"{findings.owner(step)} needs training data. Connect a dataset."
        yield Problem(code="missing-value", message=message, pointer="/Arguments/InputDataConfig")


TYPE = StepType(
    type="Training",
    title="Train model",
    family=Family.TRAIN,
    description="Fit a model with your own Python script.",
    nature=Nature.JOB,
    synonyms=("train", "fit", "learn", "estimator", "scikit-learn", "sklearn", "pytorch", "script"),
    ports=(
        Port(
            name="channel",
            direction="in",
            pattern="/Arguments/InputDataConfig/*/DataSource/S3DataSource/S3Uri",
            item=_channel("{name}", "{value}"),
            item_name="ChannelName",
            report_as="uri",
            title="Training data",
        ),
        Port(
            name="model",
            direction="out",
            pattern="/Arguments",
            kind="model",
            reference="ModelArtifacts.S3ModelArtifacts",
            title="Model",
        ),
        Port(
            name="metric",
            direction="out",
            pattern="/Arguments/AlgorithmSpecification/MetricDefinitions/*",
            json_type="number",
            kind="metric",
            reference="FinalMetricDataList['{name}'].Value",
            item_name="Name",
            title="Metric",
        ),
    ),
    cache_attributes=job.cache_attributes,
    name_argument="TrainingJobName",
    check=_check,
    to_job=job.to_job,
    describe=job.describe,
    # Script mode as the SageMaker SDK writes it: these two values are JSON texts inside strings.
    template=_template(
        SCIKIT_LEARN_IMAGE,
        {"sagemaker_program": '"train.py"', "sagemaker_submit_directory": '""'},
        [{"Name": "accuracy", "Regex": "accuracy=([0-9.]+)"}],
    ),
    variants=(
        Variant(
            id="xgboost",
            title="Train XGBoost",
            description="Fit gradient-boosted trees with the built-in algorithm: data in, model out, no code.",
            template=_template(
                XGBOOST_IMAGE,
                {"objective": "binary:logistic", "num_round": "100", "max_depth": "6", "eta": "0.3"},
                [],
                "text/csv",
            ),
            synonyms=("xgboost", "gradient boosting", "trees", "built-in algorithm", "no code"),
        ),
    ),
)
