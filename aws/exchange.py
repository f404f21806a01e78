"""One HTTP request and its answer, streamed both ways."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import formatdate
from typing import Any

from aws.sigv4 import Head
from aws.wire import AwsAnswer
from runs.web import DRAINED

logger = logging.getLogger("clary.aws")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


#: Bytes that are read of anybody's request, also of a refused one, so that its connection can go on.
SOON_READ = 256 * 1024


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


class BodyTooLarge(Exception):
    """The request body is larger than the operation takes."""


class Exchange:
    """`receive` and `send` of one ASGI request, in the words of the AWS room."""

    def __init__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), value.decode(errors="surrogateescape")
            headers[key] = f"{headers[key]},{text}" if key in headers else text
        raw = scope.get("raw_path") or scope["path"].encode()
        self.head = Head(
            method=scope["method"],
            path=raw.partition(b"?")[0].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
        )
        given = headers.get("x-request-id", "")
        self.request_id = given if GIVEN_ID.match(given) else secrets.token_hex(8)
        self.started = False
        self.complete = False  # the request body was read to its end
        self._began = time.perf_counter()
        self._drained: Callable[[], Awaitable[bool]] | None = scope.get(DRAINED)
        self._receive, self._send = receive, send

    async def chunks(self) -> AsyncIterator[bytes]:
        """The request body as it arrives.

        Raises:
            ClientGone: the connection ended before the body did.
        """
        while not self.complete:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            self.complete = not message.get("more_body", False)
            if message.get("body"):
                yield message["body"]

    async def body(self, limit: int) -> bytes:
        """The whole request body.

        Raises:
            BodyTooLarge: more than `limit` bytes.
            ClientGone: the connection ended before the body did.
        """
        parts, size = [], 0
        async for chunk in self.chunks():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge
            parts.append(chunk)
        return b"".join(parts)

    async def left(self) -> None:
        """Returns when the client of a request that was read to its end is gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The first line and the headers of the answer."""
        self.started = True
        if not self.complete and self._is_soon_read():
            async for _ in self.chunks():
                pass
        milliseconds = (time.perf_counter() - self._began) * 1000
        if status >= 500:
            facts = {"method": self.head.method, "path": self.head.path, "status": status}
            logger.warning("request", extra=facts | {"milliseconds": round(milliseconds, 1)})
        pairs = [(name.lower().encode(), value.encode(errors="surrogateescape")) for name, value in headers.items()]
        pairs.append((b"date", formatdate(usegmt=True).encode()))  # by which clients notice that their clock is wrong
        if not self.complete:
            pairs.append((b"connection", b"close"))  # what is left of the request is not read
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    @property
    def is_large(self) -> bool:
        """Whether the request body is, or may be, more than one reads without knowing from whom."""
        length = self.head.headers.get("content-length", "0")
        chunked = "transfer-encoding" in self.head.headers
        return chunked or not length.isdecimal() or int(length[:18]) > SOON_READ

    def _is_soon_read(self) -> bool:
        """Whether reading the rest costs less than a new connection would."""
        return "expect" not in self.head.headers and not self.is_large

    async def write(self, data: bytes, *, more: bool) -> None:
        """A piece of the answer; returns when the client has taken it, so that nothing piles up here.

        Raises:
            ClientGone: nobody is there to take it.
        """
        await self._send({"type": "http.response.body", "body": data, "more_body": more})
        if more and self._drained is not None and not await self._drained():
            raise ClientGone

    async def answer(self, answer: AwsAnswer) -> None:
        """A whole answer; only its headers when the request was HEAD."""
        headers = dict(answer.headers)
        if answer.status not in (204, 304):
            headers.setdefault("Content-Length", str(len(answer.body)))
        await self.begin(answer.status, headers)
        await self.write(b"" if self.head.method == "HEAD" else answer.body, more=False)
