"""Processing, training, transform and tuning jobs: those of pipelines, and plain ones asked for by themselves.

The four kinds differ in the names of their members only, so one set of functions is made per kind.
"""

from __future__ import annotations

from django.db.models import F

from aws.call import Call, Document, Operation
from aws.errors import AwsError, invalid, not_found
from aws.job_facts import PROCESSING, TRAINING, TRANSFORM, TUNING, Kind, description
from aws.lookups import tags_given
from aws.pagination import created_between, page_of_rows
from engine.execution.names import job_arn
from registry.services.tags import add_tags
from runs import jobs
from runs.errors import JobNotFound, JobNotRunning
from runs.jobs import JobView
from runs.services.jobs import create_job, stop_job

__all__ = [
    "PROCESSING",
    "TRAINING",
    "TRANSFORM",
    "TUNING",
    "create",
    "describe",
    "list_jobs",
    "list_training_jobs_of_tuning",
    "stop",
]


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
        return description(call, kind, _find(call, kind))

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
        found = [description(call, kind, jobs.view(row)) for row in page.results]
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
    found = description(call, TUNING, _find(call, TUNING))
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


def _summary(kind: Kind, document: Document) -> Document:
    """A tuning job's summary needs two counters and its strategy; for the others the shape takes what it knows."""
    if kind is TUNING:
        document.setdefault("TrainingJobStatusCounters", {})
        document.setdefault("ObjectiveStatusCounters", {})
        document["Strategy"] = document.get("HyperParameterTuningJobConfig", {}).get("Strategy")
    return document
