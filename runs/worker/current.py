"""The worker of this process."""

from __future__ import annotations

from runs.worker.worker import Worker

_current: Worker | None = None


class NoWorker(Exception):
    """This process serves no attempts; start one with `python manage.py worker`."""


def set_current_worker(worker: Worker | None) -> None:
    global _current
    _current = worker


def current_worker() -> Worker:
    if _current is None:
        raise NoWorker
    return _current
