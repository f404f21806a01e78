"""QualityCheck: compare data or a model with a baseline and report what drifted."""

from engine.steps.base import Family, Nature, Port, StepType
from engine.steps.shared_ports import BASELINE_CONSTRAINTS, CHECKED_DATA, checking_template

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
        BASELINE_CONSTRAINTS,
        Port(
            name="statistics",
            direction="out",
            pattern="/Arguments",
            kind="report",
            reference="CalculatedBaselineStatistics",
            title="Statistics",
        ),
    ),
    template=checking_template(
        "QualityCheck", "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer", "DATA_QUALITY"
    ),
)
