"""Pipelines and their versions."""

from __future__ import annotations

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Left

from aws import arns
from aws.call import Call, Document
from aws.definitions import definition_given, refuse_unsound
from aws.errors import invalid
from aws.facts import aliases_of, execution_arn, last_executions_of, pipeline_facts
from aws.idempotency import once
from aws.lookups import pipeline_of, tags_given, unknown_pipeline
from aws.pagination import created_between, page_of_rows
from editor import selectors
from editor.errors import NameInUse
from editor.models import Pipeline, PipelineVersion
from editor.services.pipelines import delete_pipeline
from editor.services.published import Facts, change_version, create_published, update_published
from registry.services.tags import add_tags, forget_tags
from runs.models import Execution


def create_pipeline(call: Call) -> Document:
    actor, name = call.actor, call["PipelineName"]
    arn = arns.pipeline_arn(actor, name)

    def create() -> str:
        text = definition_given(call)
        if text is None:
            raise invalid("Exactly one of PipelineDefinition and PipelineDefinitionS3Location must be given.")
        refuse_unsound(text)
        try:
            create_published(actor=actor, name=name, definition=text, facts=_facts(call))
        except NameInUse:
            raise invalid(
                "Pipeline names must be unique within an AWS account and region. "
                f"Pipeline with name ({name}) already exists."
            ) from None
        add_tags(actor=actor, arn=arn, tags=tags_given(call))
        return arn

    return {"PipelineArn": once(call, create)}


def update_pipeline(call: Call) -> Document:
    actor, name = call.actor, call["PipelineName"]
    pipeline = pipeline_of(call, selectors.pipeline_named)
    text = definition_given(call)
    if text is not None:
        refuse_unsound(text)
    elif not pipeline.latest_version:
        raise unknown_pipeline(call, name)
    number = update_published(actor=actor, pipeline_id=pipeline.pk, definition=text, facts=_facts(call))
    return {"PipelineArn": arns.pipeline_arn(actor, name), "PipelineVersionId": number}


def describe_pipeline(call: Call) -> Document:
    pipeline = pipeline_of(call)
    version = _version(call, pipeline)
    last_run = Execution.objects.filter(pipeline=pipeline).aggregate(at=Max("created_at"))["at"]
    return {
        **pipeline_facts(call, pipeline),
        "PipelineDefinition": version.definition,
        "LastRunTime": last_run,
        "PipelineVersionDisplayName": version.display_name or None,
        "PipelineVersionDescription": version.note or None,
        "PipelineVersionAliases": aliases_of([version.pk]).get(version.pk),
    }


def delete(call: Call) -> Document:
    actor, arn = call.actor, arns.pipeline_arn(call.actor, call["PipelineName"])

    def remove() -> str:
        pipeline = pipeline_of(call)
        delete_pipeline(actor=actor, pipeline_id=pipeline.pk)
        forget_tags(actor=actor, arn=arn)
        return arn

    return {"PipelineArn": once(call, remove)}


def list_pipelines(call: Call) -> Document:
    rows = selectors.pipelines(call.actor, published_only=True)
    if call.get("ManagedBy") == "AWS":
        rows = rows.none()
    if prefix := call.get("PipelineNamePrefix"):
        rows = rows.annotate(head=Left("name", len(prefix))).filter(head=prefix)
    newest = Execution.objects.filter(pipeline=OuterRef("pk")).order_by("-created_at").values("created_at")
    rows = created_between(call, rows).annotate(last_run=Subquery(newest[:1]))
    key = {"Name": "name", "CreationTime": "created_at"}[call.get("SortBy", "CreationTime")]
    page = page_of_rows(call, rows, key=key, descending=call.get("SortOrder", "Descending") == "Descending")
    summaries = [
        {**pipeline_facts(call, row), "LastExecutionTime": vars(row)["last_run"]}  # annotated above
        for row in page.results
    ]
    return {"PipelineSummaries": summaries, "NextToken": page.token}


def list_versions(call: Call) -> Document:
    pipeline = pipeline_of(call)
    rows = created_between(call, selectors.versions(call.actor, pipeline.pk))
    descending = call.get("SortOrder", "Descending") == "Descending"
    page = page_of_rows(call, rows, key="number", descending=descending)
    ids = [row.pk for row in page.results]
    aliases, last = aliases_of(ids), last_executions_of(ids)
    summaries = [
        {
            "PipelineArn": arns.pipeline_arn(call.actor, pipeline.name),
            "PipelineVersionId": row.number,
            "CreationTime": row.created_at,
            "PipelineVersionDescription": row.note or None,
            "PipelineVersionDisplayName": row.display_name or None,
            "LastExecutionPipelineExecutionArn": execution_arn(call, last[row.pk]) if row.pk in last else None,
            "PipelineVersionAliases": aliases.get(row.pk),
        }
        for row in page.results
    ]
    return {"PipelineVersionSummaries": summaries, "NextToken": page.token}


def update_version(call: Call) -> Document:
    pipeline = pipeline_of(call, member="PipelineArn")
    operations = call.get("PipelineVersionAliasOperations", {})
    version = change_version(
        actor=call.actor,
        pipeline_id=pipeline.pk,
        number=call["PipelineVersionId"],
        display_name=call.get("PipelineVersionDisplayName"),
        note=call.get("PipelineVersionDescription"),
        add_aliases=operations.get("Add", ()),
        remove_aliases=operations.get("Remove", ()),
    )
    return {"PipelineArn": arns.pipeline_arn(call.actor, pipeline.name), "PipelineVersionId": version.number}


def _version(call: Call, pipeline: Pipeline) -> PipelineVersion:
    number, alias = call.get("PipelineVersionId"), call.get("PipelineVersionAlias")
    if number is not None and alias is not None:
        raise invalid("Only one of PipelineVersionId and PipelineVersionAlias can be given.")
    if number is not None:
        return selectors.version(call.actor, pipeline.pk, number)
    return selectors.newest_version(call.actor, pipeline.pk, alias=alias)


def _facts(call: Call) -> Facts:
    return Facts(
        display_name=call.get("PipelineDisplayName"),
        description=call.get("PipelineDescription"),
        role_arn=call.get("RoleArn"),
        parallelism=call.get("ParallelismConfiguration", {}).get("MaxParallelExecutionSteps"),
        aliases=call.get("PipelineVersionAliases", ()),
    )
