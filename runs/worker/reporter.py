"""Writes down what running steps say, while they run: "executing", log chunks, live figures. One thread per worker."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, connections, transaction

from runs import hints
from runs.models import LogChunk, StepAttempt
from runs.services.claims import Claim
from runs.services.reports import report_executing, report_progress
from runs.worker.held import HeldAttempt

log = logging.getLogger(__name__)

#: "Executing" may trail the truth by this much; a step that ends sooner reports both at once.
EXECUTING_DELAY = 0.05
#: Logs and figures are written this often at most.
NEWS_INTERVAL = 0.25
CHUNK_BYTES = 256 * 1024


class Reporter:
    """`held` gives the attempts in hand now."""

    def __init__(self, held: Callable[[], Iterable[HeldAttempt]], runner: str) -> None:
        self._held = held
        self._runner = runner
        self._wake = threading.Event()
        self._ended = False
        self._news_at = 0.0
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def close(self) -> None:
        self._ended = True
        self._wake.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ended:
            self._wake.wait()
            self._wake.clear()
            time.sleep(EXECUTING_DELAY)
            try:
                self.write()
            except DatabaseError as away:
                log.warning("live figures and logs wait for the database: %s", away)
                time.sleep(1)
            if any(held.has_news for held in self._held()):
                self._wake.set()
        connections.close_all()

    def write(self) -> None:
        """Everything that is due now."""
        held = list(self._held())
        self._write_executing(held)
        now = time.monotonic()
        if now - self._news_at >= NEWS_INTERVAL:
            self._news_at = now
            self._write_logs(held)
            self._write_figures(held)

    def _write_executing(self, held: list[HeldAttempt]) -> None:
        """Only of steps that run for a while already: a short one reports its start with its end."""
        fresh: dict[str, list[tuple[Claim, datetime]]] = defaultdict(list)
        before = datetime.now(UTC) - timedelta(seconds=EXECUTING_DELAY)
        for attempt in held:
            if attempt.executing_at is None or attempt.executing_reported:
                continue
            if attempt.executing_at > before:
                self._wake.set()
            else:
                attempt.executing_reported = True
                fresh[attempt.claim.execution_id].append((attempt.claim, attempt.executing_at))
        for claims in fresh.values():
            report_executing(claims, runner=self._runner)

    def _write_logs(self, held: list[HeldAttempt]) -> None:
        for attempt in held:
            with attempt.lock:
                data = attempt.take_log()
                if data:
                    write_log(attempt, data)

    def _write_figures(self, held: list[HeldAttempt]) -> None:
        for attempt in held:
            figures, note = attempt.take_figures()
            if figures or note:
                report_progress(attempt.claim, figures, note)


def write_log(attempt: HeldAttempt, data: bytes) -> None:
    """Appends to the readable log. Call with the attempt's lock held; a fenced attempt writes nothing."""
    claim = attempt.claim
    with transaction.atomic():
        owned = StepAttempt.objects.filter(pk=claim.attempt_id, lease_token=claim.token)
        if not owned.update(log_bytes=attempt.log_offset + len(data)):
            return
        pieces = range(0, len(data), CHUNK_BYTES)
        LogChunk.objects.bulk_create(
            LogChunk(
                attempt_id=claim.attempt_id, offset=attempt.log_offset + start, data=data[start : start + CHUNK_BYTES]
            )
            for start in pieces
        )
    attempt.log_offset += len(data)
    hints.publish([hints.LogHint(execution=claim.execution_id, attempt=claim.attempt_id, size=attempt.log_offset)])
