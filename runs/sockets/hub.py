"""One hub per web process: hints come in by one subscription, frames go out to every socket that watches.

Rows are read once and serialised once per batch, whatever the number of sockets. Everything here runs in the event
loop of the web process; only queries run in threads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol

import redis.asyncio
from django.db import DatabaseError
from redis.exceptions import RedisError

from runs import hints
from runs.sockets import reading

log = logging.getLogger(__name__)

#: The first events go out at once, the next at least this much later as one list.
BATCH_SECONDS = 0.05
FEED_BATCH_SECONDS = 0.2
#: Without pub/sub everything watched is asked for this often; with it this only mends lost hints.
POLL_SECONDS = 1.0
RESYNC_SECONDS = 5.0
HEARTBEAT_SECONDS = 15.0
CAUGHT_UP_SECONDS = 0.25
PERMISSION_SECONDS = 10.0


class Watcher(Protocol):
    """One socket. `sequence`: the last event it has."""

    sequence: int

    async def deliver(self, frame: str, sequence: int) -> None: ...
    async def pump_logs(self, attempt_id: str | None) -> None: ...
    async def beat(self, frame: str) -> None: ...
    async def recheck(self) -> None: ...


class SlowWatcher(Watcher, Protocol):
    async def catch_up(self) -> bool: ...


class Watch:
    """One execution somebody watches. `sequence`: everything up to it went out to the sockets in `live`.

    `target`: the newest sequence any hint spoke of.
    """

    def __init__(self, execution_id: str) -> None:
        self.execution_id = execution_id
        self.sequence = 0
        self.target = 0
        self.live: set[Watcher] = set()
        self.sockets: set[Watcher] = set()
        self.flushed_at = 0.0
        self.flushing = False
        self.lock = asyncio.Lock()  # one batch or one newcomer at a time


class Feed:
    """The rows of one workspace."""

    def __init__(self, workspace_id: str) -> None:
        self.workspace_id = workspace_id
        self.sockets: set[Watcher] = set()
        self.since: datetime | None = None
        self.flushing = False


class Hub:
    def __init__(self, url: str | None) -> None:
        self._url = url
        self._watches: dict[str, Watch] = {}
        self._feeds: dict[str, Feed] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = False

    def start(self) -> None:
        """Starts listening, once, in the running loop."""
        if self._started:
            return
        self._started = True
        if self._url is not None:
            self._spawn(self._listen(self._url))
        self._spawn(self._repeat(POLL_SECONDS if self._url is None else RESYNC_SECONDS, self._resync))
        self._spawn(self._repeat(HEARTBEAT_SECONDS, self._beat))
        self._spawn(self._repeat(PERMISSION_SECONDS, self._recheck))

    async def close(self) -> None:
        """Ends everything this hub runs; a closed hub is not used again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        _hubs.pop(id(asyncio.get_running_loop()), None)

    # --- executions ---

    async def join(self, socket: Watcher, execution_id: str, since: int | None) -> None:
        """Brings a socket up to date and lets it take part: a snapshot without `since`, else every later event."""
        self.start()
        watch = self._watches.setdefault(execution_id, Watch(execution_id))
        watch.sockets.add(socket)
        async with watch.lock:
            if since is None or not await self._knows(execution_id, since):
                sequence, frame = await reading.read(reading.snapshot_frame, execution_id)
                await socket.deliver(frame, sequence)
            else:
                await self._catch_up(socket, watch, since)
            if not watch.live:
                watch.sequence = watch.target = socket.sequence
            if socket in watch.sockets:
                watch.live.add(socket)

    async def _catch_up(self, socket: Watcher, watch: Watch, since: int) -> None:
        last, frame = await reading.read(reading.events_frame, watch.execution_id, since)
        socket.sequence = last
        if frame is not None:
            await socket.deliver(frame, last)

    async def _knows(self, execution_id: str, sequence: int) -> bool:
        """A `since` from the future or too far back is answered with a snapshot."""
        found = await reading.read(reading.sequences, [execution_id])
        return 0 <= found.get(execution_id, -1) - sequence <= reading.MOST_EVENTS

    def leave(self, socket: Watcher, execution_id: str) -> None:
        watch = self._watches.get(execution_id)
        if watch is not None:
            self.pause(socket, execution_id)
            watch.sockets.discard(socket)
            if not watch.sockets:
                del self._watches[execution_id]

    def pause(self, socket: Watcher, execution_id: str) -> None:
        """No frames to this socket until it joins again."""
        watch = self._watches.get(execution_id)
        if watch is not None:
            watch.live.discard(socket)

    def when_caught_up(self, socket: SlowWatcher) -> None:
        """Gives a slow client a new snapshot once it has taken what was sent."""
        self._spawn(self._await_caught_up(socket))

    async def _await_caught_up(self, socket: SlowWatcher) -> None:
        while any(socket in watch.sockets for watch in self._watches.values()):
            await asyncio.sleep(CAUGHT_UP_SECONDS)
            if await socket.catch_up():
                return

    def told(self, hint: hints.Hint) -> None:
        """A hint came in."""
        match hint:
            case hints.ExecutionHint():
                watch = self._watches.get(hint.execution)
                if watch is not None and hint.sequence > watch.target:
                    watch.target = hint.sequence
                    self._flush_soon(watch)
                self._feed_told(hint.workspace)
            case hints.PipelineHint():
                self._feed_told(hint.workspace)
            case hints.LogHint():
                watch = self._watches.get(hint.execution)
                for socket in watch.sockets if watch is not None else ():
                    self._spawn(socket.pump_logs(hint.attempt))
            case hints.StopHint():
                pass

    def _flush_soon(self, watch: Watch) -> None:
        if watch.flushing:
            return
        watch.flushing = True
        self._spawn(self._flush_when_due(watch))

    async def _flush_when_due(self, watch: Watch) -> None:
        wait = watch.flushed_at + BATCH_SECONDS - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        watch.flushing = False
        await self._flush(watch)

    async def _flush(self, watch: Watch) -> None:
        async with watch.lock:
            watch.flushed_at = time.monotonic()
            before = watch.sequence
            last, frame = await reading.read(reading.events_frame, watch.execution_id, before)
            if frame is not None:
                watch.sequence = last
                watch.target = max(watch.target, last)
                for socket in list(watch.live):
                    if socket.sequence == before:
                        await socket.deliver(frame, last)
                    elif socket.sequence < last:  # it joined in the middle of this batch
                        await self._catch_up(socket, watch, socket.sequence)
        for socket in list(watch.sockets):
            await socket.pump_logs(None)
        if watch.sequence < watch.target:
            self._flush_soon(watch)

    # --- the feed ---

    def join_feed(self, socket: Watcher, workspace_id: str, since: datetime) -> None:
        self.start()
        feed = self._feeds.setdefault(workspace_id, Feed(workspace_id))
        feed.since = since if feed.since is None else min(feed.since, since)
        feed.sockets.add(socket)

    def leave_feed(self, socket: Watcher, workspace_id: str) -> None:
        feed = self._feeds.get(workspace_id)
        if feed is not None:
            feed.sockets.discard(socket)
            if not feed.sockets:
                del self._feeds[workspace_id]

    def _feed_told(self, workspace_id: str) -> None:
        feed = self._feeds.get(workspace_id)
        if feed is not None:
            self._feed_soon(feed)

    def _feed_soon(self, feed: Feed) -> None:
        if not feed.flushing:
            feed.flushing = True
            self._spawn(self._flush_feed(feed))

    async def _flush_feed(self, feed: Feed) -> None:
        await asyncio.sleep(FEED_BATCH_SECONDS)
        feed.flushing = False
        found = await reading.read(reading.feed_rows, feed.workspace_id, feed.since)
        feed.since = found.cursor - reading.FEED_OVERLAP / 10
        if found.executions or found.pipelines:
            frame = reading.feed_frame(found)
            for socket in list(feed.sockets):
                await socket.deliver(frame, 0)

    # --- always ---

    async def _listen(self, url: str) -> None:
        pause = 0.1
        while True:
            try:
                client = redis.asyncio.Redis.from_url(url, socket_timeout=None)
                async with client, client.pubsub() as subscription:
                    await subscription.subscribe(hints.CHANNEL)
                    pause = 0.1
                    async for message in subscription.listen():
                        hint = hints.decode(message["data"]) if message["type"] == "message" else None
                        if hint is not None:
                            self.told(hint)
            except (RedisError, OSError) as away:
                log.debug("no hints for now, polling: %s", away)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
            await self._quietly(self._resync())

    async def _resync(self) -> None:
        """Asks for what hints may have missed."""
        found = await reading.read(reading.sequences, list(self._watches)) if self._watches else {}
        for execution_id, sequence in found.items():
            watch = self._watches.get(execution_id)
            if watch is not None and sequence > watch.sequence:
                watch.target = max(watch.target, sequence)
                self._flush_soon(watch)
        if self._url is None:
            for watch in list(self._watches.values()):
                for socket in list(watch.sockets):
                    await socket.pump_logs(None)
        for feed in list(self._feeds.values()):
            self._feed_soon(feed)

    async def _beat(self) -> None:
        frame = reading.dump({"type": "heartbeat", "server_time": reading.now_text()})
        for socket in self._everybody():
            await self._quietly(socket.beat(frame))

    async def _recheck(self) -> None:
        for socket in self._everybody():
            await self._quietly(socket.recheck())

    def _everybody(self) -> list[Watcher]:
        found: dict[int, Watcher] = {}
        groups = [one.sockets for one in self._watches.values()] + [one.sockets for one in self._feeds.values()]
        for sockets in groups:
            found |= {id(socket): socket for socket in sockets}
        return list(found.values())

    async def _repeat(self, seconds: float, action: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._quietly(action())

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """A database that is away delays frames; the next round sends them. No single socket ends the rounds."""
        try:
            await work
        except DatabaseError as away:
            log.warning("watchers wait for the database: %s", away)
        except Exception:
            log.exception("a socket could not be served")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_hubs: dict[int, Hub] = defaultdict(lambda: Hub(hints.hint_url()))


def hub() -> Hub:
    """The hub of the running loop: one in a web process, one per test."""
    return _hubs[id(asyncio.get_running_loop())]
