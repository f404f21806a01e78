"""Why a step of a type that runs here would still be refused: its image has no local runtime."""

from __future__ import annotations

from typing import Any

from engine.definition.model import Step
from engine.definition.pointer import MISSING, resolve
from engine.images import ImageMapping, refusal
from engine.steps.jobs.functions import declared_entrypoint, is_function

#: Where each job type names its image, inside the step.
IMAGES = {
    "Processing": "/Arguments/AppSpecification/ImageUri",
    "Training": "/Arguments/AlgorithmSpecification/TrainingImage",
}


def image_refusal(images: tuple[ImageMapping, ...], step: Step) -> str | None:
    """The reason, or None. `images`: the table of the workspace.

    An image that is an expression is only known when the step starts; the image of a job that says itself which Python
    and packages it needs (a function decorated with @step) decides nothing.
    """
    image = image_of(step)
    return refusal(image, images) if isinstance(image, str) and image.strip() else None


def image_of(step: Step) -> Any:
    """What the step says its image is, an expression too; None where it names none or its image decides nothing."""
    if step.type == "Training" and is_function(declared_entrypoint(step.document)):
        return None
    place = IMAGES.get(step.type)
    found = resolve(step.document, place) if place else None
    return None if found is MISSING else found
