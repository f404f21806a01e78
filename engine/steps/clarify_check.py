"""ClarifyCheck: measure bias or explain a model, and compare with a baseline."""

from engine.steps.base import Family, Nature, Port, StepType
from engine.steps.shared_ports import CHECKED_DATA

TYPE = StepType(
    type="ClarifyCheck",
    title="Check bias",
    family=Family.CHECK,
    description="Measure bias or explain a model, and compare with a baseline.",
    nature=Nature.UNSUPPORTED,
    reason="Clarify checks need an image only AWS has; compute the measures in a Process data step instead.",
    synonyms=("clarify", "bias", "fairness", "explain", "shap", "check"),
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
    ),
    template={
        "Type": "ClarifyCheck",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {
                "ImageUri": "205585389593.dkr.ecr.us-east-1.amazonaws.com/sagemaker-clarify-processing:1.0"
            },
            "ProcessingInputs": [],
            "ProcessingOutputConfig": {"Outputs": []},
        },
        "CheckType": "DATA_BIAS",
        "SkipCheck": False,
        "FailOnViolation": True,
        "RegisterNewBaseline": False,
    },
)
