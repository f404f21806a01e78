"""ClarifyCheck: measure bias or explain a model, and compare with a baseline."""

from engine.steps.base import Family, Nature, StepType
from engine.steps.shared_ports import BASELINE_CONSTRAINTS, CHECKED_DATA, checking_template

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
        BASELINE_CONSTRAINTS,
    ),
    template=checking_template(
        "ClarifyCheck", "205585389593.dkr.ecr.us-east-1.amazonaws.com/sagemaker-clarify-processing:1.0", "DATA_BIAS"
    ),
)
