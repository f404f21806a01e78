"""What a workspace's runs and workers come to, in Prometheus' text format.

Read from the database at every scrape: counts of one process would miss what the other processes do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Min
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from accounts.actors import Actor
from engine.execution.states import AttemptStatus, ExecutionStatus
from runs.clock import database_now
from runs.models import StepAttempt
from runs.models.attempt import LIVE
from runs.selectors import executions, live_workers

CONTENT_TYPE = CONTENT_TYPE_LATEST


class _Workspace:
    """A collector: one pass over the tables per scrape."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def collect(self) -> Iterator[Metric]:
        yield from self._executions()
        yield from self._attempts()
        yield from self._workers()

    def _executions(self) -> Iterator[Metric]:
        rows = executions(self._actor).order_by()
        found = dict(rows.values_list("status").annotate(Count("pk")))
        counts = GaugeMetricFamily("clary_executions", "Executions on record, by status.", labels=["status"])
        for status in ExecutionStatus:
            counts.add_metric([status.value], found.get(status.value, 0))
        yield counts

        name, text = "clary_pipeline_last_end_timestamp_seconds", "When an execution last ended so."
        ends = GaugeMetricFamily(name, text, labels=["pipeline", "status"])
        listed = rows.filter(pipeline__hidden=False, pipeline__deleted_at=None, ended_at__isnull=False)
        for pipeline, status, at in listed.values_list("pipeline_name", "status").annotate(Max("ended_at")):
            ends.add_metric([pipeline, status], at.timestamp())
        yield ends

    def _attempts(self) -> Iterator[Metric]:
        mine = StepAttempt.objects.filter(execution__workspace=self._actor.workspace)
        waiting = mine.filter(status=AttemptStatus.PENDING).aggregate(number=Count("pk"), oldest=Min("created_at"))
        yield GaugeMetricFamily("clary_steps_ready", "Steps that wait for a worker.", value=waiting["number"])
        oldest: datetime | None = waiting["oldest"]
        seconds = max(0.0, (database_now() - oldest).total_seconds()) if oldest else 0.0
        yield GaugeMetricFamily("clary_steps_ready_oldest_seconds", "How long the oldest of them waits.", value=seconds)
        running = mine.filter(status__in=LIVE).count()
        yield GaugeMetricFamily("clary_steps_running", "Steps that workers hold.", value=running)

    def _workers(self) -> Iterator[Metric]:
        slots = GaugeMetricFamily(
            "clary_worker_slots", "Steps that live workers can run at once.", labels=["host", "worker", "runner"]
        )
        for worker in live_workers():
            slots.add_metric([worker.host, worker.pk, worker.runner], worker.slots)
        yield slots


def metrics_text(actor: Actor) -> bytes:
    """The workspace's metrics as Prometheus text, UTF-8."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Workspace(actor))
    return generate_latest(registry)
