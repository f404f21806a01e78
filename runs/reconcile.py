"""Repairs what a crash, a lost message or a full broker left behind. Runs every 2 s in every scheduler.

The normal path never waits for this. Each repair is a guarded transition, so two reconcilers at once are harmless.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connections
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from engine.execution.signals import AttemptGone, AttemptStopped, RetryDue, StepRefused
from engine.execution.states import AttemptStatus, ExecutionStatus, FailureCategory, StepStatus
from runs import dispatch
from runs.clock import database_now
from runs.models import CallbackToken, QueueMessage, StepAttempt, StepExecution, Worker
from runs.models.attempt import LIVE
from runs.services.claims import LEASE
from runs.services.slices import key_of
from runs.services.transition import apply, transition

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
BATCH = 500
#: An attempt nobody was told of within this time was left by a process that died before ringing.
UNRUNG_AFTER = timedelta(seconds=1)
#: A doorbell that no idle worker has followed within this time is taken for lost.
RING_AGAIN_AFTER = timedelta(seconds=4)
#: Longest a holder may take to stop its step (grace period and slack) before the stop is settled without it.
STOP_SETTLED_AFTER = timedelta(seconds=13)
WORKER_FORGOTTEN_AFTER = timedelta(seconds=60)
#: A step that should have started, or been decided on, in the transaction that made it ready, but was not.
UNANSWERED_AFTER = timedelta(seconds=30)
UNANSWERED_REASON = "The step was made ready but never started, which is a fault of Clary. Retry the execution."
#: Sweeps between two that also look for unanswered steps: that is a bug's trace, not a crash's, and costs more.
THOROUGH_EVERY = 10


@dataclass(frozen=True, kw_only=True)
class Repairs:
    """How many of each were repaired in one sweep."""

    lost: int = 0
    rung: int = 0
    retried: int = 0
    stopped: int = 0
    unanswered: int = 0
    given_up: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())


def sweep(*, judge_leases: bool = True, thorough: bool = True) -> Repairs:
    """One pass over everything that can be left behind. `thorough`: looks for unanswered steps, too."""
    now = database_now()
    repairs = Repairs(
        lost=_lose_expired(now) if judge_leases else 0,
        stopped=_settle_stops(now),
        retried=_start_due_retries(now),
        rung=_ring_again(now),
        unanswered=_fail_unanswered(now) if thorough else 0,
        given_up=_give_up_waiting(now) if thorough else 0,
    )
    if thorough:
        QueueMessage.objects.filter(expires_at__lte=now).delete()
    Worker.objects.filter(seen_at__lt=now - WORKER_FORGOTTEN_AFTER).delete()
    return repairs


def release_dead_workers() -> int:
    """Ends the leases of workers of this host whose process is gone, without waiting for them. How many attempts."""
    released = 0
    for worker in Worker.objects.filter(host=socket.gethostname()):
        if not _is_alive(worker.pid):
            held = StepAttempt.objects.filter(worker=worker.pk, status__in=LIVE)
            for attempt in held.select_related("step"):
                released += _lose(attempt, "Its worker process died.")
            worker.delete()
    return released


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _lose_expired(now: datetime) -> int:
    expired = StepAttempt.objects.filter(status__in=LIVE, lease_until__lt=now)
    return sum(
        _lose(attempt, "Its worker was not heard of in time.") for attempt in expired.select_related("step")[:BATCH]
    )


def _lose(attempt: StepAttempt, reason: str) -> int:
    guarded = StepAttempt.objects.filter(
        pk=attempt.pk, status__in=LIVE, lease_token=attempt.lease_token, lease_until=attempt.lease_until
    )
    with transition(attempt.execution_id) as unit:
        if not guarded.update(status=AttemptStatus.LOST, ended_at=unit.now, reason=reason, category="lost"):
            return 0
        unit.feed(AttemptGone(step=key_of(attempt.step), attempt=attempt.number, reason=reason))
    log.warning("attempt %s of step %s was lost: %s", attempt.pk, attempt.step.name, reason)
    return 1


def _settle_stops(now: datetime) -> int:
    stuck = StepAttempt.objects.filter(status=AttemptStatus.STOPPING, stop_requested_at__lt=now - STOP_SETTLED_AFTER)
    settled = 0
    for attempt in stuck.select_related("step")[:BATCH]:
        with transition(attempt.execution_id) as unit:
            if stuck.filter(pk=attempt.pk).update(status=AttemptStatus.STOPPED, ended_at=unit.now):
                unit.feed(AttemptStopped(step=key_of(attempt.step), attempt=attempt.number))
                settled += 1
    return settled


def _start_due_retries(now: datetime) -> int:
    due = StepExecution.objects.filter(retry_due__isnull=False, retry_due__lte=now)
    rows = list(due.order_by("retry_due")[:BATCH])
    for row in rows:
        apply(row.execution_id, RetryDue(step=key_of(row)))
    return len(rows)


def _fail_unanswered(now: datetime) -> int:
    """Steps the planner asked somebody to start or to decide on, and nobody did (decision 0002)."""
    attempt = StepAttempt.objects.filter(step=OuterRef("pk"), number=OuterRef("attempt"))
    to_start = Q(status=StepStatus.QUEUED, has_attempt=True) & ~Exists(attempt)
    to_decide = Q(status=StepStatus.STARTING, has_attempt=False)
    asked = StepExecution.objects.annotate(asked_at=Coalesce("queued_at", "started_at"))
    rows = asked.filter(
        to_start | to_decide, execution__status=ExecutionStatus.EXECUTING, asked_at__lt=now - UNANSWERED_AFTER
    )
    failed = 0
    for row in rows[:BATCH]:
        with transition(row.execution_id) as unit:
            if rows.filter(pk=row.pk).exists():
                log.error("step %s of execution %s was never started", row.name, row.execution_id)
                category = FailureCategory.SERVICE_FAULT
                unit.feed(StepRefused(step=key_of(row), reason=UNANSWERED_REASON, category=category))
                failed += 1
    return failed


def _give_up_waiting(now: datetime) -> int:
    """Ends waits for answers that did not come within the longest time an execution may take."""
    overdue = list(CallbackToken.objects.filter(answered_at__isnull=True, expires_at__lt=now)[:BATCH])
    if not overdue:
        return 0
    from runs.services.answering import give_up_waiting  # hardly ever needed

    return sum(give_up_waiting(asked) for asked in overdue)


def _ring_again(now: datetime) -> int:
    """Rings for attempts nobody was told of, and for rung ones while workers stand idle."""
    pending = StepAttempt.objects.filter(status=AttemptStatus.PENDING)
    waiting = Q(dispatched_at__isnull=True, created_at__lt=now - UNRUNG_AFTER)
    if _has_idle_worker(now):
        waiting |= Q(dispatched_at__lt=now - RING_AGAIN_AFTER)
    ids = list(pending.filter(waiting).order_by("created_at").values_list("pk", flat=True)[:BATCH])
    if ids:
        dispatch.ring(ids)
    return len(ids)


def _has_idle_worker(now: datetime) -> bool:
    slots = sum(Worker.objects.filter(draining=False, seen_at__gt=now - 3 * LEASE).values_list("slots", flat=True))
    return StepAttempt.objects.filter(status__in=LIVE)[: slots + 1].count() < slots


class Reconciler:
    """Sweeps until told to end. After an outage of the database every holder gets time to renew before leases count."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, after_each: Callable[[], object] | None = None
    ) -> None:
        self._clock = clock
        self._after_each = after_each
        self._ended = threading.Event()
        self._judge_from = clock()
        self._sweeps = 0

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        while not self._ended.is_set():
            self.sweep_once()
            self._ended.wait(SWEEP_SECONDS)
        connections.close_all()

    def sweep_once(self) -> Repairs:
        try:
            thorough = self._sweeps % THOROUGH_EVERY == 0
            repairs = sweep(judge_leases=self._clock() >= self._judge_from, thorough=thorough)
            self._sweeps += 1
            if self._after_each is not None:
                self._after_each()
        except DatabaseError as away:
            log.warning("the database cannot be reached, repairs wait: %s", away)
            connections.close_all()
            self._judge_from = self._clock() + LEASE.total_seconds()
            return Repairs()
        if repairs:
            log.info("repaired: %s", repairs)
        return repairs
