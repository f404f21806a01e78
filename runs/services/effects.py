"""Effect steps, carried out through the services of their room inside the deciding transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from accounts.actors import system_actor
from accounts.errors import Refused
from engine.definition.model import Step
from engine.steps.base import InputSpec, JobContext, JobOutcome, StepNotRunnable, StepType
from engine.steps.jobs import model, register_model
from runs import namespace
from runs.services.model_figures import figures_of
from runs.services.producers import producers_of

if TYPE_CHECKING:
    from runs.services.transition import Transition


class EffectRefused(Exception):
    """The effect cannot be carried out; the message is the step's failure reason."""


def carry_out(unit: Transition, step: Step, kind: StepType, context: JobContext, arguments: Any) -> dict[str, Any]:
    """The description document of the carried out step.

    Raises:
        StepNotRunnable: no effect is known for this type, or its arguments are wrong.
        EffectRefused: the room refuses.
    """
    effect = _EFFECTS.get(step.type)
    if effect is None:
        raise StepNotRunnable(kind.reason or f'Steps of type "{step.type}" do not run in this release.')
    return effect(unit, step, context, arguments)


def _register_model(unit: Transition, step: Step, context: JobContext, arguments: Any) -> dict[str, Any]:
    from registry.services.packages import register_model_package

    outcome = JobOutcome(status="Completed", started_at=unit.now, ended_at=unit.now)
    document = register_model.describe(context, arguments, outcome)
    figures = figures_of(
        unit.execution.workspace_id,
        document,
        execution_id=unit.execution.pk,
        producers=producers_of(unit, step.name),
    )
    try:
        package = register_model_package(
            actor=system_actor(unit.workspace, unit.execution.started_by or "clary"),
            group_name=register_model.group_name(context, arguments),
            request=arguments,
            description=document,
            source_execution=unit.execution.pk,
            source_step=step.name,
            figures=figures,
        )
    except Refused as refusal:
        raise EffectRefused(str(refusal)) from refusal
    return register_model.numbered(document, arn_prefix=context.arn_prefix, version=package.version)


def _create_model(unit: Transition, step: Step, context: JobContext, arguments: Any) -> dict[str, Any]:
    """AWS looks at the model's files when a model is made, so that a wrong address is told here and not by a user of
    the model."""
    from registry.services.models import create_model

    outcome = JobOutcome(status="Completed", started_at=unit.now, ended_at=unit.now)
    document = model.describe(context, arguments, outcome)
    try:
        files = [
            InputSpec(name="ModelDataUrl", uri=container.data, local_path="/opt/ml/model")
            for container in model.read_containers(document, context.models)
            if container.data is not None
        ]
        producers = producers_of(unit, step.name)
        namespace.resolve_inputs(unit.execution.workspace_id, unit.execution.pk, files, producers)
        made = create_model(
            actor=system_actor(unit.workspace, unit.execution.started_by or "clary"),
            name=context.job_name,
            request={**arguments, "ModelName": context.job_name},
            source_execution=unit.execution.pk,
            source_step=step.name,
        )
    except (Refused, namespace.InputMissing) as refusal:
        raise EffectRefused(str(refusal)) from refusal
    description: dict[str, Any] = json.loads(made.description)
    return description


_EFFECTS: dict[str, Callable[[Transition, Step, JobContext, Any], dict[str, Any]]] = {
    "Model": _create_model,
    "RegisterModel": _register_model,
}
