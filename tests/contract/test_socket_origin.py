"""A websocket handshake from another site ends before any consumer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from config.asgi import SameOriginSockets, same_origin


def scope(host: str | None, origin: str | None) -> dict[str, Any]:
    headers = []
    if host is not None:
        headers.append((b"host", host.encode()))
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return {"type": "websocket", "headers": headers}


@pytest.mark.parametrize(
    ("host", "origin", "passes"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("localhost:8000", "http://localhost:8000", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("127.0.0.1:8000", None, True),  # no browser: the consumer asks for a token
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("127.0.0.1:8000", "http://localhost:8000", False),
        ("127.0.0.1:8000", "https://evil.example", False),
        ("127.0.0.1:8000", "null", False),
        ("127.0.0.1:8000", "", False),
        ("127.0.0.1:8000", "file://127.0.0.1:8000", False),
        ("evil.example", "http://evil.example", False),
        ("evil.example", None, False),
        (None, None, False),
    ],
)
def test_who_may_shake_hands(host: str | None, origin: str | None, passes: bool) -> None:
    assert same_origin(scope(host, origin)) is passes


def test_a_refused_handshake_reaches_nobody() -> None:
    sent: list[dict[str, Any]] = []

    async def never(*_: Any) -> None:
        raise AssertionError("a consumer was reached")

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(SameOriginSockets(never)(scope("evil.example", None), receive, send))
    assert sent == [{"type": "websocket.close", "code": 4403}]
