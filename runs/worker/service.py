"""The worker role: a Celery consumer with a pool of threads, and what those threads share."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.utils.module_loading import import_string

from runs import hints
from runs.reconcile import release_dead_workers
from runs.runners import catalog
from runs.runners.base import RunnerSettings
from runs.runners.unprivileged import works_of
from runs.stores import blob_store
from runs.worker.current import set_current_worker
from runs.worker.leftovers import clear_leftovers
from runs.worker.worker import Worker

log = logging.getLogger(__name__)

#: Sent by the supervisor to hand running steps back at once instead of waiting for them.
GIVE_BACK = signal.SIGUSR1
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def make_worker(slots: int) -> Worker:
    """A worker with the runner this machine and CLARY_RUNNER allow."""
    home = Path(settings.CLARY_HOME)
    runner, choice = catalog.choose(
        runner_settings(home), settings.ENVIRONMENT.runner, loopback_only=settings.ENVIRONMENT.host in LOOPBACK
    )
    return Worker(runner, blob_store(), slots=slots, reason=choice.reason)


def runner_settings(home: Path) -> RunnerSettings:
    return RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=sys.executable)


def default_slots() -> int:
    return settings.ENVIRONMENT.workers or os.cpu_count() or 1


def run_worker(slots: int | None = None, serving: Callable[[str, str], None] = lambda kind, reason: None) -> None:
    """Serves until SIGTERM (drains: running steps finish) or GIVE_BACK (running steps are handed back).

    `serving` is told the kind of the runner and why it was chosen.

    Raises:
        SystemExit: no runner can be used here; says why.
    """
    count = slots or default_slots()
    try:
        worker = make_worker(count)
    except catalog.RunnerRefused as refused:
        raise SystemExit(str(refused)) from refused
    released = release_dead_workers()
    if released:
        log.warning("%d attempts of dead workers start again", released)
    worker.start()
    worker.runner.warm()
    for work in works_of(runner_settings(Path(settings.CLARY_HOME))):
        clear_leftovers(work)
    set_current_worker(worker)
    serving(worker.runner.kind, worker.reason)
    app: Any = import_string(settings.CELERY_APP)
    consumer = app.WorkController(pool="threads", concurrency=count, without_heartbeat=True)

    def drain(number: int, frame: FrameType | None) -> None:
        worker.drain()
        raise SystemExit(0)

    def give_back(number: int, frame: FrameType | None) -> None:
        worker.give_back()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, drain)
    signal.signal(signal.SIGINT, give_back)
    signal.signal(GIVE_BACK, give_back)
    listener = HintListener(worker)
    listener.start()
    try:
        consumer.start()
    finally:
        listener.close()
        worker.close()


class HintListener:
    """Hears stop requests at once instead of at the next tick. Without pub/sub the tick is all there is."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)

    def start(self) -> None:
        if hints.hint_url() is not None:
            self._thread.start()

    def close(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._listen()
            except redis.RedisError:
                self._ended.wait(1.0)

    def _listen(self) -> None:
        url = hints.hint_url()
        assert url is not None
        with redis.Redis.from_url(url, socket_timeout=None) as client, client.pubsub() as subscription:
            subscription.subscribe(hints.STOP_CHANNEL)
            for message in subscription.listen():
                if self._ended.is_set():
                    return
                hint = hints.decode(message["data"]) if message["type"] == "message" else None
                if isinstance(hint, hints.StopHint) and hint.attempt in self._worker.held():
                    self._worker.leases.look_now()
