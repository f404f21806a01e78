"""Request bodies that reach the application while they arrive, at the pace it takes them.

daphne hands a request on once its body is complete, and then all of it at once. Requests a `Rule` names are handed on
as soon as their headers are there: `receive()` gives what has come since the last call, and the client is made to wait
while the application is behind. A client that goes away ends the body with `http.disconnect`. One that asks first
(`Expect: 100-continue`) is told to go on when the application reads for the first time, so what is refused is not sent.

An answer goes the same way back: an application that awaits `drained` writes no faster than its client reads.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from daphne.http_protocol import WebRequest
from twisted.internet import reactor
from twisted.web.http import Request
from twisted.web.http_headers import Headers

from runs.bodies import BoundedRequest
from runs.web import BODY, Rule

#: Bytes held for an application that is behind.
BEHIND = 1024 * 1024
#: How long a client may go on sending what nobody reads any more, so that it gets to see the answer.
LINGER_SECONDS = 5.0


class Body:
    """The bytes of one request between the connection and the application; both live on the event loop."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._chunks: list[bytes] = []
        self._held = 0
        self._paused = False
        self._handed_over = False
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self.asked_first = False
        self.ended = False

    def feed(self, data: bytes) -> None:
        self._chunks.append(data)
        self._held += len(data)
        if self._held >= BEHIND and not self._paused:
            self._paused = True
            self._connection.pauseProducing()
        self._news.set()

    def end(self) -> None:
        self.ended = True
        self._news.set()

    def put_nowait(self, message: Mapping[str, Any]) -> None:
        """What daphne tells an application besides the body: that its client is gone."""
        if message["type"] == "http.disconnect":
            self._gone.set()
            self._news.set()

    async def receive(self) -> dict[str, Any]:
        """The next ASGI message; joins what has arrived since the last one."""
        if self.asked_first:
            self.asked_first = False
            if not self._chunks and not self._gone.is_set():
                self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while not self._chunks and not self.ended and not self._gone.is_set():
            self._news.clear()
            await self._news.wait()
        if self._handed_over:
            await self._gone.wait()
        if self._handed_over or (not self.ended and self._gone.is_set()):
            return {"type": "http.disconnect"}
        self._handed_over = self.ended
        return {"type": "http.request", "body": self._take(), "more_body": not self.ended}

    async def disconnected(self) -> None:
        """Returns when the client is gone, or has been answered."""
        await self._gone.wait()

    def drop(self) -> None:
        """Forgets what is held; the client may go on."""
        self._take()

    def _take(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks.clear()
        self._held = 0
        if self._paused:
            self._paused = False
            self._connection.resumeProducing()
        return data


class Outflow:
    """Whether the connection takes more of an answer; Twisted pauses and resumes it."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()
        self._gone = False

    def pauseProducing(self) -> None:
        self._free.clear()

    def resumeProducing(self) -> None:
        self._free.set()

    def stopProducing(self) -> None:
        self._gone = True
        self._free.set()

    async def drained(self) -> bool:
        """Returns when the client has taken what was written; False when it is gone."""
        await self._free.wait()
        return not self._gone


class AnswerHeaders(Headers):
    """Twisted writes X-Amz-Meta-Colour; S3 clients take what follows the prefix as it is, and know it in lower case."""

    def getAllRawHeaders(self) -> Iterator[tuple[bytes, Sequence[bytes]]]:
        for name, values in super().getAllRawHeaders():
            yield name.lower() if name.startswith(b"X-Amz-Meta-") else name, values


class StreamedRequest(BoundedRequest):
    """A bounded request, or a streamed one where the server's rule says so."""

    body: Body | None = None
    answered = False
    lingering: Any = None
    outflow: Outflow | None = None
    responseHeaders: Headers

    def gotLength(self, length: int | None) -> None:
        rule: Rule = self.server.streamed
        channel = self.channel
        headers = {
            name.decode("latin-1").lower(): b",".join(values).decode("latin-1")
            for name, values in self.requestHeaders.getAllRawHeaders()
        }
        path = channel._path.partition(b"?")[0].decode("latin-1")
        self.limit = rule(channel._command.decode("latin-1"), path, headers)
        if self.limit is None or "upgrade" in headers:
            super().gotLength(length)
            return
        Request.gotLength(self, 0)  # type: ignore[no-untyped-call]  # Twisted has no types here
        if length is not None and length > self.limit:
            self._refuse()
            return
        self.method, self.uri, self.clientproto = channel._command, channel._path, channel._version
        self.path = self.uri.partition(b"?")[0]
        self.args: dict[bytes, list[bytes]] = {}
        self.body = Body(channel.transport)
        self.outflow = Outflow()
        self.responseHeaders = AnswerHeaders(dict(self.responseHeaders.getAllRawHeaders()))
        self.registerProducer(self.outflow, True)
        self.process()  # ends at once: the server's create_application gives daphne nothing to put the body into
        self.application_queue = self.body
        expected = self.requestHeaders.getRawHeaders(b"Expect") or [b""]
        self.body.asked_first = expected[0].lower() == b"100-continue"
        self.requestHeaders.removeHeader(b"Expect")  # or Twisted would answer it by itself

    async def drained(self) -> bool:
        """Returns when the client has taken what was written; False when it is gone."""
        return self.outflow is not None and await self.outflow.drained()

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Each piece of an answer starts the time limit anew, which is for silence, not for length."""
        self.request_start = time.time()
        super().handle_reply(message)

    def handleContentChunk(self, data: bytes) -> None:
        if self.body is None:
            super().handleContentChunk(data)
            return
        self.request_start = time.time()  # what daphne's time limit counts from: silence, not length
        self.received += len(data)
        if self.answered or self.refused:
            return
        if self.limit is not None and self.received > self.limit:
            self._refuse()
            return
        self.body.feed(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self.body is None:
            super().requestReceived(command, path, version)
            return
        self.body.end()
        if self.answered:
            self._finish()

    def finish(self) -> None:
        """The answer may be there before the body: the rest is read away for a moment, then the connection closes."""
        if self.outflow is not None:
            self.unregisterProducer()
            self.outflow.stopProducing()
            self.outflow = None
        if self.body is None or self.body.ended:
            super().finish()
        elif not self.answered:
            self.answered = True
            self.body.drop()
            self.channel.persistent = False
            self.lingering = reactor.callLater(LINGER_SECONDS, self._finish)  # type: ignore[arg-type]  # its stub is wrong

    def connectionLost(self, reason: Any) -> None:
        if self.lingering is not None and self.lingering.active():
            self.lingering.cancel()
        if self.outflow is not None:
            self.outflow.stopProducing()
        super().connectionLost(reason)

    def _finish(self) -> None:
        if self.lingering is not None and self.lingering.active():
            self.lingering.cancel()
        WebRequest.finish(self)

    def _refuse(self) -> None:
        super()._refuse()
        if self.body is not None:
            self.body.put_nowait({"type": "http.disconnect"})


def hand_over(application: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The application, with `receive` reading from the request's `Body` where there is one."""

    async def streamed(scope: dict[str, Any], receive: Any, send: Any) -> None:
        body: Body | None = scope.get(BODY)
        await application(scope, receive if body is None else body.receive, send)

    return streamed
