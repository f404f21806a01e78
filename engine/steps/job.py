"""Job: a SageMaker job of a category of its own."""

from engine.steps.base import Family, Nature, StepType

TYPE = StepType(
    type="Job",
    title="SageMaker job",
    family=Family.CODE,
    description="Run a SageMaker job described by a JSON document.",
    nature=Nature.UNSUPPORTED,
    reason="This kind of job runs only on AWS.",
    synonyms=("job", "custom"),
    template={
        "Type": "Job",
        "Arguments": {"JobCategory": "", "JobConfigSchemaVersion": "1", "JobConfigDocument": "{}"},
    },
)
