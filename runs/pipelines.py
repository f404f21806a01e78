"""What the editor's pipelines have to do with executions: their last one, and rows for the feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.actors import Actor, system_actor
from accounts.models import Workspace
from editor.hooks import LastExecution
from editor.selectors import pipelines_changed
from editor.serializers import PipelineRowSerializer
from engine.execution.states import TERMINAL_EXECUTION
from runs import hints
from runs.models import Execution
from runs.rows import seconds_between


def last_executions(actor: Actor, pipeline_ids: Sequence[str]) -> Mapping[str, LastExecution]:
    """Newest execution per pipeline; one query for all of them."""
    own = Execution.objects.filter(workspace=actor.workspace, pipeline__in=pipeline_ids)
    newest = own.order_by().values("pipeline").annotate(newest=Max("created_at")).values("newest")
    found: dict[str, LastExecution] = {}
    columns = ("pipeline_id", "pk", "status", "created_at", "started_at", "ended_at")
    for pipeline_id, pk, status, created, started, ended in own.filter(created_at__in=newest).values_list(*columns):
        found[pipeline_id] = LastExecution(
            id=pk, status=status, started_at=started or created, duration_seconds=seconds_between(started, ended)
        )
    return found


def running_executions(actor: Actor, pipeline_id: str) -> int:
    own = Execution.objects.filter(workspace=actor.workspace, pipeline=pipeline_id)
    return own.exclude(status__in=TERMINAL_EXECUTION).count()


def changed_pipelines(workspace_id: str, since: datetime, limit: int) -> list[dict[str, Any]]:
    """Rows of pipelines edited or deleted after `since`, as the list of pipelines shows them, with `deleted`."""
    actor = system_actor(Workspace(pk=workspace_id))
    rows = list(pipelines_changed(actor, since)[:limit])
    if not rows:
        return []
    last = last_executions(actor, [row.pk for row in rows])
    for row in rows:
        row.last_execution = last.get(row.pk)  # type: ignore[attr-defined]  # shown beside the row
    shown = PipelineRowSerializer(rows, many=True).data
    return [{**one, "deleted": row.deleted_at is not None} for row, one in zip(rows, shown, strict=True)]


def tell_changed(workspace_id: str) -> None:
    """Whoever follows the workspace's feed gets the changed rows now and not at its next look."""
    hints.publish([hints.PipelineHint(workspace=workspace_id)])
