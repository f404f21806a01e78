"""Executions: start, stop, retry, describe, list."""

from __future__ import annotations

from typing import Any

from aws import arns
from aws.call import Call, Document
from aws.errors import AwsError, conflict, invalid
from aws.facts import aliases_of, execution_arn, execution_facts, failure_of, parameters_of, shown_name
from aws.idempotency import once
from aws.lookups import execution_of, pipeline_of
from aws.pagination import created_between, page_of_items, page_of_rows
from editor.documents import document_of
from runs import selectors
from runs.errors import CannotStart, ExecutionNotFound, ExecutionNotRetryable, ExecutionNotRunning
from runs.models import Execution
from runs.services.changes import change_execution
from runs.services.retry import retry_execution
from runs.services.start import Noted, Selective, start_execution
from runs.services.stop import stop_execution


def start(call: Call) -> Document:
    pipeline = pipeline_of(call)
    number, alias = call.get("PipelineVersionId"), call.get("PipelineVersionAlias")
    if number is not None and alias is not None:
        raise invalid("Only one of PipelineVersionId and PipelineVersionAlias can be given.")
    try:
        execution = start_execution(
            actor=call.actor,
            pipeline_id=pipeline.pk,
            source="version",
            version=number,
            alias=alias,
            parameters=_parameters(call),
            display_name=call.get("PipelineExecutionDisplayName", ""),
            parallelism=_limit(call),
            selective=_selective(call),
            noted=Noted(
                description=call.get("PipelineExecutionDescription", ""),
                role_arn=call.get("RoleArn", ""),
                mlflow_experiment=call.get("MlflowExperimentName", ""),
            ),
            as_aws=True,
            client_request_token=call["ClientRequestToken"],
        )
    except CannotStart as refused:
        raise _cannot_start(call, refused) from None
    return {"PipelineExecutionArn": execution_arn(call, execution)}


def stop(call: Call) -> Document:
    execution = execution_of(call)

    def act() -> str:
        try:
            stop_execution(actor=call.actor, execution_id=execution.pk)
        except ExecutionNotRunning:
            arn = execution_arn(call, execution)
            said = f"Pipeline execution with ARN {arn} cannot be stopped: it ended {execution.status}."
            raise conflict(said) from None
        return execution_arn(call, execution)

    return {"PipelineExecutionArn": once(call, act)}


def retry(call: Call) -> Document:
    execution = execution_of(call)

    def act() -> str:
        try:
            retry_execution(actor=call.actor, execution_id=execution.pk, parallelism=_limit(call))
        except ExecutionNotRetryable as refused:
            raise conflict(
                f"Pipeline execution with ARN {execution_arn(call, execution)} cannot be retried. {refused}"
            ) from None
        return execution_arn(call, execution)

    return {"PipelineExecutionArn": once(call, act)}


def update(call: Call) -> Document:
    execution = execution_of(call)
    change_execution(
        actor=call.actor,
        execution_id=execution.pk,
        display_name=call.get("PipelineExecutionDisplayName"),
        description=call.get("PipelineExecutionDescription"),
        parallelism=_limit(call),
    )
    return {"PipelineExecutionArn": execution_arn(call, execution)}


def describe(call: Call) -> Document:
    execution = execution_of(call, with_version=True)
    version = execution.version
    return {
        **execution_facts(call, execution),
        "PipelineExperimentConfig": _experiment(execution),
        "PipelineVersionId": version.number if version else None,
        "PipelineVersionAliases": aliases_of([version.pk]).get(version.pk) if version else None,
        "MLflowConfig": {"MlflowExperimentName": execution.mlflow_experiment} if execution.mlflow_experiment else None,
        "RoleArn": execution.role_arn or None,
    }


def describe_definition(call: Call) -> Document:
    execution = execution_of(call)
    text = Execution.objects.values_list("definition", flat=True).get(pk=execution.pk)
    return {"PipelineDefinition": text, "CreationTime": execution.created_at}


