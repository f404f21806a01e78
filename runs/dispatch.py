"""Ringing for pending attempts. The only module that puts anything on the broker.

A doorbell may be lost: `dispatched_at` says when an attempt was last rung, and the reconciler rings again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from engine.execution.states import AttemptStatus
from runs.clock import database_now
from runs.models import StepAttempt
from runs.selectors import live_workers

TASK = "runs.tasks.run_attempt"
log = logging.getLogger(__name__)

Ring = Callable[[Sequence[str]], None]


#: Doorbells per hand-over.
MOST_DOORBELLS = 64


def ring(attempt_ids: Sequence[str]) -> None:
    """Tells workers of these attempts. Never raises: an unheard doorbell is rung again later."""
    try:
        _ringer(attempt_ids[: _useful(len(attempt_ids))])
    except OperationalError as away:
        log.warning("the broker cannot be reached, %d attempts wait for the reconciler: %s", len(attempt_ids), away)
        return
    try:
        pending = StepAttempt.objects.filter(pk__in=attempt_ids, status=AttemptStatus.PENDING)
        pending.update(dispatched_at=database_now())
    except DatabaseError as away:
        log.warning("the doorbells of %d attempts could not be noted: %s", len(attempt_ids), away)


def _useful(count: int) -> int:
    """How many doorbells can wake somebody. A worker's thread that was woken goes on until nothing waits
    (Worker.serve), so more than there are threads would only be messages whose attempt is taken."""
    if count == 1:
        return 1
    try:
        threads = sum(worker.slots for worker in live_workers())
    except DatabaseError:
        threads = 0
    return min(threads or MOST_DOORBELLS, MOST_DOORBELLS)


def use(ringer: Ring) -> None:
    """Rings here instead of at the broker (run_local, tests)."""
    global _ringer
    _ringer = ringer


def ring_broker(attempt_ids: Sequence[str]) -> None:
    """One message per attempt, all of them in one write where the broker can."""
    app: Any = import_string(settings.CELERY_APP)
    with app.producer_pool.acquire(block=True, timeout=5) as producer:
        if len(attempt_ids) == 1:
            app.send_task(TASK, args=[attempt_ids[0]], producer=producer, retry=False)
            return
        with producer.batch():
            for attempt_id in attempt_ids:
                app.send_task(TASK, args=[attempt_id], producer=producer, retry=False)


_ringer: Ring = ring_broker
