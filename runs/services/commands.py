"""Carrying out what the planner asked for, inside the deciding transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from engine.conditions import evaluate_conditions
from engine.definition.model import Step
from engine.execution.commands import (
    AnnounceStop,
    Command,
    EvaluateCondition,
    RequestAnswer,
    RunEffect,
    StartAttempt,
    StopAttempt,
)
from engine.execution.names import job_name
from engine.execution.signals import (
    AttemptStopped,
    CacheHit,
    ConditionDecided,
    EffectDone,
    FailReached,
    Signal,
)
from engine.execution.states import AttemptStatus
from engine.expressions import Unresolvable, evaluate
from engine.steps.base import JobContext, JobSpec, Nature, StepNotRunnable, StepType
from engine.steps.catalog import step_type
from engine.steps.jobs.control import describe_condition, fail_message
from runs.jobspec import dump_spec
from runs.models import Job, StepAttempt
from runs.models.attempt import LIVE
from runs.services import caching, effects
from runs.services.documents import add_document, refused
from runs.services.models import RegisteredModels
from runs.services.scope import ExecutionScope

if TYPE_CHECKING:
    from runs.services.transition import Transition


def carry_out(unit: Transition, command: Command) -> Signal | None:
    """Does what the planner asked for. The answer, where there is one already."""
    match command:
        case StartAttempt():
            return start_attempt(unit, command)
        case EvaluateCondition():
            return evaluate_condition(unit, command)
        case RunEffect():
            return run_effect(unit, command)
        case StopAttempt():
            return stop_attempt(unit, command)
        case RequestAnswer() | AnnounceStop():
            from runs.services import asking  # few pipelines ask anybody

            return asking.carry_out(unit, command)
        case _:  # ScheduleRetry: the step's row holds the due time, the reconciler answers with RetryDue
            return None


def start_attempt(unit: Transition, command: StartAttempt) -> Signal | None:
    """Resolves the step's arguments and adds the attempt with its job; or answers CacheHit or StepRefused."""
    step = unit.compiled.step(command.step.name)
    kind = step_type(step.type)
    try:
        context = job_context(unit, step, command.attempt)
        arguments, spec = resolve_job(unit, step, kind, context)
    except (Unresolvable, StepNotRunnable) as refusal:
        return refused(command.step, refusal)
    row = unit.row(command.step)
    if command.attempt == 1 and unit.plan.steps[step.name].cache.enabled:
        hit = caching.look_up(unit, step, caching.key_of(unit, step, kind, arguments, spec))
        if hit is not None:
            unit.stand_for(command.step, hit.job)
            unit.change(row, metrics=hit.metrics)
            return CacheHit(
                step=command.step,
                source_execution=hit.job.execution_id,
                cache_key=hit.key,
                results=hit.job.results,
            )
    describe = kind.describe
    job = Job(
        workspace_id=unit.execution.workspace_id,
        execution_id=unit.execution.pk,
        step_id=row.pk,
        attempt=command.attempt,
        kind=spec.kind,
        name=spec.name,
        arn=spec.arn,
        request=arguments,
        description=describe(context, arguments, None) if describe else {},
        spec=dump_spec(spec),
        outputs=[{"name": output.name, "uri": output.uri} for output in spec.outputs],
        created_at=unit.now,
    )
    attempt = StepAttempt(execution_id=unit.execution.pk, step_id=row.pk, number=command.attempt, created_at=unit.now)
    unit.add_attempt(attempt, job)
    return None


def resolve_job(unit: Transition, step: Step, kind: StepType, context: JobContext) -> tuple[Any, JobSpec]:
    """(evaluated arguments, job).

    Raises:
        Unresolvable: an expression has no value.
        StepNotRunnable: this type, image or argument does not run here.
    """
    if kind.to_job is None:
        raise StepNotRunnable(kind.reason or f'Steps of type "{step.type}" do not run in this release.')
    arguments = evaluate(step.arguments, ExecutionScope(unit, context.job_name))
    return arguments, kind.to_job(context, arguments)


def evaluate_condition(unit: Transition, command: EvaluateCondition) -> Signal:
    step = unit.compiled.step(command.step.name)
    try:
        result = evaluate_conditions(step.arguments.get("Conditions", []), ExecutionScope(unit))
    except Unresolvable as refusal:
        return refused(command.step, refusal)
    add_document(unit, command.step, "Condition", {}, describe_condition(result.outcome))
    return ConditionDecided(step=command.step, outcome=result.outcome, explanation=result.explanation)


def run_effect(unit: Transition, command: RunEffect) -> Signal:
    """A Fail step's message, or an Effect step through its room's services."""
    step = unit.compiled.step(command.step.name)
    kind = step_type(step.type)
    try:
        arguments = evaluate(step.arguments, ExecutionScope(unit))
        if kind.nature is Nature.FAIL:
            message = fail_message(arguments)
            add_document(unit, command.step, "Fail", arguments, {"ErrorMessage": message})
            return FailReached(step=command.step, message=message)
        context = job_context(unit, step, attempt=1)
        description = effects.carry_out(unit, step, kind, context, arguments)
    except (Unresolvable, StepNotRunnable, effects.EffectRefused) as refusal:
        return refused(command.step, refusal)
    add_document(unit, command.step, step.type, arguments, description)
    return EffectDone(step=command.step)


def stop_attempt(unit: Transition, command: StopAttempt) -> Signal | None:
    """Asks the holder of a running attempt to stop it; ends one nobody holds any more."""
    of_step = StepAttempt.objects.filter(step_id=unit.row(command.step).pk, number=command.attempt)
    held = of_step.filter(status__in=LIVE)
    held.filter(stop_requested_at__isnull=True).update(status=AttemptStatus.STOPPING, stop_requested_at=unit.now)
    attempt_id = held.values_list("pk", flat=True).first()
    if attempt_id is None:
        return AttemptStopped(step=command.step, attempt=command.attempt)
    unit.stopped_attempts.append(attempt_id)
    return None


def job_context(unit: Transition, step: Step, attempt: int) -> JobContext:
    execution, workspace = unit.execution, unit.workspace
    return JobContext(
        step=step.document,
        step_name=step.name,
        pipeline_name=execution.pipeline_name,
        execution_id=execution.pk,
        account_id=workspace.account_id,
        region=settings.CLARY_REGION,
        default_bucket=workspace.default_bucket,
        job_name=_name_of_job(unit, step, attempt),
        created_at=unit.now,
        images=unit.images,
        models=RegisteredModels(workspace),
    )


def _name_of_job(unit: Transition, step: Step, attempt: int) -> str:
    """A plain job has the name it was asked for; only another attempt after a lost one needs a name of its own. A name
    in a step's arguments begins the job's name.

    Raises:
        Unresolvable: the name is an expression without a value.
    """
    execution = unit.execution
    if execution.job_name and attempt == 1:
        return execution.job_name
    prefix = execution.job_name or None
    argument = step_type(step.type).name_argument
    if prefix is None and argument is not None and argument in step.arguments:
        named = evaluate(step.arguments[argument], ExecutionScope(unit))
        prefix = named if isinstance(named, str) else None
    return job_name(execution.pipeline_name, execution.pk, step.name, attempt=attempt, prefix=prefix)
