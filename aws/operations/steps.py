"""Steps of an execution, and answers to callbacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from aws import arns
from aws.call import Call, Document
from aws.errors import invalid
from aws.facts import execution_arn
from aws.idempotency import once
from aws.lookups import execution_of
from aws.pagination import page_of_rows
from engine.definition.model import Step
from engine.execution.names import job_arn, job_name
from engine.execution.states import NOT_ITERATED, StepStatus
from engine.expressions import to_text
from runs import plans
from runs.models import Execution, Job, StepExecution
from runs.services.answering import answer_with_failure, answer_with_success

REASON_LENGTH = 1024
#: Steps AWS would list. What waits, was skipped or never ran is absent there.
_STARTED = [
    StepStatus.STARTING,
    StepStatus.EXECUTING,
    StepStatus.STOPPING,
    StepStatus.STOPPED,
    StepStatus.FAILED,
    StepStatus.SUCCEEDED,
]
#: Step types whose metadata is one ARN: type → (key of the metadata, kind of the job, or "" where no job is).
_BY_ARN = {
    "Processing": ("ProcessingJob", "Processing"),
    "Training": ("TrainingJob", "Training"),
    "Transform": ("TransformJob", "Transform"),
    "Tuning": ("TuningJob", "HyperParameterTuning"),
    "AutoML": ("AutoMLJob", "AutoML"),
    "Model": ("Model", ""),
    "RegisterModel": ("RegisterModel", ""),
    "Endpoint": ("Endpoint", ""),
    "EndpointConfig": ("EndpointConfig", ""),
    "InferenceComponent": ("InferenceComponent", ""),
    "Job": ("Job", ""),
}
#: Members of a description that hold the ARN of what such a step made.
_ARN_MEMBERS = {
    "Model": "ModelArn",
    "RegisterModel": "ModelPackageArn",
    "Endpoint": "EndpointArn",
    "EndpointConfig": "EndpointConfigArn",
    "InferenceComponent": "InferenceComponentArn",
    "Job": "JobArn",
}


def list_steps(call: Call) -> Document:
    if "PipelineExecutionArn" not in call.given:
        raise invalid("PipelineExecutionArn must be given.")
    execution = execution_of(call)
    descending = call.get("SortOrder", "Descending") == "Descending"
    page = page_of_rows(call, _listed(execution), key="begun", descending=descending)
    rows = page.results
    jobs = _jobs(rows)
    sources = _source_names(rows, execution)
    compiled = plans.compiled(execution)
    return {
        "PipelineExecutionSteps": [
            _step(call, execution, compiled.step(row.name), row, jobs.get(row.pk), sources) for row in rows
        ],
        "NextToken": page.token,
    }


def send_success(call: Call) -> Document:
    outputs = [(one["Name"], one["Value"]) for one in call.get("OutputParameters", ())]

    def act() -> str:
        execution = answer_with_success(actor=call.actor, token=call["CallbackToken"], outputs=outputs)
        return execution_arn(call, execution)

    return {"PipelineExecutionArn": once(call, act)}


def send_failure(call: Call) -> Document:
    def act() -> str:
        reason = call.get("FailureReason", "")
        execution = answer_with_failure(actor=call.actor, token=call["CallbackToken"], reason=reason)
        return execution_arn(call, execution)

    return {"PipelineExecutionArn": once(call, act)}


def _listed(execution: Execution) -> QuerySet[StepExecution]:
    """The rows AWS would list, with the moment they are ordered by; none of the columns a row never shows."""
    rows = StepExecution.objects.filter(execution=execution)
    retried = rows.filter(status=StepStatus.QUEUED, attempt__gt=0)
    begun = Coalesce(F("started_at"), F("queued_at"), F("ended_at"), Value(execution.created_at))
    shown = (rows.filter(status__in=_STARTED) | retried).annotate(begun=begun)
    return shown.defer("cache_fields", "metrics", "progress", "explanation")


def _jobs(rows: list[StepExecution]) -> dict[int, Document]:
    """Step id → its newest job's facts, or those of the job that stands for it; two queries."""
    facts = ("pk", "step_id", "attempt", "kind", "arn")
    own = Job.objects.filter(step__in=[row.pk for row in rows]).order_by("attempt").values(*facts)
    found: dict[int, Document] = {job["step_id"]: job for job in own}
    standing = {row.pk: row.job_id for row in rows if row.job_id and row.job_id != found.get(row.pk, {}).get("pk")}
    described = {row.job_id: row.pk for row in rows if row.job_id and row.type not in _JOB_TYPES}
    wanted = {*standing.values(), *described}
    others = {job["pk"]: job for job in Job.objects.filter(pk__in=wanted).values(*facts, "description")}
    for row in rows:
        if row.job_id in others:
            found[row.pk] = others[row.job_id]
    return found


_JOB_TYPES = frozenset(kind for kind, (_, job) in _BY_ARN.items() if job)


