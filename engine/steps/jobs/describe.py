"""What the Describe documents of all jobs share."""

from __future__ import annotations

from engine.steps.base import JobContext, JobOutcome, Json

#: AWS's own limit of FailureReason.
FAILURE_REASON_LENGTH = 1024

#: Arguments that say where bytes are, not what they are. Their content is hashed beside the attributes, so the same
#: bytes under another address (a new execution id, a timestamped upload) still give the same cache key.
_ADDRESSES = frozenset({"S3Uri", "S3OutputPath", "S3ModelArtifacts"})
_ADDRESS_HYPERPARAMETERS = frozenset({"sagemaker_submit_directory", "sagemaker_job_name"})


def arn(context: JobContext, resource: str) -> str:
    """For example `arn:aws:sagemaker:us-east-1:123456789012:training-job/<job name>`."""
    return f"{context.arn_prefix}:{resource}/{context.job_name}"


def finished(outcome: JobOutcome, *, start: str, end: str) -> dict[str, Json]:
    """Times (epoch seconds) and the texts a finished job left, under the names this kind of job uses."""
    document: dict[str, Json] = {
        start: outcome.started_at.timestamp(),
        end: outcome.ended_at.timestamp(),
        "LastModifiedTime": outcome.ended_at.timestamp(),
    }
    if outcome.failure_reason:
        document["FailureReason"] = outcome.failure_reason[:FAILURE_REASON_LENGTH]
    if outcome.exit_message:
        document["ExitMessage"] = outcome.exit_message[:FAILURE_REASON_LENGTH]
    return document


def without_content_addresses(value: Json) -> Json:
    """The same JSON without the keys that only say where content lies. The input is not changed."""
    if isinstance(value, dict):
        return {
            key: without_content_addresses(item)
            for key, item in value.items()
            if key not in _ADDRESSES and key not in _ADDRESS_HYPERPARAMETERS
        }
    if isinstance(value, list):
        return [without_content_addresses(item) for item in value]
    return value
