"""Every step type, by the name definitions use."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.steps import condition, fail, processing, register_model, training
from engine.steps.base import Family, Nature, StepType

_ALL = (processing.TYPE, training.TYPE, register_model.TYPE, condition.TYPE, fail.TYPE)

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