def list_executions(call: Call) -> Document:
    pipeline = pipeline_of(call)
    rows = selectors.executions(call.actor, pipeline=pipeline.pk).select_related("version")
    rows = created_between(call, rows)
    if alias := call.get("PipelineVersionAlias"):
        rows = rows.filter(version__aliases__name=alias)
    rows = rows.defer("definition", "layout", "version__definition", "version__layout")
    key = {"CreationTime": "created_at", "PipelineExecutionArn": "id"}[call.get("SortBy", "CreationTime")]
    page = page_of_rows(call, rows, key=key, descending=call.get("SortOrder", "Descending") == "Descending")
    aliases = aliases_of([row.version_id for row in page.results if row.version_id is not None])
    summaries = [
        {
            "PipelineExecutionArn": execution_arn(call, row),
            "StartTime": row.started_at or row.created_at,
            "PipelineExecutionStatus": row.status,
            "PipelineExecutionDescription": row.description or None,
            "PipelineExecutionDisplayName": shown_name(row),
            "PipelineExecutionFailureReason": failure_of(row),
            "PipelineVersionAliases": aliases.get(row.version_id) if row.version_id else None,
        }
        for row in page.results
    ]
    return {"PipelineExecutionSummaries": summaries, "NextToken": page.token}


def list_parameters(call: Call) -> Document:
    page = page_of_items(call, parameters_of(execution_of(call)))
    return {"PipelineParameters": page.results, "NextToken": page.token}


def _parameters(call: Call) -> dict[str, str]:
    given: dict[str, str] = {}
    for one in call.get("PipelineParameters", ()):
        if one["Name"] in given:
            raise invalid(f"Parameter '{one['Name']}' is given more than once.")
        given[one["Name"]] = one["Value"]
    return given


def _limit(call: Call) -> int | None:
    limit: int | None = call.get("ParallelismConfiguration", {}).get("MaxParallelExecutionSteps")
    return limit


def _selective(call: Call) -> Selective | None:
    config = call.get("SelectiveExecutionConfig")
    if config is None:
        return None
    source = config.get("SourcePipelineExecutionArn")
    steps = [one["StepName"] for one in config["SelectedSteps"]]
    if source is None:
        return Selective(steps=steps)
    try:
        _, execution_id = arns.execution_id(call.actor, source)
        selectors.execution_of(call.actor, execution_id)
    except (AwsError, ExecutionNotFound):
        raise invalid(f"Invalid SourcePipelineExecutionArn: {source}. There is no such execution.") from None
    return Selective(steps=steps, source_execution=execution_id)


def _cannot_start(call: Call, refused: CannotStart) -> AwsError:
    """The refusal in AWS's words where a selection cannot do without a source."""
    codes = {problem.code for problem in refused.problems}
    config = call.get("SelectiveExecutionConfig", {})
    if codes == {"selection-source"} and "SourcePipelineExecutionArn" not in config:
        steps = ", ".join(sorted({problem.step or "" for problem in refused.problems}))
        return invalid(
            f"Invalid SourcePipelineExecutionArn: null. The selected steps [{steps}] have dependencies on steps that "
            f"were not selected. {refused}"
        )
    return invalid(str(refused))


def _experiment(execution: Execution) -> Document | None:
    """The experiment a definition names, as far as it names it in plain text or by the pipeline's own variables."""
    text = Execution.objects.values_list("definition", flat=True).get(pk=execution.pk)
    config = document_of(text).get("PipelineExperimentConfig")
    if not isinstance(config, dict):
        return None
    known = {"Execution.PipelineName": execution.pipeline_name, "Execution.PipelineExecutionId": execution.pk}
    found: dict[str, Any] = {}
    for key in ("ExperimentName", "TrialName"):
        value = config.get(key)
        if isinstance(value, dict):
            name = str(value.get("Get", ""))
            parameter = execution.parameters.get(name.removeprefix("Parameters."))
            value = known.get(name, parameter)
        if isinstance(value, str):
            found[key] = value
    return found or None
