"""Jobs as the members AWS shows of them, for every operation that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws.call import Call, Document
from engine.execution.names import job_arn
from runs import plans
from runs.jobs import JobView

REASON_LENGTH = 1024
_RUNNING = ("Executing",)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What the members of one kind of job are called. `word` begins all of them; `job` is the kind of `Job` rows."""

    job: str
    word: str
    start: str
    end: str
    default_order: str = "Ascending"
    secondary: bool = False

    def member(self, suffix: str) -> str:
        return f"{self.word}Job{suffix}"


PROCESSING = Kind(job="Processing", word="Processing", start="ProcessingStartTime", end="ProcessingEndTime")
TRAINING = Kind(job="Training", word="Training", start="TrainingStartTime", end="TrainingEndTime", secondary=True)
TRANSFORM = Kind(
    job="Transform",
    word="Transform",
    start="TransformStartTime",
    end="TransformEndTime",
    default_order="Descending",
)
TUNING = Kind(
    job="HyperParameterTuning",
    word="HyperParameterTuning",
    start="",
    end="HyperParameterTuningEndTime",
)


def description(call: Call, kind: Kind, view: JobView) -> Document:
    """The job's document, its status as of now: a row that waits or was stopped early has an older one."""
    held: Mapping[str, Any] = view.job.description if view.job else {}
    name = view.execution.job_name or (view.job.name if view.job else "")
    created = view.job.created_at if view.job else view.execution.created_at
    document: Document = {
        "CreationTime": created,
        **(held or _requested(view)),
        kind.member("Name"): name,
        kind.member("Arn"): job_arn(call.region, call.actor.workspace.account_id, kind.job, name),
    }
    status = view.status
    document[kind.member("Status")] = status
    document.setdefault("LastModifiedTime", view.ended_at or view.step.started_at or created)
    if kind.secondary:
        document["SecondaryStatus"] = _secondary(view, status)
    if view.step.started_at is not None and kind.start:
        document.setdefault(kind.start, view.step.started_at)
    if status in ("Completed", "Failed", "Stopped"):
        document.setdefault(kind.end, view.ended_at)
    if status == "Failed":
        reason = document.get("FailureReason") or view.step.failure_reason or "The attempt was lost and tried again."
        document["FailureReason"] = reason[:REASON_LENGTH]
    return document


def _requested(view: JobView) -> Document:
    """What was asked for, of a job that was refused before it was made."""
    return dict(plans.compiled(view.execution).step(view.step.name).arguments)


def _secondary(view: JobView, status: str) -> str:
    if status != "InProgress":
        return status
    return "Training" if view.step.status in _RUNNING else "Starting"
