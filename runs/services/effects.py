"""Effect steps, carried out through the services of their room inside the deciding transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from accounts.actors import system_actor
from accounts.errors import Refused
from engine.definition.model import Step
from engine.steps.base import JobContext, JobOutcome, StepNotRunnable, StepType
from engine.steps.jobs import register_model

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
    try:
        package = register_model_package(
            actor=system_actor(unit.workspace, unit.execution.started_by or "clary"),
            group_name=register_model.group_name(context, arguments),
            request=arguments,
            description=document,
            source_execution=unit.execution.pk,
            source_step=step.name,
        )
    except Refused as refusal:
        raise EffectRefused(str(refusal)) from refusal
    return register_model.numbered(document, arn_prefix=context.arn_prefix, version=package.version)


_EFFECTS: dict[str, Callable[[Transition, Step, JobContext, Any], dict[str, Any]]] = {
    "RegisterModel": _register_model,
}
