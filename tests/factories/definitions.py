"""Small definitions, as text."""

from __future__ import annotations

import json
from typing import Any


def fail_step(name: str, message: str = "stop here") -> dict[str, Any]:
    """A step with nothing around it."""
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}


def definition(*steps: dict[str, Any]) -> str:
    """A definition of `steps`."""
    return json.dumps({"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": list(steps)})


def processing_step(name: str, *, reads: str | None = None) -> dict[str, Any]:
    """A Processing step with one output; with `reads`, its input is that step's output."""
    inputs = []
    if reads:
        uri = {"Get": f"Steps.{reads}.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"}
        place = {
            "S3Uri": uri,
            "LocalPath": "/opt/ml/processing/input/in",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        }
        inputs = [{"InputName": "in", "S3Input": place}]
    return {
        "Name": name,
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {
                "ImageUri": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
                "ContainerEntrypoint": ["/bin/true"],
            },
            "RoleArn": "arn:aws:iam::123456789012:role/clary",
            "ProcessingInputs": inputs,
            "ProcessingOutputConfig": {
                "Outputs": [
                    {
                        "OutputName": "out",
                        "S3Output": {
                            "S3Uri": f"s3://bucket/{name}/out",
                            "LocalPath": "/opt/ml/processing/output/out",
                            "S3UploadMode": "EndOfJob",
                        },
                    }
                ]
            },
        },
    }


def chain(length: int) -> str:
    """Processing steps, each reading the one before."""
    steps = [processing_step(f"step-{n}", reads=f"step-{n - 1}" if n else None) for n in range(length)]
    return definition(*steps)
