"""Callback: send a message and wait until an outside system or a person answers."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="Callback",
    title="Wait for a callback",
    family=Family.PEOPLE,
    description="Send a message and wait until an outside system or a person answers.",
    nature=Nature.UNSUPPORTED,
    reason="Waiting for an outside system does not run in this release.",
    synonyms=("callback", "wait", "approve", "human", "manual", "queue", "sqs"),
    ports=(
        Port(name="argument", direction="in", pattern="/Arguments/*", json_type="any", kind="any", title="Argument"),
        Port(
            name="output",
            direction="out",
            pattern="/OutputParameters/*",
            json_type="any",
            kind="any",
            reference="OutputParameters['{name}']",
            item_name="OutputName",
            title="Output",
        ),
    ),
    template={
        "Type": "Callback",
        "Arguments": {},
        "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/queue",
        "OutputParameters": [{"OutputName": "result", "OutputType": "String"}],
    },
)
