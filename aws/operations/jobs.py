"""Processing, training, transform and tuning jobs: those of pipelines, and plain ones asked for by themselves.

The four kinds differ in the names of their members only, so one set of functions is made per kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from aws.call import Call, Document, Operation
from aws.errors import AwsError, invalid, not_found
from aws.lookups import tags_given
from aws.pagination import created_between, page_of_rows
from engine.execution.names import job_arn
from registry.services.tags import add_tags
from runs import jobs, plans
from runs.errors import JobNotFound, JobNotRunning
from runs.jobs import JobView
from runs.services.jobs import create_job, stop_job

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


def create(kind: Kind) -> Operation:
    def operation(call: Call) -> Document:
        name = call[kind.member("Name")]
        arguments = {key: value for key, value in call.given.items() if key not in (kind.member("Name"), "Tags")}
        tags = tags_given(call)
        create_job(
            actor=call.actor,
            kind=kind.job,
            name=name,
            region=call.region,
            arguments=arguments,
            role_arn=call.get("RoleArn", ""),
        )
        arn = job_arn(call.region, call.actor.workspace.account_id, kind.job, name)
        add_tags(actor=call.actor, arn=arn, tags=tags)
        return {kind.member("Arn"): arn}

    return operation


def describe(kind: Kind) -> Operation:
    def operation(call: Call) -> Document:
        return _description(call, kind, _find(call, kind))

    return operation


def list_jobs(kind: Kind) -> Operation:
    def operation(call: Call) -> Document:
        rows = jobs.jobs(call.actor, kind.job, status=call.get("StatusEquals"))
        rows = created_between(call, rows, after="CreationTimeAfter", before="CreationTimeBefore")
        if text := call.get("NameContains"):
            rows = rows.filter(name__icontains=text)
        if after := call.get("LastModifiedTimeAfter"):
            rows = rows.filter(execution__updated_at__gt=after)
        if before := call.get("LastModifiedTimeBefore"):
            rows = rows.filter(execution__updated_at__lt=before)
        if call.get("WarmPoolStatusEquals") or call.get("TrainingPlanArnEquals"):
            rows = rows.none()  # nothing here has a warm pool or a training plan
        default = "Name" if kind is TUNING else "CreationTime"
        key = {"Name": "name", "CreationTime": "created_at", "Status": "state"}[call.get("SortBy", default)]
        descending = call.get("SortOrder", kind.default_order) == "Descending"
        page = page_of_rows(call, rows.annotate(state=F("step__status")), key=key, descending=descending)
        found = [_description(call, kind, jobs.view(row)) for row in page.results]
        return {kind.member("Summaries"): [_summary(kind, one) for one in found], "NextToken": page.token}

    return operation


def stop(kind: Kind) -> Operation:
    def operation(call: Call) -> Document:
        try:
            stop_job(actor=call.actor, kind=kind.job, name=call[kind.member("Name")])
        except JobNotFound:
            raise _missing(call, kind) from None
        except JobNotRunning as refused:
            raise invalid(str(refused)) from None
        return {}

    return operation


def list_training_jobs_of_tuning(call: Call) -> Document:
    """The children of a tuning job, as its description keeps them."""
    found = _description(call, TUNING, _find(call, TUNING))
    children = found.get("TrainingJobSummaries", [])
    status = call.get("StatusEquals")
    return {"TrainingJobSummaries": [one for one in children if status in (None, one.get("TrainingJobStatus"))]}


def _find(call: Call, kind: Kind) -> JobView:
    try:
        return jobs.find_job(call.actor, kind.job, call[kind.member("Name")])
    except JobNotFound:
        raise _missing(call, kind) from None


def _missing(call: Call, kind: Kind) -> AwsError:
    """In the words of AWS, which has ResourceNotFound for tuning jobs only; its waiters count on that."""
    name = call[kind.member("Name")]
    if kind is TUNING:
        return not_found(f"Amazon SageMaker can't find a tuning job with the name {name}.")
    if kind is TRAINING:
        return invalid(f"Requested resource not found. There is no training job {name}.")
    return invalid(f"Could not find requested job with name: {name}")


def _description(call: Call, kind: Kind, view: JobView) -> Document:
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


def _summary(kind: Kind, document: Document) -> Document:
    """A tuning job's summary needs two counters and its strategy; for the others the shape takes what it knows."""
    if kind is TUNING:
        document.setdefault("TrainingJobStatusCounters", {})
        document.setdefault("ObjectiveStatusCounters", {})
        document["Strategy"] = document.get("HyperParameterTuningJobConfig", {}).get("Strategy")
    return document
