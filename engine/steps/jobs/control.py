"""What Condition and Fail steps show of themselves once they were reached."""

from __future__ import annotations

from engine.steps.base import JobContext, JobOutcome, Json
from engine.steps.jobs.arguments import mapping, text

#: AWS's limit of Fail.ErrorMessage.
MESSAGE_LENGTH = 3072


def describe_condition(outcome: bool) -> dict[str, Json]:
    """What `Steps.X.Outcome` reads: a real boolean."""
    return {"Outcome": outcome}


def fail_message(arguments: Json) -> str:
    """The evaluated ErrorMessage of a Fail step; numbers and booleans read as job text does."""
    message = text(
        mapping(arguments, "Arguments").get("ErrorMessage"), "ErrorMessage", "The pipeline reached a Fail step."
    )
    return message[:MESSAGE_LENGTH]


def describe_fail(context: JobContext, arguments: Json, outcome: JobOutcome | None) -> dict[str, Json]:
    return {"ErrorMessage": fail_message(arguments)}
