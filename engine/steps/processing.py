"""Processing: run a script or a container over data, write what it leaves behind."""

from collections.abc import Mapping

from engine.library.checks import library_problems
from engine.problems import Problem
from engine.steps import findings
from engine.steps.base import Family, Json, Nature, Port, StepType, Variant
from engine.steps.jobs import processing as job

#: AWS's scikit-learn image, by AWS's own naming; mapped to a local runtime by the image table.
SCIKIT_LEARN_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"

_INPUT_ROOT = "/opt/ml/processing/input"
_OUTPUT_ROOT = "/opt/ml/processing"


def _input(name: str, uri: object, folder: str) -> dict[str, object]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"{_INPUT_ROOT}/{folder}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
            "S3CompressionType": "None",
        },
    }


def _output(name: str) -> dict[str, object]:
    run = [{"Get": "Execution.PipelineName"}, {"Get": "Execution.PipelineExecutionId"}]
    return {
        "OutputName": name,
        "S3Output": {
            "S3Uri": {"Std:Join": {"On": "/", "Values": ["s3:/", "{bucket}", *run, "{step}", "output", name]}},
            "LocalPath": f"{_OUTPUT_ROOT}/{name}",
            "S3UploadMode": "EndOfJob",
        },
    }


def _template(script: str, output: str) -> dict[str, object]:
    return {
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {
                "ImageUri": SCIKIT_LEARN_IMAGE,
                "ContainerEntrypoint": ["python3", f"{_INPUT_ROOT}/code/{script}"],
            },
            "ProcessingInputs": [_input("code", "", "code")],
            "ProcessingOutputConfig": {"Outputs": [_output(output)]},
        },
    }


def _evaluation() -> dict[str, object]:
    report = {"PropertyFileName": "EvaluationReport", "OutputName": "evaluation", "FilePath": "evaluation.json"}
    return {**_template("evaluate.py", "evaluation"), "PropertyFiles": [report]}


_INPUTS = "/Arguments/ProcessingInputs"


def _check(step: Mapping[str, Json]) -> tuple[Problem, ...]:
    inputs, outputs = "/Arguments/ProcessingInputs", "/Arguments/ProcessingOutputConfig/Outputs"
    return (
        *findings.repeated_names(step, inputs, "InputName", "input"),
        *findings.repeated_names(step, outputs, "OutputName", "output"),
        *findings.repeated_names(step, "/PropertyFiles", "PropertyFileName", "report"),
        *findings.too_many(step, inputs, "input"),
        *findings.too_many(step, outputs, "output"),
        *findings.reports_without_output(step),
        *findings.scripts_without_input(step),
        *library_problems(step),
    )


TYPE = StepType(
    type="Processing",
    title="Process data",
    family=Family.DATA,
    description="Run a Python script over data: clean, split, build features, evaluate.",
    nature=Nature.JOB,
    synonyms=("process", "prepare", "clean", "split", "transform", "features", "script", "python", "etl"),
    ports=(
        Port(
            name="input",
            direction="in",
            pattern=f"{_INPUTS}/*/S3Input/S3Uri",
            item=_input("{name}", "{value}", "{name}"),
            item_name="InputName",
            report_as="uri",
            title="Input",
        ),
        Port(
            name="code",
            direction="in",
            pattern=f"{_INPUTS}/[InputName=code]/S3Input/S3Uri",
            kind="code",
            item=_input("code", "{value}", "code"),
            item_name="InputName",
            title="Code",
        ),
        Port(
            name="output",
            direction="out",
            pattern="/Arguments/ProcessingOutputConfig/Outputs/*",
            reference="ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
            item=_output("{name}"),
            item_name="OutputName",
            title="Output",
        ),
        Port(
            name="report",
            direction="out",
            pattern="/PropertyFiles/*",
            json_type="any",
            kind="report",
            reference="PropertyFiles.{name}",
            item={"PropertyFileName": "{name}", "OutputName": "", "FilePath": "{name}.json"},
            item_name="PropertyFileName",
            title="Report",
        ),
    ),
    template=_template("process.py", "output"),
    cache_attributes=job.cache_attributes,
    name_argument="ProcessingJobName",
    check=_check,
    to_job=job.to_job,
    describe=job.describe,
    variants=(
        Variant(
            id="evaluate",
            title="Evaluate model",
            description="Run a script that scores a model and writes a report a Condition can read.",
            template=_evaluation(),
            synonyms=("evaluate", "score", "metrics", "test", "report", "property file"),
        ),
    ),
)
