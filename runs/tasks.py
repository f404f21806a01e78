"""What the broker can ask of a worker. A task carries an attempt id and is safe to run twice."""

from __future__ import annotations

from celery import shared_task

from runs.worker.current import current_worker


@shared_task(name="runs.tasks.run_attempt")  # type: ignore[untyped-decorator]  # Celery has no types
def run_attempt(attempt_id: str) -> None:
    current_worker().serve(attempt_id)
