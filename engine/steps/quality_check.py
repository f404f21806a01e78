"""QualityCheck: compare data or a model with a baseline and report what drifted."""

from engine.steps.base import Family, Nature, Port, StepType
from engine.steps.shared_ports import CHECKED_DATA

TYPE = StepType(
    type="QualityCheck",
    title="Check data quality",
    family=Family.CHECK,
    description="Compare data or a model with a baseline and report what drifted.",
    nature=Nature.UNSUPPORTED,
    reason="Quality checks need an image only AWS has; check the data in a Process data step instead.",
    synonyms=("quality", "check", "drift", "monitor", "baseline", "statistics"),
    ports=(
        CHECKED_DATA,
        Port(
            name="constraints",
            direction="out",
            pattern="/Arguments",
            kind="report",
            reference="CalculatedBaselineConstraints",
            title="Constraints",
        ),
        Port(
            name="statistics",
            direction="out",
            pattern="/Arguments",
            kind="report",
            reference="CalculatedBaselineStatistics",
            title="Statistics",
        ),
    ),
    template={
        "Type": "QualityCheck",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {
                "ImageUri": "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
            },
            "ProcessingInputs": [],
            "ProcessingOutputConfig": {"Outputs": []},
        },
        "CheckType": "DATA_QUALITY",
        "SkipCheck": False,
        "FailOnViolation": True,
        "RegisterNewBaseline": False,
    },
)
