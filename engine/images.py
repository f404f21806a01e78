"""Which container images run here, and as what: AWS image names mapped to local runtimes.

An image that no line of the table matches is refused with a reason, never run as something else
(design, section 5). The table an installation edits has these columns; `DEFAULT_IMAGES` is what it starts with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: What starts when a job names no entrypoint.
SCRIPT_MODE = "script"
XGBOOST_ALGORITHM = "xgboost"
#: Training jobs that are something else by their own shape: a function decorated with @step, a notebook.
FUNCTION, NOTEBOOK = "function", "notebook"
#: Not a command of the image but of the service: a model run over a data set.
TRANSFORM = "transform"
#: The same with a model whose image brings a web server of its own, which only Docker can start.
TRANSFORM_SERVED = "transform-served"
INSTEAD_OF_ENTRYPOINT = frozenset({FUNCTION, NOTEBOOK})


@dataclass(frozen=True, kw_only=True)
class ImageMapping:
    """One line of the image table.

    `pattern`: the whole image URI with `*` for any run of characters; nothing else is special.
    `toolkit`: what the image's own `train` command does: SCRIPT_MODE, XGBOOST_ALGORITHM (which also takes scripts),
    or "" when only jobs with their own entrypoint can run.
    `requires`: modules a script of this image counts on that the default environment may lack.
    `container`: a local image to use with the docker runner in place of the default one.
    """

    name: str
    pattern: str
    title: str
    toolkit: str = ""
    requires: tuple[str, ...] = ()
    container: str | None = None


#: First match wins. Accounts and regions differ per framework and are left open on purpose.
DEFAULT_IMAGES: tuple[ImageMapping, ...] = (
    ImageMapping(
        name="sklearn",
        pattern="*.dkr.ecr.*.amazonaws.com*/sagemaker-scikit-learn:*",
        title="scikit-learn 1.x (local)",
        toolkit=SCRIPT_MODE,
    ),
    ImageMapping(
        name="xgboost",
        pattern="*.dkr.ecr.*.amazonaws.com*/sagemaker-xgboost:*",
        title="XGBoost 3.x (local)",
        toolkit=XGBOOST_ALGORITHM,
    ),
    ImageMapping(
        name="xgboost",
        pattern="*.dkr.ecr.*.amazonaws.com*/xgboost:*",
        title="XGBoost 3.x (local)",
        toolkit=XGBOOST_ALGORITHM,
    ),
    ImageMapping(
        name="pytorch",
        pattern="*.dkr.ecr.*.amazonaws.com*/pytorch-training:*",
        title="PyTorch (local environment with torch)",
        toolkit=SCRIPT_MODE,
        requires=("torch",),
    ),
    ImageMapping(
        name="pytorch",
        pattern="*.dkr.ecr.*.amazonaws.com*/pytorch-inference:*",
        title="PyTorch (local environment with torch)",
        toolkit=SCRIPT_MODE,
        requires=("torch",),
    ),
    ImageMapping(
        name="pytorch",
        pattern="*.dkr.ecr.*.amazonaws.com*/sagemaker-pytorch:*",
        title="PyTorch (local environment with torch)",
        toolkit=SCRIPT_MODE,
        requires=("torch",),
    ),
    ImageMapping(name="steps", pattern="clary/steps:*", title="Ready-made steps (local)", toolkit=SCRIPT_MODE),
    ImageMapping(
        name="python",
        pattern="*.dkr.ecr.*.amazonaws.com*/sagemaker-distribution*",
        title="SageMaker Distribution (local Python)",
        toolkit=SCRIPT_MODE,
    ),
    ImageMapping(
        name="python",
        pattern="*.dkr.ecr.*.amazonaws.com*/sagemaker-base-python*",
        title="SageMaker base Python (local Python)",
        toolkit=SCRIPT_MODE,
    ),
    ImageMapping(name="python", pattern="python:*", title="Python 3 (local)", toolkit=SCRIPT_MODE),
    ImageMapping(name="python", pattern="*/library/python:*", title="Python 3 (local)", toolkit=SCRIPT_MODE),
)

#: For jobs that say themselves which Python and packages they need; their image decides nothing here.
ANY_PYTHON = ImageMapping(name="python", pattern="*", title="Python as the job declares it (local)")


def match_image(image: str, mappings: Iterable[ImageMapping] = DEFAULT_IMAGES) -> ImageMapping | None:
    """The first line of the table whose pattern covers the whole image URI, else None."""
    return next((mapping for mapping in mappings if _covers(mapping.pattern, image)), None)


def refusal(image: str, mappings: Iterable[ImageMapping] = DEFAULT_IMAGES) -> str | None:
    """Why this image cannot run here, in words for a FailureReason or a Problem; None when it can."""
    table = tuple(mappings)
    if match_image(image, table) is not None:
        return None
    if not image.strip():
        return "The step names no image. Set an image, for example python:3.11 or an AWS scikit-learn image."
    known = ", ".join(dict.fromkeys(mapping.title for mapping in table)) or "none"
    return (
        f"No local runtime is mapped to the image {image}. Mapped here: {known}. "
        "Add a line for this image to the image table (Settings, Images), or use one of the mapped images."
    )


def _covers(pattern: str, text: str) -> bool:
    """Glob match with `*` only. Each fixed part is searched once, left to right, so the time stays linear."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return pattern == text
    first, *middle, last = parts
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
