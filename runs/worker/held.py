"""One attempt in this worker's hands: what the runner tells of it, until it is written down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from runs.services.claims import Claim
from runs.worker.stopping import Stop

#: Progress figures kept for the next report; a script that invents names cannot fill the memory.
MOST_FIGURES = 64


class HeldAttempt:
    """The `AttemptObserver` of one attempt. Its log and figures are taken by the reporter, or at the end.

    `lock` orders log writes: whoever takes bytes writes them before letting go, so chunks never overlap.
    """

    def __init__(self, claim: Claim, wake: Callable[[], None]) -> None:
        self.claim = claim
        self.stop = Stop()
        self.lock = threading.Lock()
        self.executing_at: datetime | None = None
        self.executing_reported = False
        self.given_back = False
        self.log_offset = 0
        self.fenced = False
        self.reporting = False  # the step has ended; its result is being written
        self._wake = wake
        self._buffer = bytearray()
        self._buffer_lock = threading.Lock()
        self._figures: dict[str, float] = {}
        self._note: str | None = None

    # --- told by the runner, from any thread ---

    def executing(self) -> None:
        self.executing_at = datetime.now(UTC)
        self._wake()

    def log(self, chunk: bytes) -> None:
        with self._buffer_lock:
            first = not self._buffer
            self._buffer += chunk
        if first:
            self._wake()

    def metric(self, name: str, value: float) -> None:
        with self._buffer_lock:
            first = not self._figures
            if name in self._figures or len(self._figures) < MOST_FIGURES:
                self._figures[name] = value
        if first:
            self._wake()

    def phase(self, name: str) -> None:
        if name in ("running", "downloading", "uploading"):
            return  # too short to be worth an event; the times are in the usage
        with self._buffer_lock:
            self._note = name
        self._wake()

    # --- taken by the reporter ---

    def take_log(self) -> bytes:
        with self._buffer_lock:
            data = bytes(self._buffer)
            self._buffer.clear()
        return data

    def take_figures(self) -> tuple[dict[str, float], str | None]:
        with self._buffer_lock:
            figures, note = self._figures, self._note
            self._figures, self._note = {}, None
        return figures, note

    @property
    def has_news(self) -> bool:
        return bool(self._buffer or self._figures or self._note)
