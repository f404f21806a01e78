"""Pipelines, executions and versions as Search finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from aws import arns
from aws.call import Call, Document
from aws.facts import (
    aliases_of,
    execution_arn,
    execution_facts,
    last_executions_of,
    parameters_of,
    pipeline_facts,
    shown_name,
    user,
)
from aws.search_conditions import Property, Resource, moment, tags_of
from editor import selectors as editor
from editor.models import PipelineVersion
from runs import selectors as runs
from runs.models import Execution


def _name_in_arn(text: str) -> str:
    return text.partition(":pipeline/")[2].partition("/")[0]


def _prefix(call: Call) -> Value:
    return Value(arns.pipeline_arn(call.actor, ""))


# --- pipelines ---
def _pipelines(call: Call) -> QuerySet[Any]:
    newest = Execution.objects.filter(pipeline=OuterRef("pk")).order_by("-created_at").values("created_at")
    return editor.pipelines(call.actor, published_only=True).annotate(
        arn=Concat(_prefix(call), "name"),
        shown=Coalesce(NullIf("display_name", Value("")), "name"),
        last_run=Subquery(newest[:1]),
    )


def _show_pipelines(call: Call, rows: list[Any]) -> list[Document]:
    tags = tags_of(call, [row.arn for row in rows])
    return [
        {
            "Pipeline": {
                **pipeline_facts(call, row),
                "LastRunTime": row.last_run,
                "Tags": tags.get(row.arn),
            }
        }
        for row in rows
    ]


# --- executions ---
def _executions(call: Call) -> QuerySet[Any]:
    rows = runs.executions(call.actor).filter(pipeline__hidden=False).select_related("version")
    rows = rows.defer("definition", "layout", "version__definition", "version__layout")
    return rows.annotate(arn=Concat(_prefix(call), "pipeline_name", Value("/execution/"), "id"))


def _show_executions(call: Call, rows: list[Any]) -> list[Document]:
    aliases = aliases_of([row.version_id for row in rows if row.version_id])
    return [
        {
            "PipelineExecution": {
                **execution_facts(call, row),
                "PipelineParameters": parameters_of(row),
                "PipelineVersionId": row.version.number if row.version else None,
                "PipelineVersionDisplayName": (row.version.display_name or None) if row.version else None,
                "PipelineVersionAliases": aliases.get(row.version_id),
            }
        }
        for row in rows
    ]


# --- versions ---
def _versions(call: Call) -> QuerySet[Any]:
    pipelines = editor.pipelines(call.actor, published_only=True)
    rows = PipelineVersion.objects.filter(pipeline__in=pipelines.values("pk")).select_related("pipeline")
    return rows.defer("definition", "layout").annotate(arn=Concat(_prefix(call), "pipeline__name"))


def _show_versions(call: Call, rows: list[Any]) -> list[Document]:
    ids = [row.pk for row in rows]
    aliases, last = aliases_of(ids), last_executions_of(ids)
    found = []
    for row in rows:
        document = {
            "PipelineArn": row.arn,
            "PipelineVersionId": row.number,
            "PipelineVersionDisplayName": row.display_name or None,
            "PipelineVersionDescription": row.note or None,
            "CreationTime": row.created_at,
            "LastModifiedTime": row.created_at,
            "CreatedBy": user(row.created_by),
            "LastModifiedBy": user(row.created_by),
            "PipelineVersionAliases": aliases.get(row.pk),
        }
        if (execution := last.get(row.pk)) is not None:
            document["LastExecutedPipelineExecutionArn"] = execution_arn(call, execution)
            document["LastExecutedPipelineExecutionDisplayName"] = shown_name(execution)
            document["LastExecutedPipelineExecutionStatus"] = execution.status
        found.append({"PipelineVersion": document})
    return found


RESOURCES: Mapping[str, Resource] = {
    "Pipeline": Resource(
        rows=_pipelines,
        arn_column="arn",
        show=_show_pipelines,
        properties={
            "PipelineArn": Property(column="arn", sortable=True),
            "PipelineName": Property(column="name", sortable=True),
            "PipelineDisplayName": Property(column="shown", sortable=True),
            "PipelineDescription": Property(column="description", sortable=True),
            "RoleArn": Property(column="role_arn", sortable=True),
            "CreationTime": Property(column="created_at", read=moment, sortable=True),
            "LastModifiedTime": Property(column="updated_at", read=moment, sortable=True),
            "LastRunTime": Property(column="last_run", read=moment),
            "CreatedBy.UserProfileName": Property(column="created_by", sortable=True),
            "LastModifiedBy.UserProfileName": Property(column="updated_by", sortable=True),
        },
    ),
    "PipelineExecution": Resource(
        rows=_executions,
        arn_column="arn",
        show=_show_executions,
        properties={
            "PipelineArn": Property(column="pipeline_name", read=_name_in_arn, sortable=True),
            "PipelineName": Property(column="pipeline_name", sortable=True),
            "PipelineExecutionArn": Property(column="arn", sortable=True),
            "PipelineExecutionDisplayName": Property(column="display_name", sortable=True),
            "PipelineExecutionStatus": Property(column="status", sortable=True),
            "PipelineExecutionDescription": Property(column="description", sortable=True),
            "FailureReason": Property(column="failure_reason"),
            "PipelineVersionId": Property(column="version__number", read=int),
            "PipelineVersionDisplayName": Property(column="version__display_name"),
            "CreationTime": Property(column="created_at", read=moment, sortable=True),
            "LastModifiedTime": Property(column="updated_at", read=moment, sortable=True),
            "CreatedBy.UserProfileName": Property(column="started_by", sortable=True),
        },
    ),
    "PipelineVersion": Resource(
        rows=_versions,
        arn_column="arn",
        show=_show_versions,
        properties={
            "PipelineArn": Property(column="arn", sortable=True),
            "PipelineName": Property(column="pipeline__name", sortable=True),
            "PipelineVersionId": Property(column="number", read=int, sortable=True),
            "PipelineVersionDisplayName": Property(column="display_name", sortable=True),
            "PipelineVersionDescription": Property(column="note", sortable=True),
            "CreationTime": Property(column="created_at", read=moment, sortable=True),
            "LastModifiedTime": Property(column="created_at", read=moment, sortable=True),
            "CreatedBy.UserProfileName": Property(column="created_by", sortable=True),
        },
    ),
}
