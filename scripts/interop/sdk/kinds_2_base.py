"""What the pipelines of SDK 2 have in common."""

import os
from pathlib import Path

from sagemaker.estimator import Estimator
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

CODE = Path(__file__).parent / "code"
ROLE = os.environ["ROLE_ARN"]
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1"
SESSION = PipelineSession()
BUCKET = SESSION.default_bucket()
JOB = {"role": ROLE, "instance_count": 1, "instance_type": "ml.m5.large", "sagemaker_session": SESSION}


def script(**more):
    return ScriptProcessor(image_uri=IMAGE, command=["python3"], **{**JOB, **more})


def estimator(**more):
    metrics = [{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}]
    return Estimator(
        image_uri=IMAGE, metric_definitions=metrics, output_path=f"s3://{BUCKET}/models", **{**JOB, **more}
    )


def fitted(name="Train", **more):
    return TrainingStep(name, step_args=estimator().fit({"train": f"s3://{BUCKET}/train"}), **more)
