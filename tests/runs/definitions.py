"""Definitions in a few words: steps that read one another's outputs."""

from __future__ import annotations

from typing import Any

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
OUT = "ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"


def step(name: str, *reads: str, **more: Any) -> dict[str, Any]:
    """A Processing step that reads the output of each step in `reads` and writes one of its own."""
    uri = {"Std:Join": {"On": "/", "Values": ["s3://results", {"Get": "Execution.PipelineExecutionId"}, name]}}
    inputs = [_input(f"in{n}", {"Get": f"Steps.{other}.{OUT}"}) for n, other in enumerate(reads)]
    inputs += [_input(f"uri{n}", value) for n, value in enumerate(more.pop("uris", ()))]
    return {
        "Name": name,
        "Type": "Processing",
        "Arguments": {
            "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", "pass"]},
            "Environment": {"STEP": name, **more.pop("environment", {})},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
            },
            "ProcessingInputs": inputs,
            "ProcessingOutputConfig": {
                "Outputs": [
                    {
                        "OutputName": "out",
                        "S3Output": {
                            "S3Uri": more.pop("uri", uri),
                            "LocalPath": "/opt/ml/processing/out",
                            "S3UploadMode": "EndOfJob",
                        },
                    }
                ]
            },
        },
        **more,
    }


def pipeline(*steps: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"Version": "2020-12-01", "Parameters": parameters or [], "Steps": list(steps)}


def chain(length: int) -> dict[str, Any]:
    """S0 → S1 → …"""
    return pipeline(*(step(f"S{n}", *([f"S{n - 1}"] if n else [])) for n in range(length)))


def fan(width: int) -> dict[str, Any]:
    """Root → M0, M1, … → Join, which only waits for them."""
    middle = [step(f"M{n}", "Root") for n in range(width)]
    return pipeline(step("Root"), *middle, step("Join", DependsOn=[one["Name"] for one in middle]))


def condition(name: str, left: Any, right: Any, then: list[Any], otherwise: list[Any]) -> dict[str, Any]:
    return {
        "Name": name,
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "GreaterThanOrEqualTo", "LeftValue": left, "RightValue": right}],
            "IfSteps": then,
            "ElseSteps": otherwise,
        },
    }


def fail(name: str, message: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}, **more}


def _input(name: str, uri: Any) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"/opt/ml/processing/input/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        },
    }
