"""Search over pipelines, their executions and their versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from aws import arns
from aws.call import Call, Document
from aws.errors import invalid
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
from aws.pagination import page_of_rows
from aws.search_conditions import Property, condition, known_property, moment
from editor import selectors as editor
from editor.models import PipelineVersion
from registry.models import Tag
from runs import selectors as runs
from runs.models import Execution


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One kind of thing that can be searched. `show` makes the records of a page at once."""

    rows: Callable[[Call], QuerySet[Any]]
    properties: Mapping[str, Property]
    arn_column: str  # an annotation of `rows`
    show: Callable[[Call, list[Any]], list[Document]]


def search(call: Call) -> Document:
    resource = _RESOURCES.get(call["Resource"])
    if resource is None:
        raise invalid(
            f"Search for {call['Resource']} is not implemented by Clary. It searches {', '.join(_RESOURCES)}."
        )
    rows = resource.rows(call)
    if call.get("CrossAccountFilterOption") == "CrossAccount":
        rows = rows.none()

    def tagged(key: str, lookups: Mapping[str, Any]) -> Q:
        own = Tag.objects.filter(workspace=call.actor.workspace, arn=OuterRef(resource.arn_column), key=key)
        return Q(Exists(own.filter(**lookups)))

    rows = rows.filter(condition(call.get("SearchExpression", {}), resource.properties, tagged))
    by = call.get("SortBy", "LastModifiedTime")
    column = known_property(by, resource.properties)
    if not column.sortable:
        known = ", ".join(name for name, one in resource.properties.items() if one.sortable)
        raise invalid(f"Results cannot be sorted by {by}. Sort by one of {known}.")
    page = page_of_rows(call, rows, key=column.column, descending=call.get("SortOrder", "Descending") == "Descending")
    return {
        "Results": resource.show(call, page.results),
        "NextToken": page.token,
        "TotalHits": {"Value": rows.count(), "Relation": "EqualTo"},
    }


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
    tags = _tags(call, [row.arn for row in rows])
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


def _tags(call: Call, wanted: list[str]) -> dict[str, list[Document]]:
    """ARN → its tags; one query."""
    found: dict[str, list[Document]] = {}
    for tag in Tag.objects.filter(workspace=call.actor.workspace, arn__in=wanted).order_by("key"):
        found.setdefault(tag.arn, []).append({"Key": tag.key, "Value": tag.value})
    return found


_RESOURCES: Mapping[str, Resource] = {
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
