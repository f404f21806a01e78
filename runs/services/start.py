"""Starting an execution of a draft or a version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.errors import AliasNotFound, PipelineNotFound, VersionNotFound
from editor.models import Alias, Draft, Pipeline, PipelineVersion
from engine.definition.parameters import resolve_parameters
from engine.execution import planner
from engine.execution.selection import Selection, plan_selection
from engine.execution.signals import StartRequested
from engine.execution.state import State
from runs import plans
from runs.clock import database_now
from runs.errors import ExecutionNotFound, TokenReused
from runs.images import own_lines, table_of
from runs.models import ClientToken, Execution, Job, StepExecution
from runs.services import slices
from runs.services.checking import refuse, refuse_errors, unusable_source
from runs.services.transition import apply

DISPLAY_NAME_LENGTH = 82  # AWS StartPipelineExecution.PipelineExecutionDisplayName


@dataclass(frozen=True, kw_only=True)
class Selective:
    """Only these steps run; what they read comes from `source_execution`."""

    steps: Sequence[str]
    source_execution: str | None = None


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What AWS callers say about an execution beside what it runs. Kept and shown; nothing here acts on it."""

    description: str = ""
    role_arn: str = ""
    mlflow_experiment: str = ""
    job_name: str = ""  # of a plain job: the exact name its one step's job gets


@dataclass(frozen=True, kw_only=True)
class _Source:
    """What is started: texts and where they come from."""

    definition: str
    layout: str
    version: PipelineVersion | None
    label: str


def start_execution(
    *,
    actor: Actor,
    pipeline_id: str,
    source: str = "draft",
    version: int | None = None,
    alias: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    display_name: str = "",
    parallelism: int | None = None,
    selective: Selective | None = None,
    noted: Noted | None = None,
    as_aws: bool = False,
    client_request_token: str | None = None,
) -> Execution:
    """A new execution that runs already; the same `client_request_token` gives the same execution again.

    `source`: "draft" runs the draft, "version" the version of that number or alias or the newest; both texts are
    copied. `parallelism` None takes the pipeline's own limit. `as_aws`: a step that cannot run here does not refuse
    the start, it fails at its turn.

    Raises:
        NotPermitted, PipelineNotFound, VersionNotFound, AliasNotFound: as they say.
        CannotStart: the definition or the given values have errors; the first is named.
        TokenReused: the token was used with other values.
    """
    require(actor, Permission.START_EXECUTION)
    noted = noted or Noted()
    asked = _digest(pipeline_id, source, version, alias, parameters, display_name, parallelism, selective, noted)
    with transaction.atomic():
        # Locking the pipeline orders equal tokens; SQLite's IMMEDIATE transaction does so by itself.
        own = Pipeline.objects.select_for_update().filter(workspace=actor.workspace, deleted_at__isnull=True)
        pipeline = own.filter(pk=pipeline_id).first()
        if pipeline is None:
            raise PipelineNotFound(pipeline=pipeline_id)
        known = _started_before(actor, client_request_token, asked)
        if known is not None:
            return known
        execution = _create(
            actor=actor,
            pipeline=pipeline,
            text=_source(pipeline, source, version, alias),
            given=parameters or {},
            display_name=display_name,
            parallelism=parallelism if parallelism is not None else pipeline.parallelism,
            selective=selective,
            noted=noted,
            as_aws=as_aws,
        )
        if client_request_token:
            ClientToken.objects.create(
                workspace=actor.workspace,
                action="start",
                token=client_request_token,
                request_sha256=asked,
                execution=execution,
                created_at=execution.created_at,
            )
        source_execution = selective.source_execution if selective else None
        execution = apply(execution.pk, StartRequested(source_execution=source_execution))
        detail = {"pipeline": pipeline.name, "source": execution.source_label, "parameters": execution.parameters}
        audit.record(actor, "execution.start", execution.pk, detail)
    return execution


