"""Uploads of any size: which requests are not read before they are answered, and how Django gets to read them."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

from aws.endpoint import is_ours

#: What one upload may have. The disk is the real limit, and a full one is told.
UPLOAD_BYTES = 64 * 1024**3
#: What one request to an AWS service may have: 5 GiB is S3's own limit, and chunk signatures need some more.
AWS_BYTES = 5 * 1024**3 + 64 * 1024**2
#: Where a body is a file as it is, not JSON.
UPLOADS = re.compile(r"/api/(?:pipelines/[a-z0-9]{12}|datasets)/files/[^/]+/")
#: Answers of any size that are written while they are taken; their requests have no body to speak of.
DOWNLOADS = re.compile(r"/api/(?:objects/table|executions/[a-z0-9]{12}/steps/[^/]+/files)/csv/")
DOWNLOAD_BODY_BYTES = 64 * 1024


def streamed(method: str, path: str, headers: Mapping[str, str]) -> int | None:
    """The most bytes of a body that reaches its view while it arrives; None for every other request."""
    if is_ours(path, headers.get("host", "")):
        return AWS_BYTES
    if method == "GET" and DOWNLOADS.fullmatch(path):
        return DOWNLOAD_BODY_BYTES
    return UPLOAD_BYTES if method in ("POST", "PUT") and UPLOADS.fullmatch(path) else None


class BodyCut(OSError):
    """The client went away before it had sent all of the body."""


class BodyFile(io.RawIOBase):
    """The body of a streamed request as a file for the thread the view runs in; each read waits for what comes."""

    def __init__(self, receive: Any) -> None:
        self.body = receive.__self__
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._left = b""
        self._more = True

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, at least one unless the body has ended; without a size all that is left.

        Raises:
            BodyCut: the client is gone.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(1024 * 1024), b""))
        while not self._left and self._more:
            message = asyncio.run_coroutine_threadsafe(self._receive(), self._loop).result()
            if message["type"] == "http.disconnect":
                raise BodyCut("The client went away before all of the body had come.")
            self._left, self._more = message["body"], message["more_body"]
        data, self._left = self._left[:size], self._left[size:]
        return data


class StreamingHandler(ASGIHandler):
    """Django's handler; the body of a streamed request is read by its view, as it comes."""

    async def read_body(self, receive: Any) -> Any:
        if is_streamed(receive):
            return BodyFile(receive)
        return await super().read_body(receive)

    async def listen_for_disconnect(self, receive: Any) -> None:
        if not is_streamed(receive):
            await super().listen_for_disconnect(receive)
            return
        await receive.__self__.disconnected()
        raise RequestAborted()


def is_streamed(receive: Any) -> bool:
    from runs.streaming import Body  # brings Twisted, which only web needs

    return isinstance(getattr(receive, "__self__", None), Body)
