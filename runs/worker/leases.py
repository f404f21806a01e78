"""Keeping what this worker holds: one UPDATE renews every lease; what cannot be renewed is killed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from django.db import DatabaseError, connections

from runs.clock import database_now
from runs.models import StepAttempt, Worker
from runs.models.attempt import LIVE
from runs.services.claims import LEASE
from runs.worker.held import HeldAttempt

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
#: A holder that has not renewed for so long kills its steps: 3 s before anybody else may start them.
FENCE_SECONDS = 7.0
SEEN_EVERY_SECONDS = 10.0


class LeaseKeeper:
    """One thread per worker. `held` gives attempt id → attempt in hand now; `clock` never goes back."""

    def __init__(
        self,
        worker_id: str,
        held: Callable[[], Mapping[str, HeldAttempt]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worker_id = worker_id
        self._held = held
        self._clock = clock
        self._wake = threading.Event()
        self._ended = False
        self._renewed = clock()
        self._seen = 0.0
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def look_now(self) -> None:
        """A hint came: somebody may want an attempt stopped."""
        self._wake.set()

    def close(self) -> None:
        self._ended = True
        self._wake.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ended:
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
            self.beat()
        connections.close_all()

    def beat(self) -> None:
        """Renews what can be renewed, and lets go of what could not be for too long."""
        try:
            self.tick()
        except DatabaseError as away:
            log.warning("leases cannot be renewed: %s", away)
            connections.close_all()
        self.fence()

    def tick(self) -> None:
        """Renews every lease, passes on stop requests, and kills what this worker does not hold any more."""
        held = dict(self._held())
        started = self._clock()
        if held:
            mine = StepAttempt.objects.filter(pk__in=list(held), worker=self._worker_id, status__in=LIVE)
            mine.update(lease_until=database_now() + LEASE)
            stop_wanted = dict(mine.values_list("pk", "stop_requested_at"))
            for attempt_id, attempt in held.items():
                if attempt_id not in stop_wanted:
                    self._lose(attempt)
                elif stop_wanted[attempt_id] is not None:
                    attempt.stop.ask()
        self._renewed = started
        if started - self._seen >= SEEN_EVERY_SECONDS:
            Worker.objects.filter(pk=self._worker_id).update(seen_at=database_now())
            self._seen = started

    def fence(self) -> None:
        """Kills everything in hand when the last renewal is too old (by this host's monotonic clock)."""
        if self._clock() - self._renewed < FENCE_SECONDS:
            return
        for attempt in self._held().values():
            attempt.fenced = True
            attempt.stop.demand()

    def _lose(self, attempt: HeldAttempt) -> None:
        still = self._held().get(attempt.claim.attempt_id)
        if still is attempt and not attempt.fenced and not attempt.reporting:
            log.warning("attempt %s belongs to somebody else now; its step is killed", attempt.claim.attempt_id)
            attempt.fenced = True
            attempt.stop.demand()
