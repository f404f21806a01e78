"""Columns at the wires of a draft: from files, else from what the newest run of each step left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from accounts.actors import Actor
from accounts.errors import Refused
from engine.definition.model import Definition
from engine.library.column_checks import column_problems
from engine.library.columns import Sources, StepColumns, flow
from engine.library.renaming import Moved, moved
from engine.library.rules import Column, Columns
from engine.problems import Problem
from engine.summaries import SUMMARY_BYTES, SUMMARY_FILE, parse_summary
from runs.errors import TableUnreadable
from runs.models import DatasetVersion, Execution, StoredObject
from runs.services.readings import file_columns, query_columns, version_columns
from runs.storage.base import BlobNotFound
from runs.stores import blob_store


def columns_of(actor: Actor, pipeline_id: str, definition: Definition) -> tuple[dict[str, StepColumns], list[Problem]]:
    """(columns of every ready-made step, what is wrong with the columns they name)."""
    files = Files(actor)
    sources = sources_of(actor, pipeline_id, files)
    known = flow(definition, sources)
    return known, list(column_problems(definition, known, sources, files.change))


def sources_of(actor: Actor, pipeline_id: str, files: Files) -> Sources:
    """Where the columns of a pipeline's steps are known from."""
    return Sources(files=files, earlier=_Earlier(actor.workspace.pk, pipeline_id), queries=query_columns)


class Files:
    """The columns of files, each looked at once in each way it is read."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[tuple[str, str], Columns | str | None] = {}

    def __call__(self, uri: str, reading: Mapping[str, Any]) -> Columns | str | None:
        key = (uri, json.dumps(reading, sort_keys=True))
        if key not in self._known:
            self._known[key] = self._look(uri, reading)
        return self._known[key]

    def change(self) -> Moved:
        """How the datasets among the files differ from the version before."""
        found = Moved()
        uris = {uri for uri, _ in self._known}
        for version in DatasetVersion.objects.filter(dataset__workspace=self._actor.workspace, uri__in=uris):
            older = DatasetVersion.objects.filter(dataset=version.dataset_id, number__lt=version.number)
            before = older.order_by("-number").first()
            if before is not None:
                found |= self._change(before, version)
        return found

    def _change(self, before: DatasetVersion, now: DatasetVersion) -> Moved:
        try:
            return moved(version_columns(self._actor, before), version_columns(self._actor, now))
        except Refused:  # one of them is gone or cannot be read any more
            return Moved()

    def _look(self, uri: str, reading: Mapping[str, Any]) -> Columns | str | None:
        try:
            return file_columns(self._actor, uri, reading)
        except TableUnreadable as refused:
            return str(refused.message)
        except Refused:  # not there, or no address: the definition's own checks say so
            return None


def document_of(found: StepColumns) -> dict[str, Any]:
    return {"inputs": _ports(found.inputs), "outputs": _ports(found.outputs)}


def _ports(ports: Any) -> dict[str, Any]:
    return {name: None if columns is None else [_column(one) for one in columns] for name, columns in ports.items()}


def _column(one: Column) -> dict[str, Any]:
    shown = {"name": one.name, "type": "other" if one.type == "unknown" else one.type}
    return {**shown, "open": True} if one.open else shown


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
