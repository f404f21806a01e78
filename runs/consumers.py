"""The websocket endpoints. A socket is a view on committed history: it may miss nothing and repeat nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeGuard
from urllib.parse import parse_qs

from asgiref.typing import WebSocketScope
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.actors import Actor
from accounts.errors import NotPermitted
from engine.execution.states import NOT_ITERATED
from runs.errors import ExecutionNotFound
from runs.selectors import execution_of
from runs.sockets import reading
from runs.sockets.credentials import PROTOCOL, Credentials, credentials_of
from runs.sockets.hub import hub

#: Close codes: 4000 + the HTTP status that says the same.
NOT_AUTHENTICATED, NOT_ALLOWED, NOT_FOUND = 4401, 4403, 4404
#: A client this far behind gets a new snapshot when it has caught up, instead of everything in between.
SLOW_BYTES = 1024 * 1024
CAUGHT_UP_BYTES = 64 * 1024
#: Set by the web server: bytes written to this connection that the client has not taken yet.
BUFFERED = "clary.buffered_bytes"
MOST_WATCHED_LOGS = 16
LONGEST_MESSAGE = 4096
LARGEST_NUMBER = 2**53


class Socket(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """What both endpoints share: proving who it is, and losing the right to watch."""

    credentials: Credentials
    actor: Actor
    sequence = 0

    async def connect(self) -> None:
        credentials = credentials_of(self.scope)
        actor = await reading.read(credentials.who) if credentials else None
        if credentials is None or actor is None:
            await self._refuse(NOT_AUTHENTICATED)
            return
        self.credentials, self.actor = credentials, actor
        await self.enter()

    async def enter(self) -> None:
        raise NotImplementedError

    async def _refuse(self, code: int) -> None:
        """Accepts first, by the protocol that was offered: only then does the close code reach a browser."""
        offered = self.scope.get("subprotocols") or ()
        await self.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        await self.close(code=code)

    async def beat(self, frame: str) -> None:
        await self.send(text_data=frame)

    async def recheck(self) -> None:
        actor = await reading.read(self.credentials.who)
        if actor is None or actor.workspace != self.actor.workspace:
            await self.close(code=NOT_AUTHENTICATED)

    def buffered(self) -> int:
        count: Callable[[], int] | None = self.scope.get(BUFFERED)
        return count() if count is not None else 0


class ExecutionConsumer(Socket):
    """/ws/executions/<id>/?since=<sequence>"""

    async def enter(self) -> None:
        self.execution_id: str = self.scope["url_route"]["kwargs"]["execution_id"]
        self.logs: dict[str, _WatchedLog] = {}
        self.stale = False
        try:
            await reading.read(execution_of, self.actor, self.execution_id)
        except ExecutionNotFound:
            await self._refuse(NOT_FOUND)
            return
        except NotPermitted:
            await self._refuse(NOT_ALLOWED)
            return
        await self.accept(subprotocol=self.credentials.protocol)
        await hub().join(self, self.execution_id, _since(self.scope))

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "execution_id"):
            hub().leave(self, self.execution_id)

    async def deliver(self, frame: str, sequence: int) -> None:
        if self.buffered() > SLOW_BYTES:
            self.stale = True
            hub().pause(self, self.execution_id)
            hub().when_caught_up(self)
            return
        self.sequence = sequence
        await self.send(text_data=frame)

    async def catch_up(self) -> bool:
        """False while the client still has not taken what was sent; else a new snapshot, and it takes part again."""
        if self.buffered() > CAUGHT_UP_BYTES:
            return False
        self.stale = False
        await hub().join(self, self.execution_id, None)
        return True

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = _message(text_data)
        if message.get("type") == "watch_log":
            await self._watch_log(message)
        elif message.get("type") == "unwatch_log":
            self.logs.clear()

    async def _watch_log(self, message: dict[str, Any]) -> None:
        step, number, offset = message.get("step"), message.get("attempt"), message.get("offset", 0)
        iteration = message.get("iteration", NOT_ITERATED)
        numbers = (number is None or _is_number(number)) and _is_number(offset) and _is_number(iteration)
        if not _is_text(step) or not numbers or len(self.logs) >= MOST_WATCHED_LOGS:
            return
        attempt_id = await reading.read(reading.find_attempt, self.execution_id, step, iteration, number)
        if attempt_id is not None:
            self.logs[attempt_id] = _WatchedLog(step=step, offset=max(0, offset))
            await self.pump_logs(attempt_id)

    async def pump_logs(self, attempt_id: str | None) -> None:
        for one in [attempt_id] if attempt_id is not None else list(self.logs):
            watched = self.logs.get(one)
            if watched is not None and not self.stale:
                await self._pump(one, watched)

    async def _pump(self, attempt_id: str, watched: _WatchedLog) -> None:
        if watched.pumping:
            watched.again = True
            return
        watched.pumping = True
        try:
            while self.buffered() < SLOW_BYTES and self.logs.get(attempt_id) is watched:
                watched.again = False
                piece = await reading.read(reading.log_piece, attempt_id, watched.offset)
                if piece is not None and piece.next_offset > watched.offset:
                    watched.offset = piece.next_offset
                    place = {"offset": piece.offset, "next_offset": piece.next_offset}
                    frame = {"type": "log", "step": watched.step, "attempt": piece.attempt, **place, "text": piece.text}
                    await self.send(text_data=reading.dump(frame))
                elif piece is None or piece.complete:
                    self.logs.pop(attempt_id, None)
                    return
                elif not watched.again:
                    return
        finally:
            watched.pumping = False


class _WatchedLog:
    def __init__(self, *, step: str, offset: int) -> None:
        self.step = step
        self.offset = offset
        self.pumping = False
        self.again = False  # something was told of while a read was under way


class FeedConsumer(Socket):
    """/ws/feed/?cursor=<cursor>"""

    async def enter(self) -> None:
        self.workspace_id: str = self.actor.workspace.pk
        cursor = _query(self.scope, "cursor")
        since = reading.cursor_time(cursor) if cursor else None
        await self.accept(subprotocol=self.credentials.protocol)
        found = await reading.read(reading.feed_rows, self.workspace_id, since)
        await self.send(text_data=reading.feed_frame(found))
        hub().join_feed(self, self.workspace_id, found.cursor)

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "workspace_id"):
            hub().leave_feed(self, self.workspace_id)

    async def deliver(self, frame: str, sequence: int) -> None:
        if self.buffered() > SLOW_BYTES:
            await self.close()  # it comes back with its cursor and gets what it missed
            return
        await self.send(text_data=frame)

    async def pump_logs(self, attempt_id: str | None) -> None:
        return


class NothingHere(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Every other address: closed with the code that says so."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(code=NOT_FOUND)


def _since(scope: WebSocketScope) -> int | None:
    text = _query(scope, "since")
    return int(text) if text is not None and text.isdecimal() and len(text) < 16 else None


def _query(scope: Any, name: str) -> str | None:
    values = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(name)
    return values[0] if values else None


def _message(text: str | None) -> dict[str, Any]:
    """What the client said; nothing for anything that is no small JSON object."""
    if text is None or len(text) > LONGEST_MESSAGE:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_number(value: Any) -> TypeGuard[int]:
    """Whether the database can compare it."""
    return isinstance(value, int) and abs(value) <= LARGEST_NUMBER


def _is_text(value: Any) -> TypeGuard[str]:
    """Whether the database can compare it: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
