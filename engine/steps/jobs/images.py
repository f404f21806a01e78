"""Resolving the image of a job against the installation's table."""

from __future__ import annotations

from engine.images import ANY_PYTHON, ImageMapping, match_image, refusal
from engine.steps.base import JobContext, StepNotRunnable


def resolve_image(context: JobContext, image: str) -> ImageMapping:
    """The line of the image table this image runs as.

    Raises:
        StepNotRunnable: no line matches; the message says which images are mapped and what to do.
    """
    match = match_image(image, context.images)
    if match is None:
        raise StepNotRunnable(refusal(image, context.images) or f"No local runtime is mapped to the image {image}.")
    return match


def image_or_python(context: JobContext, image: str) -> ImageMapping:
    """The line of the table for a job that says itself which Python and packages it needs; any Python else."""
    return match_image(image, context.images) or ANY_PYTHON
