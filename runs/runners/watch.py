"""From the start of a step to its end: its output, its metrics, its time limit, and the wish to stop it."""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from runs.runners.base import AttemptObserver, StopToken
from runs.runners.log_capture import LogCapture
from runs.runners.metric_watch import MetricWatch
from runs.runners.zygote import StepEnd

READ_BYTES = 1024 * 1024
#: How long a step may take to be gone after SIGKILL before the runner stops waiting for news of it.
GONE_SECONDS = 10.0


class RunningStep(Protocol):
    """A step somewhere: `fileno` becomes readable when `receive` has news."""

    def fileno(self) -> int: ...

    def receive(self) -> StepEnd | None:
        """None: it has started. Else how it ended, with everything it left behind already gone."""

    def terminate(self) -> None:
        """SIGTERM to the whole step."""

    def kill(self) -> None:
        """SIGKILL to the whole step."""

    def close(self) -> None: ...


class Cause(Enum):
    """Why we ended it, if we did."""

    NONE = auto()
    STOP = auto()
    KILL = auto()
    TIMEOUT = auto()


@dataclass(frozen=True, kw_only=True)
class Watched:
    end: StepEnd
    cause: Cause
    started: float  # monotonic
    ended: float


class Watch:
    """One pass over one step; `run` blocks until it has ended."""

    def __init__(
        self,
        step: RunningStep,
        output: int,
        *,
        log: LogCapture,
        metrics: MetricWatch,
        observer: AttemptObserver,
        stop: StopToken,
        timeout_seconds: float,
        grace_seconds: float,
    ) -> None:
        self._step, self._output, self._log, self._metrics = step, output, log, metrics
        self._observer, self._stop = observer, stop
        self._timeout, self._grace = timeout_seconds, grace_seconds
        self._cause = Cause.NONE
        self._started = time.monotonic()
        self._deadline: float | None = None  # next moment something is due
        self._killed = False
        self._output_ended = False

    def run(self) -> Watched:
        os.set_blocking(self._output, False)
        woken, waker = socket.socketpair()
        waker.setblocking(False)
        unsubscribe = self._stop.subscribe(lambda: _poke(waker))
        with woken, waker:
            try:
                end = self._loop(woken)
            finally:
                unsubscribe()
        ended = time.monotonic()
        while not self._output_ended and self._read():
            continue
        return Watched(end=end, cause=self._cause, started=self._started, ended=ended)

    def _loop(self, woken: socket.socket) -> StepEnd:
        poll = select.poll()
        poll.register(self._step.fileno(), select.POLLIN)
        poll.register(self._output, select.POLLIN)
        poll.register(woken, select.POLLIN)
        while True:
            watched = self._register_metrics(poll)
            ready = {descriptor for descriptor, _ in poll.poll(self._patience())}
            for descriptor in watched:
                poll.unregister(descriptor)
            if woken.fileno() in ready:
                woken.recv(512)
                self._obey()
            if self._output in ready and not self._read() and self._output_ended:
                poll.unregister(self._output)
            self._metrics.read()
            self._metrics.write()
            if self._step.fileno() in ready:
                end = self._step.receive()
                if end is not None:
                    return end
                self._executing()
            if self._deadline is not None and time.monotonic() >= self._deadline and self._overdue():
                return StepEnd(lost=True, error="the step did not end after SIGKILL")

    def _executing(self) -> None:
        self._started = time.monotonic()
        if self._cause is Cause.NONE:
            self._deadline = self._started + self._timeout
        self._observer.executing()

    def _register_metrics(self, poll: select.poll) -> list[int]:
        watched: list[int] = []
        if self._metrics.output is not None:
            poll.register(self._metrics.output, select.POLLIN)
            watched.append(self._metrics.output)
        if self._metrics.waiting and self._metrics.input is not None:
            poll.register(self._metrics.input, select.POLLOUT)
            watched.append(self._metrics.input)
        return watched

    def _patience(self) -> float | None:
        if self._metrics.waiting:
            return 500.0
        if self._deadline is None:
            return None
        return min(max(0.0, (self._deadline - time.monotonic()) * 1000) + 1, 1e9)

    def _read(self) -> bool:
        """False when there is nothing to read now."""
        try:
            data = os.read(self._output, READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._output_ended = True
            return False
        self._log.feed(data)
        self._metrics.feed(data)
        return True

    def _obey(self) -> None:
        if self._stop.killing:
            self._cause = Cause.KILL
            self._kill()
        elif self._stop.stopping and self._cause is Cause.NONE:
            self._ask_to_end(Cause.STOP)

    def _overdue(self) -> bool:
        """True when even SIGKILL did not help."""
        if self._killed:
            return True
        if self._cause is Cause.NONE:
            self._ask_to_end(Cause.TIMEOUT)
        else:
            self._kill()
        return False

    def _ask_to_end(self, cause: Cause) -> None:
        self._cause = cause
        self._step.terminate()
        self._deadline = time.monotonic() + self._grace

    def _kill(self) -> None:
        if not self._killed:
            self._killed = True
            self._step.kill()
            self._deadline = time.monotonic() + GONE_SECONDS


def _poke(waker: socket.socket) -> None:
    with suppress(OSError):  # full: it is awake anyway; closed: it has ended meanwhile
        waker.send(b"w")
