"""Callback: send a message and wait until an outside system or a person answers."""

from engine.steps.base import Family, Nature, StepType
from engine.steps.shared_ports import ARGUMENT, OUTPUT_PARAMETER

TYPE = StepType(
    type="Callback",
    title="Wait for a callback",
    family=Family.PEOPLE,
    description="Send a message and wait until an outside system or a person answers.",
    nature=Nature.UNSUPPORTED,
    reason="Waiting for an outside system does not run in this release.",
    synonyms=("callback", "wait", "approve", "human", "manual", "queue", "sqs"),
    ports=(ARGUMENT, OUTPUT_PARAMETER),
    template={
        "Type": "Callback",
        "Arguments": {},
        "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/queue",
        "OutputParameters": [{"OutputName": "result", "OutputType": "String"}],
    },
)
