"""Callback: send a message and wait until an outside system or a person answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.problems import Problem, Severity
from engine.steps.base import Family, Nature, StepNotRunnable, StepType
from engine.steps.findings import owner, repeated_names
from engine.steps.jobs import callback as job
from engine.steps.shared_ports import ARGUMENT, OUTPUT_PARAMETER


def _check(step: Mapping[str, Any]) -> tuple[Problem, ...]:
    return (*repeated_names(step, "/OutputParameters", "OutputName", "output"), *_too_many(step), *_queue(step))


def _too_many(step: Mapping[str, Any]) -> Iterator[Problem]:
    outputs = step.get("OutputParameters")
    if isinstance(outputs, list) and len(outputs) > job.MOST_OUTPUTS:
        message = f"{owner(step)} declares {len(outputs)} outputs. An answer holds at most {job.MOST_OUTPUTS}."
        yield Problem(code="too-many-outputs", message=message, pointer="/OutputParameters", severity=Severity.WARNING)


def _queue(step: Mapping[str, Any]) -> Iterator[Problem]:
    url = step.get("SqsQueueUrl")
    if not isinstance(url, str) or not url:
        return
    try:
        job.queue_name(url)
    except StepNotRunnable as wrong:
        message = f"{owner(step)}: {wrong}"
        yield Problem(code="value-not-allowed", message=message, pointer="/SqsQueueUrl", severity=Severity.WARNING)


TYPE = StepType(
    type="Callback",
    title="Wait for a callback",
    family=Family.PEOPLE,
    description="Send a message and wait until an outside system or a person answers.",
    nature=Nature.WAIT,
    check=_check,
    synonyms=("callback", "wait", "approve", "human", "manual", "queue", "sqs"),
    ports=(ARGUMENT, OUTPUT_PARAMETER),
    template={
        "Type": "Callback",
        "Arguments": {},
        "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/callbacks",
        "OutputParameters": [{"OutputName": "result", "OutputType": "String"}],
    },
)
