"""Columns at the wires of a draft: from files, else from what the newest run of each step left."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from accounts.actors import Actor
from accounts.errors import Refused
from engine.definition.model import Definition
from engine.library.column_checks import column_problems
from engine.library.columns import StepColumns, flow
from engine.library.rules import Column, Columns
from engine.problems import Problem
from engine.summaries import SUMMARY_BYTES, SUMMARY_FILE, parse_summary
from runs.models import Execution, StoredObject
from runs.services.tables import table_at
from runs.storage.base import BlobNotFound
from runs.stores import blob_store


def columns_of(actor: Actor, pipeline_id: str, definition: Definition) -> tuple[dict[str, StepColumns], list[Problem]]:
    """(columns of every ready-made step, what is wrong with the columns they name)."""
    looked: dict[str, Columns | None] = {}

    def files(uri: str) -> Columns | None:
        if uri not in looked:
            looked[uri] = _columns_at(actor, uri)
        return looked[uri]

    earlier = _Earlier(actor.workspace.pk, pipeline_id)
    known = flow(definition, files=files, earlier=earlier)
    return known, list(column_problems(known))


def document_of(found: StepColumns) -> dict[str, Any]:
    return {"inputs": _ports(found.inputs), "outputs": _ports(found.outputs)}


def _ports(ports: Any) -> dict[str, Any]:
    return {
        name: None if columns is None else [{"name": one.name, "type": one.type} for one in columns]
        for name, columns in ports.items()
    }


def _columns_at(actor: Actor, uri: str) -> Columns | None:
    """What the file at an address holds; nothing is known of one that is not there or cannot be read."""
    try:
        summary = table_at(actor=actor, uri=uri)
    except Refused:
        return None
    return tuple(Column(one["name"], one["type"]) for one in summary["columns"])


class _Earlier:
    """Columns of the newest summary a step of this pipeline left in an output; each is looked up once."""

    def __init__(self, workspace_id: str, pipeline_id: str) -> None:
        self._workspace, self._pipeline = workspace_id, pipeline_id
        self._rows: dict[tuple[str, str], str] | None = None

    def __call__(self, step: str, output: str) -> Columns | None:
        if self._rows is None:
            self._rows = self._newest()
        sha256 = self._rows.get((step, output))
        return _summary_columns(sha256) if sha256 is not None else None

    def _newest(self) -> dict[tuple[str, str], str]:
        """(step, output) → bytes of the newest summary, over the pipeline's last executions."""
        recent = Execution.objects.filter(workspace=self._workspace, pipeline=self._pipeline).order_by("-started_at")
        ids = list(recent.values_list("pk", flat=True)[:20])
        rows = StoredObject.objects.filter(
            workspace=self._workspace, execution__in=ids, key__endswith=f"/{SUMMARY_FILE}", size__lte=SUMMARY_BYTES
        ).order_by("id")
        return {(row.step, row.output): row.sha256 for row in rows}


@lru_cache(maxsize=512)
def _summary_columns(sha256: str) -> Columns | None:
    try:
        with blob_store().open(sha256) as blob:
            summary = parse_summary(blob.read(SUMMARY_BYTES))
    except (BlobNotFound, OSError):
        return None
    if summary is None or summary["kind"] != "table" or not summary["columns"]:
        return None
    return tuple(Column(one["name"], one["type"]) for one in summary["columns"])