def _create(
    *,
    actor: Actor,
    pipeline: Pipeline,
    text: _Source,
    given: Mapping[str, Any],
    display_name: str,
    parallelism: int | None,
    selective: Selective | None,
    noted: Noted,
    as_aws: bool,
) -> Execution:
    sha256 = hashlib.sha256(text.definition.encode("utf-8", "surrogatepass")).hexdigest()
    images = own_lines(actor.workspace.pk)
    refuse_errors(sha256, text.definition, table_of(images), as_aws=as_aws)
    compiled = plans.remember(sha256, lambda: text.definition)
    values, problems = resolve_parameters(compiled.definition, given)
    refuse(problems)
    selection, source = _select(actor, pipeline.pk, compiled, selective)
    state = planner.initial_state(compiled.plan, parallelism=parallelism, selection=selection)
    now = database_now()
    execution = Execution(
        workspace=actor.workspace,
        pipeline=pipeline,
        version=text.version,
        pipeline_name=pipeline.name,
        source_label=text.label,
        display_name=display_name[:DISPLAY_NAME_LENGTH],
        definition=text.definition,
        definition_sha256=sha256,
        layout=text.layout,
        parameters=values,
        selection=None
        if selective is None
        else {
            "steps": list(selective.steps),
            "source_execution": selective.source_execution,
        },
        started_by=actor.username,
        description=noted.description,
        role_arn=noted.role_arn,
        mlflow_experiment=noted.mlflow_experiment,
        job_name=noted.job_name,
        images=images,
        created_at=now,
        updated_at=now,
    )
    slices.write_header(execution, state.header)
    execution.save(force_insert=True)
    StepExecution.objects.bulk_create(_rows(execution, state, source), batch_size=500)
    return execution


def _rows(execution: Execution, state: State, source: Execution | None) -> list[StepExecution]:
    jobs = _source_jobs(source) if source is not None else {}
    rows = []
    for position, (key, step) in enumerate(state.steps.items()):
        row = StepExecution(
            execution=execution,
            name=key.name,
            iteration_index=key.iteration,
            type=step.type,
            position=position,
            job=jobs.get(key.name) if step.reused else None,
        )
        if row.job is not None:
            row.results = row.job.results
        slices.set_state(row, step)
        rows.append(row)
    return rows


def _source_jobs(source: Execution) -> dict[str, Job]:
    rows = StepExecution.objects.filter(execution=source, job__isnull=False).select_related("job")
    return {row.name: row.job for row in rows if row.job is not None}


def _select(
    actor: Actor, pipeline_id: str, compiled: plans.Compiled, selective: Selective | None
) -> tuple[Selection | None, Execution | None]:
    if selective is None:
        return None, None
    source, statuses = None, None
    if selective.source_execution is not None:
        own = Execution.objects.filter(workspace=actor.workspace).defer("definition", "layout")
        source = own.filter(pk=selective.source_execution).first()
        if source is None:
            raise ExecutionNotFound(execution=selective.source_execution)
        refuse(unusable_source(pipeline_id, source))
        statuses = dict(StepExecution.objects.filter(execution=source).values_list("name", "status"))
    selection, problems = plan_selection(compiled.plan, selective.steps, statuses)
    refuse(problems)
    return selection, source


def _source(pipeline: Pipeline, source: str, version: int | None, alias: str | None) -> _Source:
    if source == "draft" and version is None and alias is None:
        draft = Draft.objects.get(pipeline=pipeline)
        label = f"draft after v{draft.base_version}" if draft.base_version else "draft"
        return _Source(definition=draft.definition, layout=draft.layout, version=None, label=label)
    if alias is not None:
        version = Alias.objects.filter(pipeline=pipeline, name=alias).values_list("version__number", flat=True).first()
        if version is None:
            raise AliasNotFound(pipeline=pipeline.name, alias=alias)
    versions = PipelineVersion.objects.filter(pipeline=pipeline)
    found = versions.filter(number=version).first() if version is not None else versions.order_by("-number").first()
    if found is None:
        raise VersionNotFound(pipeline=pipeline.name, number=version or 1)
    return _Source(definition=found.definition, layout=found.layout, version=found, label=f"v{found.number}")


def _started_before(actor: Actor, token: str | None, asked: str) -> Execution | None:
    if not token:
        return None
    known = ClientToken.objects.filter(workspace=actor.workspace, action="start", token=token)
    found = known.select_related("execution").first()
    if found is None:
        return None
    if found.request_sha256 != asked:
        raise TokenReused(token=token)
    return found.execution


def _digest(*asked: Any) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=repr).encode()).hexdigest()
