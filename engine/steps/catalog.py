"""Every step type, by the name definitions use."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.steps import (
    auto_ml,
    callback,
    clarify_check,
    cleanup,
    condition,
    emr,
    emr_serverless,
    endpoint,
    endpoint_config,
    fail,
    for_each,
    inference_component,
    job,
    lambda_function,
    lineage,
    model,
    processing,
    quality_check,
    register_model,
    training,
    transform,
    tuning,
)
from engine.steps.base import Family, Nature, StepType

_ALL = (
    processing.TYPE,
    training.TYPE,
    tuning.TYPE,
    auto_ml.TYPE,
    model.TYPE,
    register_model.TYPE,
    transform.TYPE,
    endpoint_config.TYPE,
    endpoint.TYPE,
    inference_component.TYPE,
    condition.TYPE,
    for_each.TYPE,
    fail.TYPE,
    cleanup.TYPE,
    lambda_function.TYPE,
    callback.TYPE,
    quality_check.TYPE,
    clarify_check.TYPE,
    emr.TYPE,
    emr_serverless.TYPE,
    lineage.TYPE,
    job.TYPE,
)

STEP_TYPES: Mapping[str, StepType] = MappingProxyType({step_type.type: step_type for step_type in _ALL})


def step_type(name: str) -> StepType:
    """The step type of that name; an unknown one is opaque: shown, kept, exported, refused at run."""
    found = STEP_TYPES.get(name)
    if found is not None:
        return found
    return StepType(
        type=name,
        title=name or "Unknown step",
        family=Family.CODE,
        description="A step type Clary does not know. It is kept exactly as it is.",
        nature=Nature.UNSUPPORTED,
        reason=f'Clary does not know the step type "{name}", so it cannot run it.',
    )
