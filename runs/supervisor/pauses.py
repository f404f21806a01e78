"""How long to wait before something that died is started again."""

from __future__ import annotations

import time
from dataclasses import dataclass

#: The first pause, doubled up to the longest while it keeps dying; calm for so long, and it starts over.
FIRST_PAUSE, LONGEST_PAUSE, CALM_SECONDS = 0.1, 5.0, 10.0


@dataclass
class Pauses:
    """One thing that is kept running. Times are monotonic."""

    started_at: float = 0.0
    start_at: float | None = None  # when to start it again
    pause: float = FIRST_PAUSE

    def started(self) -> None:
        self.started_at, self.start_at = time.monotonic(), None

    def ended(self) -> float:
        """It died, or could not be started: it is due again after the seconds this returns."""
        now = time.monotonic()
        calm = now - self.started_at > CALM_SECONDS and self.start_at is None
        self.pause = FIRST_PAUSE if calm else min(self.pause * 2, LONGEST_PAUSE)
        self.start_at = now + self.pause
        return self.pause

    @property
    def due(self) -> bool:
        return self.start_at is not None and time.monotonic() >= self.start_at
