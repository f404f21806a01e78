"""Hints between processes: "execution X is at sequence N", "attempt A has more log", "stop attempt A", "a pipeline of
workspace W changed".

A hint is at most once and may be lost: whoever needs the fact reads it from the database, and polls where no
hint can travel (a broker without pub/sub). One PUBLISH pipeline per commit.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings

CHANNEL = "clary:hints"
STOP_CHANNEL = "clary:stops"  # its own channel, so that workers are not woken by every event
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ExecutionHint:
    """`sequence` of the execution is committed."""

    execution: str
    workspace: str
    sequence: int


@dataclass(frozen=True, kw_only=True)
class LogHint:
    """The log of an attempt is readable up to `size`."""

    execution: str
    attempt: str
    size: int


@dataclass(frozen=True, kw_only=True)
class StopHint:
    """A stop was requested: the holder of `attempt` should look now instead of at its next tick."""

    attempt: str


@dataclass(frozen=True, kw_only=True)
class PipelineHint:
    """Somebody's pipeline of the workspace changed from outside of the studio, or is gone."""

    workspace: str


Hint = ExecutionHint | LogHint | StopHint | PipelineHint
_KINDS: dict[str, type[Hint]] = {
    "execution": ExecutionHint,
    "log": LogHint,
    "stop": StopHint,
    "pipeline": PipelineHint,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def encode(hint: Hint) -> str:
    return json.dumps({"kind": _NAMES[type(hint)], **asdict(hint)}, separators=(",", ":"))


def decode(text: str | bytes) -> Hint | None:
    """The hint, or None for anything else."""
    try:
        fields: dict[str, Any] = json.loads(text)
        return _KINDS[fields.pop("kind")](**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def hint_url() -> str | None:
    """Where hints travel: a redis-py URL, or None when this installation has no pub/sub (then everyone polls)."""
    url: str | None = settings.ENVIRONMENT.channel_url or settings.ENVIRONMENT.broker_url
    return redis_url(url)


def redis_url(url: str | None) -> str | None:
    """A Celery or Valkey URL in redis-py's spelling; None for other brokers."""
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    if scheme in ("redis+socket", "unix"):
        return f"unix://{rest}"
    if scheme in ("redis", "rediss"):
        return url
    return f"redis://{rest}" if scheme == "valkey" else None


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


_quiet = threading.Event()  # a broker that is away is told once, not per commit


class Mouth:
    """Says what is new of each execution at once, and what follows soon after in one breath.

    A hint held back delays no frame: the hub sends the first events at once and the next 50 ms later
    (runs.sockets.hub.BATCH_SECONDS), and a breath is shorter. A wide fan-out then costs a hint per breath and not one
    per commit, here and in every web process.
    """

    BREATH_SECONDS = 0.025
    #: Executions remembered; more than that change at once only where hints are no longer what counts.
    MOST = 1024

    def __init__(self, send: Callable[[Sequence[Hint]], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._said_at: dict[str, float] = {}
        self._held: dict[str, ExecutionHint] = {}
        self._waiting = threading.Event()
        self._thread: threading.Thread | None = None

    def say(self, hints: Iterable[Hint]) -> None:
        """Sends the hints, except of executions it spoke of within the last breath: these follow with the next."""
        now = time.monotonic()
        with self._lock:
            due = [hint for hint in hints if not (isinstance(hint, ExecutionHint) and self._hold(hint, now))]
        if due:
            self._send(due)

    def _hold(self, hint: ExecutionHint, now: float) -> bool:
        if now - self._said_at.get(hint.execution, 0.0) >= self.BREATH_SECONDS:
            if len(self._said_at) >= self.MOST:
                self._said_at.clear()
            self._said_at[hint.execution] = now
            return False
        held = self._held.get(hint.execution)
        if held is None or held.sequence < hint.sequence:
            self._held[hint.execution] = hint
        if self._thread is None:
            self._thread = threading.Thread(target=self._breathe, name="hints-held", daemon=True)
            self._thread.start()
        self._waiting.set()
        return True

    def _breathe(self) -> None:
        while True:
            self._waiting.wait()
            time.sleep(self.BREATH_SECONDS)
            now = time.monotonic()
            with self._lock:
                self._waiting.clear()
                held, self._held = list(self._held.values()), {}
                self._said_at |= dict.fromkeys((hint.execution for hint in held), now)
            self._send(held)


def send(hints: Iterable[Hint]) -> None:
    """Sends the hints in one write. A broker that is away costs nothing but the hint."""
    messages = [(STOP_CHANNEL if isinstance(hint, StopHint) else CHANNEL, encode(hint)) for hint in hints]
    url = hint_url()
    if not messages or url is None:
        return
    try:
        if len(messages) == 1:
            _client(url).publish(*messages[0])
        else:
            with _client(url).pipeline(transaction=False) as pipeline:
                for channel, message in messages:
                    pipeline.publish(channel, message)
                pipeline.execute()
        _quiet.clear()
    except redis.RedisError as away:
        if not _quiet.is_set():
            log.warning("hints cannot be sent, watchers fall back to polling: %s", away)
            _quiet.set()


_mouth = Mouth(send)


def publish(hints: Iterable[Hint]) -> None:
    """Tells everybody who listens, now or a breath later (`Mouth`)."""
    _mouth.say(hints)
