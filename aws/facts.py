"""Rows as the members AWS shows of them, for every operation that shows them. None means: left out."""

from __future__ import annotations

from django.db.models import Max

from aws import arns
from aws.call import Call, Document
from editor.models import Alias, Pipeline
from engine.expressions import to_text
from runs.models import Execution

REASON_LENGTH = 1300  # AWS PipelineExecutionFailureReason


def pipeline_facts(call: Call, pipeline: Pipeline) -> Document:
    """A pipeline without its versions."""
    return {
        "PipelineArn": arns.pipeline_arn(call.actor, pipeline.name),
        "PipelineName": pipeline.name,
        "PipelineDisplayName": pipeline.display_name or pipeline.name,
        "PipelineDescription": pipeline.description or None,
        "RoleArn": pipeline.role_arn or None,
        "PipelineStatus": "Active",
        "CreationTime": pipeline.created_at,
        "LastModifiedTime": pipeline.updated_at,
        "CreatedBy": user(pipeline.created_by),
        "LastModifiedBy": user(pipeline.updated_by or pipeline.created_by),
        "ParallelismConfiguration": _limit(pipeline.parallelism),
    }


def execution_facts(call: Call, execution: Execution) -> Document:
    """An execution without its version. Its status is one of AWS's words in our rows already."""
    return {
        "PipelineArn": arns.pipeline_arn(call.actor, execution.pipeline_name),
        "PipelineExecutionArn": execution_arn(call, execution),
        "PipelineExecutionDisplayName": shown_name(execution),
        "PipelineExecutionStatus": execution.status,
        "PipelineExecutionDescription": execution.description or None,
        "FailureReason": failure_of(execution),
        "CreationTime": execution.created_at,
        "LastModifiedTime": execution.updated_at,
        "CreatedBy": user(execution.started_by),
        "LastModifiedBy": user(execution.started_by),
        "ParallelismConfiguration": _limit(execution.parallelism),
        "SelectiveExecutionConfig": _selection(call, execution),
    }


def execution_arn(call: Call, execution: Execution) -> str:
    return arns.execution_arn(call.actor, execution.pipeline_name, execution.pk)


def shown_name(execution: Execution) -> str:
    """What it was called; AWS makes up a name like this one where the caller gave none."""
    return execution.display_name or f"execution-{int(execution.created_at.timestamp() * 1000)}"


def failure_of(execution: Execution) -> str | None:
    return execution.failure_reason[:REASON_LENGTH] if execution.failure_reason else None


def parameters_of(execution: Execution) -> list[Document]:
    """Every parameter with the value the execution has, defaults included, as text."""
    return [{"Name": name, "Value": to_text(value)} for name, value in execution.parameters.items()]


def user(name: str) -> Document | None:
    return {"UserProfileName": name} if name else None


def aliases_of(version_ids: list[int]) -> dict[int, list[str]]:
    """Version id → its aliases, in order; one query."""
    found: dict[int, list[str]] = {}
    rows = Alias.objects.filter(version__in=version_ids).order_by("name").values_list("version_id", "name")
    for version_id, name in rows:
        found.setdefault(version_id, []).append(name)
    return found


def last_executions_of(version_ids: list[int]) -> dict[int, Execution]:
    """Version id → its newest execution, without the texts; one query."""
    own = Execution.objects.filter(version__in=version_ids)
    newest = own.order_by().values("version").annotate(newest=Max("created_at")).values("newest")
    rows = own.filter(created_at__in=newest).defer("definition", "layout").order_by("created_at", "pk")
    return {row.version_id: row for row in rows if row.version_id is not None}


def _limit(steps: int | None) -> Document | None:
    return {"MaxParallelExecutionSteps": steps} if steps else None


def _selection(call: Call, execution: Execution) -> Document | None:
    if execution.selection is None:
        return None
    source = execution.selection.get("source_execution")
    arn = arns.execution_arn(call.actor, execution.pipeline_name, source) if source else None
    steps = [{"StepName": name} for name in execution.selection["steps"]]
    return {"SelectedSteps": steps, "SourcePipelineExecutionArn": arn}
