"""Fail: end the execution as failed, with a message."""

from engine.steps.base import Family, Nature, Port, StepType
from engine.steps.jobs.control import describe_fail

TYPE = StepType(
    type="Fail",
    title="Fail",
    family=Family.CONTROL,
    description="End the execution as failed, with a message that says why.",
    nature=Nature.FAIL,
    synonyms=("fail", "error", "abort", "stop", "raise"),
    ports=(
        Port(
            name="message",
            direction="in",
            pattern="/Arguments/ErrorMessage",
            json_type="any",
            kind="any",
            title="Message",
        ),
    ),
    describe=describe_fail,
    template={"Type": "Fail", "Arguments": {"ErrorMessage": "The pipeline was stopped by its Fail step."}},
)
