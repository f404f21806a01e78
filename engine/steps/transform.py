"""Transform: predictions for a whole data set with a model."""

from engine.steps.base import Family, Nature, Port, StepType
from engine.steps.jobs import transform as job

TYPE = StepType(
    type="Transform",
    title="Deploy model (batch transform)",
    family=Family.MODEL,
    description="Compute predictions for a whole data set with a model.",
    nature=Nature.JOB,
    cache_attributes=job.cache_attributes,
    name_argument="TransformJobName",
    to_job=job.to_job,
    describe=job.describe,
    synonyms=("batch", "transform", "predict", "inference", "score", "deploy"),
    ports=(
        Port(name="model", direction="in", pattern="/Arguments/ModelName", kind="model-name", title="Model name"),
        Port(
            name="input",
            direction="in",
            pattern="/Arguments/TransformInput/DataSource/S3DataSource/S3Uri",
            report_as="uri",
            title="Data",
        ),
        Port(
            name="output",
            direction="out",
            pattern="/Arguments/TransformOutput",
            reference="TransformOutput.S3OutputPath",
            title="Predictions",
        ),
    ),
    template={
        "Type": "Transform",
        "Arguments": {
            "ModelName": "",
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": ""}},
                "ContentType": "text/csv",
                "SplitType": "Line",
            },
            "TransformOutput": {
                "S3OutputPath": {"Std:Join": {"On": "/", "Values": ["s3:/", "{bucket}", "{step}"]}},
                "AssembleWith": "Line",
            },
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        },
    },
)
