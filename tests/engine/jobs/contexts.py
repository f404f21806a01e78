"""Values the job tests share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.steps.base import JobContext

SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
PYTORCH = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.3-cpu-py311"
CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def context(**changes: Any) -> JobContext:
    values: dict[str, Any] = {
        "step": {},
        "step_name": "Train",
        "pipeline_name": "p",
        "execution_id": "abcdef123456",
        "account_id": "123456789012",
        "region": "eu-west-1",
        "default_bucket": "clary-123456789012",
        "job_name": "pipelines-abcdef123456-Train-x1",
        "created_at": CREATED,
    }
    return JobContext(**{**values, **changes})


def processing(**changes: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1}},
        "AppSpecification": {
            "ImageUri": SKLEARN,
            "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/prep.py"],
            "ContainerArguments": ["--rows", 3, "--flag", True],
        },
        "RoleArn": "arn:aws:iam::123456789012:role/r",
        "ProcessingInputs": [
            {
                "InputName": "code",
                "S3Input": {
                    "S3Uri": "s3://bkt/code/prep.py",
                    "LocalPath": "/opt/ml/processing/input/code",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "train",
                    "S3Output": {"S3Uri": "s3://bkt/Prep/train", "LocalPath": "/opt/ml/processing/train"},
                }
            ]
        },
        "Environment": {"MODE": "fast"},
    }
    return {**arguments, **changes}


def training(**changes: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "AlgorithmSpecification": {
            "TrainingImage": SKLEARN,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}],
        },
        "OutputDataConfig": {"S3OutputPath": "s3://bkt/out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "InputDataConfig": [channel("train", "s3://bkt/train")],
        "HyperParameters": {
            "epochs": 3,
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": '"s3://bkt/code/sourcedir.tar.gz"',
        },
    }
    return {**arguments, **changes}


def channel(name: str, uri: str, **more: Any) -> dict[str, Any]:
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
        **more,
    }