def _source_names(rows: list[StepExecution], execution: Execution) -> dict[str, str]:
    """Execution id → pipeline name, for steps that were cached or reused; no query where there is none."""
    wanted = {row.source_execution for row in rows if row.source_execution}
    if not wanted:
        return {}
    own = Execution.objects.filter(workspace=execution.workspace_id, pk__in=wanted)
    return dict(own.values_list("pk", "pipeline_name"))


def _step(
    call: Call, execution: Execution, step: Step, row: StepExecution, job: Document | None, sources: Mapping[str, str]
) -> Document:
    source = None
    if row.source_execution:
        name = sources.get(row.source_execution, execution.pipeline_name)
        source = {"SourcePipelineExecutionArn": arns.execution_arn(call.actor, name, row.source_execution)}
    status = StepStatus.STARTING if row.status == StepStatus.QUEUED else row.status
    return {
        "StepName": row.name,
        "StepDisplayName": _text(step.document.get("DisplayName")),
        "StepDescription": _text(step.document.get("Description")),
        "StartTime": row.begun,  # type: ignore[attr-defined]  # annotated by `_listed`
        "EndTime": row.ended_at
        if row.status in (StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.STOPPED)
        else None,
        "StepStatus": status,
        "CacheHitResult": source if row.cached else None,
        "FailureReason": row.failure_reason[:REASON_LENGTH] if row.failure_reason else None,
        "Metadata": _metadata(call, execution, step, row, job),
        "AttemptCount": max(1, row.attempt),
        "SelectiveExecutionResult": source if row.reused else None,
        "IterationContext": None if row.iteration_index == NOT_ITERATED else _iteration(step, row),
    }


def _iteration(step: Step, row: StepExecution) -> Document:
    return {"ParentStepName": step.parent, "Index": row.iteration_index}


def _metadata(
    call: Call, execution: Execution, step: Step, row: StepExecution, job: Document | None
) -> Document | None:
    """Exactly one member, named by the type; None for a type AWS has no metadata for. Never an empty object."""
    if row.type in _BY_ARN:
        key, kind = _BY_ARN[row.type]
        arn = job["arn"] if job else None
        if kind and not arn:
            name = job_name(execution.pipeline_name, execution.pk, row.name, attempt=max(1, row.attempt))
            arn = job_arn(call.region, call.actor.workspace.account_id, kind, execution.job_name or name)
        if not kind and job:
            arn = job.get("description", {}).get(_ARN_MEMBERS[row.type]) or arn
        return {key: {"Arn": arn or None}}
    describe = _METADATA.get(row.type)
    return describe(step, row, (job or {}).get("description", {})) if describe else None


def _condition(step: Step, row: StepExecution, description: Document) -> Document:
    return {"Condition": {"Outcome": None if row.outcome is None else str(row.outcome)}}


def _fail(step: Step, row: StepExecution, description: Document) -> Document:
    return {"Fail": {"ErrorMessage": description.get("ErrorMessage")}}


def _callback(step: Step, row: StepExecution, description: Document) -> Document:
    url = _text(description.get("SqsQueueUrl") or step.document.get("SqsQueueUrl"))
    answers = _output_parameters(description)
    return {"Callback": {"SqsQueueUrl": url, "CallbackToken": description.get("CallbackToken"), **answers}}


def _lambda(step: Step, row: StepExecution, description: Document) -> Document:
    return {"Lambda": {"Arn": _text(step.document.get("FunctionArn")), **_output_parameters(description)}}


def _check(kind: str) -> Callable[[Step, StepExecution, Document], Document]:
    def describe(step: Step, row: StepExecution, description: Document) -> Document:
        given = {key: value for key, value in step.document.items() if isinstance(value, str | bool)}
        return {kind: {**given, **description}}

    return describe


def _described(kind: str) -> Callable[[Step, StepExecution, Document], Document]:
    def describe(step: Step, row: StepExecution, description: Document) -> Document:
        return {kind: dict(description)}

    return describe


#: Step type → what its metadata says, from the step, its row and the description of its job. The output shape
#: takes the members it knows.
_METADATA: Mapping[str, Callable[[Step, StepExecution, Document], Document]] = {
    "Condition": _condition,
    "Fail": _fail,
    "Callback": _callback,
    "Lambda": _lambda,
    "QualityCheck": _check("QualityCheck"),
    "ClarifyCheck": _check("ClarifyCheck"),
    "EMR": _described("EMR"),
    "EMRServerless": _described("EMRServerless"),
    "Lineage": _described("Lineage"),
    "Cleanup": _described("Cleanup"),
    "ForEach": _described("ForEach"),
    "Athena": _described("Athena"),
}


def _output_parameters(description: Document) -> Document:
    """OutputParameters as AWS lists them: names with texts."""
    given = description.get("OutputParameters")
    if not isinstance(given, Mapping):
        return {}
    return {"OutputParameters": [{"Name": name, "Value": to_text(value)} for name, value in given.items()]}


def _text(value: Any) -> str | None:
    """A text of the definition; an expression there has no value AWS would show."""
    return value if isinstance(value, str) and value else None
