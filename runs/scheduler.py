"""The scheduler role: the reconciler, and nothing else yet."""

from __future__ import annotations

import signal
from types import FrameType

from runs.reconcile import Reconciler


def run_scheduler() -> None:
    """Sweeps until SIGTERM or SIGINT."""
    reconciler = Reconciler()

    def end(number: int, frame: FrameType | None) -> None:
        reconciler.end()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    reconciler.run()
