"""Why a step of a type that runs here would still be refused: its image has no local runtime."""

from __future__ import annotations

from engine.definition.model import Step
from engine.definition.pointer import resolve
from engine.images import ImageMapping, refusal

#: Where each job type names its image, inside the step.
IMAGES = {
    "Processing": "/Arguments/AppSpecification/ImageUri",
    "Training": "/Arguments/AlgorithmSpecification/TrainingImage",
}


def image_refusal(images: tuple[ImageMapping, ...], step: Step) -> str | None:
    """The reason, or None. `images`: the table of the workspace.

    An image that is an expression is only known when the step starts.
    """
    place = IMAGES.get(step.type)
    image = resolve(step.document, place) if place else None
    return refusal(image, images) if isinstance(image, str) and image.strip() else None
