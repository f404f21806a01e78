"""AutoML: let SageMaker choose algorithm and settings."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="AutoML",
    title="Auto ML",
    family=Family.TRAIN,
    description="Let SageMaker choose algorithm and settings for a table.",
    nature=Nature.UNSUPPORTED,
    reason="AutoML runs only on AWS; train with a Train model step instead.",
    synonyms=("automl", "autopilot", "automatic", "no code"),
    ports=(
        Port(
            name="data",
            direction="in",
            pattern="/Arguments/InputDataConfig/*/DataSource/S3DataSource/S3Uri",
            item={
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "{value}"}},
                "TargetAttributeName": "",
            },
            report_as="uri",
            title="Data",
        ),
        Port(
            name="model",
            direction="out",
            pattern="/Arguments",
            kind="model",
            reference="BestCandidate.InferenceContainers[0].ModelDataUrl",
            title="Best model",
        ),
    ),
    template={
        "Type": "AutoML",
        "Arguments": {
            "InputDataConfig": [],
            "OutputDataConfig": {"S3OutputPath": {"Std:Join": {"On": "/", "Values": ["s3:/", "{bucket}", "{step}"]}}},
            "AutoMLJobConfig": {"Mode": "ENSEMBLING"},
        },
    },
)
