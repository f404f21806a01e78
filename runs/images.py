"""The table of images of a workspace: its own lines, then those every installation starts with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.images import DEFAULT_IMAGES, SCRIPT_MODE, XGBOOST_ALGORITHM
from engine.images import ImageMapping as Line
from runs.models.images import ImageMapping, ImageRuntime

TOOLKITS: Mapping[str, str] = {
    ImageRuntime.PYTHON: SCRIPT_MODE,
    ImageRuntime.XGBOOST: XGBOOST_ALGORITHM,
    ImageRuntime.CONTAINER: "",
}


def images_of(workspace_id: str) -> tuple[Line, ...]:
    """Everything that is mapped there now, first match first; one query."""
    return table_of(own_lines(workspace_id))


def own_lines(workspace_id: str) -> list[dict[str, Any]]:
    """The lines that count, as an execution keeps them: what a step runs as is decided when its execution begins."""
    columns = ("pattern", "title", "runtime", "container", "requires")
    return list(ImageMapping.objects.filter(workspace=workspace_id, enabled=True).values(*columns))


def table_of(own: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """The whole table from lines `own_lines` gave."""
    lines = tuple(
        Line(
            name=line["runtime"],
            pattern=line["pattern"],
            title=line["title"],
            toolkit=TOOLKITS[line["runtime"]],
            requires=tuple(line["requires"]),
            container=line["container"] or None,
        )
        for line in own
    )
    return (*lines, *DEFAULT_IMAGES) if lines else DEFAULT_IMAGES


def runtime_of(line: Line) -> str:
    """The word people choose a runtime by."""
    return next(word for word, toolkit in TOOLKITS.items() if toolkit == line.toolkit)
