"""What the editor asks of rooms above it. Each is provided once, in that room's AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from engine.images import DEFAULT_IMAGES, ImageMapping


@dataclass(frozen=True, kw_only=True)
class LastExecution:
    id: str
    status: str
    started_at: datetime
    duration_seconds: float | None


#: (actor, pipeline ids) → newest execution per pipeline id.
LastExecutions = Callable[[Actor, Sequence[str]], Mapping[str, LastExecution]]
#: (actor, pipeline id) → number of executions that have not ended.
RunningExecutions = Callable[[Actor, str], int]
#: workspace id → its table of images, first match first.
ImageTable = Callable[[str], tuple[ImageMapping, ...]]
#: workspace id → whoever shows its pipelines looks again.
PipelinesChanged = Callable[[str], None]


def _none_yet(actor: Actor, pipeline_ids: Sequence[str]) -> Mapping[str, LastExecution]:
    return {}


def _none_running(actor: Actor, pipeline_id: str) -> int:
    return 0


def _default_images(workspace_id: str) -> tuple[ImageMapping, ...]:
    return DEFAULT_IMAGES


def _nobody_looks(workspace_id: str) -> None:
    return


_last: LastExecutions = _none_yet
_running: RunningExecutions = _none_running
_images: ImageTable = _default_images
_changed: PipelinesChanged = _nobody_looks


def provide(
    *,
    last_executions: LastExecutions,
    running_executions: RunningExecutions,
    image_table: ImageTable,
    pipelines_changed: PipelinesChanged,
) -> None:
    """Called by the room that keeps executions."""
    global _last, _running, _images, _changed
    _last, _running, _images, _changed = last_executions, running_executions, image_table, pipelines_changed


def last_executions(actor: Actor, pipeline_ids: Sequence[str]) -> Mapping[str, LastExecution]:
    return _last(actor, pipeline_ids)


def running_executions(actor: Actor, pipeline_id: str) -> int:
    return _running(actor, pipeline_id)


def images_of(workspace_id: str) -> tuple[ImageMapping, ...]:
    """Which images run there, the installation's own lines first."""
    return _images(workspace_id)


def pipelines_changed(workspace_id: str) -> None:
    """Tells open studios that a version came from the API or a pipeline went; asked once it is committed."""
    _changed(workspace_id)
