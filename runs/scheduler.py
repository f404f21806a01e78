"""The scheduler role: repairs what was left behind, and starts what is due by the clock."""

from __future__ import annotations

import signal
from types import FrameType

from runs.reconcile import Reconciler
from runs.schedules import fire_due
from runs.stale_files import Hourly, remove_stale_files


def run_scheduler() -> None:
    """Sweeps until SIGTERM or SIGINT."""
    tidy = Hourly(remove_stale_files)

    def after_each() -> None:
        fire_due()
        tidy()

    reconciler = Reconciler(after_each=after_each)

    def end(number: int, frame: FrameType | None) -> None:
        reconciler.end()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    reconciler.run()
