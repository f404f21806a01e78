"""Requests too large for any answer, ended while they arrive.

daphne keeps a whole body before the application sees the request; without this, anybody could fill disk and memory.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from daphne.http_protocol import WebRequest

#: More than the API takes, so that what is only a little too large still gets the API's own answer.
LARGEST_BODY = 64 * 1024 * 1024
_PROBLEM = {
    "type": "about:blank",
    "status": 413,
    "code": "body-too-large",
    "detail": f"The request is larger than the {LARGEST_BODY} bytes that are allowed.",
    "pointer": None,
}


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """Answers 413 and closes the connection as soon as the size is known to be too large."""

    refused = False
    received = 0
    content: Any

    def gotLength(self, length: int | None) -> None:
        too_large = length is not None and length > LARGEST_BODY
        super().gotLength(0 if too_large else length)
        if too_large:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > LARGEST_BODY:
            self._refuse()
        if not self.refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Nothing is served of a refused request, even when all of it was on its way already."""
        if not self.refused:
            super().requestReceived(command, path, version)

    def _refuse(self) -> None:
        if self.refused:
            return
        self.refused = True
        self.content.close()
        self.content = BytesIO()
        body = json.dumps(_PROBLEM).encode()
        head = "HTTP/1.1 413 Content Too Large\r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
        self.channel.transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.channel.loseConnection()


def use_requests(factory: Any, kind: type[WebRequest]) -> None:
    """From now on every connection this factory builds reads requests of this kind."""
    build = factory.buildProtocol

    def build_bounded(address: Any) -> Any:
        protocol = build(address)
        protocol.requestFactory = kind
        return protocol

    factory.buildProtocol = build_bounded
