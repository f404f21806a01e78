"""An answer that takes long is not silent, and still tells how it ended."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aws.exchange import ClientGone, Exchange
from aws.s3.errors import S3Refused
from aws.s3.patience import answer_in_time
from aws.wire import AwsAnswer

DONE = AwsAnswer(status=200, body=b'<?xml version="1.0" encoding="UTF-8"?>\n<Done/>')


class Client:
    """The other end of an exchange."""

    def __init__(self, *, stays: bool = True) -> None:
        self.stays = stays
        self.status = 0
        self.pieces: list[bytes] = []
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/aws/b/k",
            "query_string": b"",
            "headers": [],
            "clary.drained": self.drained,
        }
        self.exchange = Exchange(scope, self.receive, self.send)
        self.exchange.complete = True

    async def receive(self) -> Any:
        raise AssertionError("nothing is left to read")

    async def drained(self) -> bool:
        return self.stays

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        if "body" in message:
            self.pieces.append(message["body"])


async def after(seconds: float, problem: Exception | None = None) -> AwsAnswer:
    await asyncio.sleep(seconds)
    if problem is not None:
        raise problem
    return DONE


def document(problem: Exception) -> bytes | None:
    return b"<Error/>" if isinstance(problem, S3Refused) else None


def test_what_is_soon_done_is_answered_at_once() -> None:
    client = Client()
    asyncio.run(answer_in_time(client.exchange, after(0), document))
    assert (client.status, client.pieces) == (200, [DONE.body])


def test_white_space_comes_until_the_document_does() -> None:
    client = Client()
    asyncio.run(answer_in_time(client.exchange, after(0.1), document, silence=0.02))
    assert client.status == 200
    assert len(client.pieces) > 3
    assert b"".join(client.pieces).split() == DONE.body.split()
    assert b"".join(client.pieces).startswith(b"<?xml")


def test_a_refusal_that_shows_late_is_the_document() -> None:
    client = Client()
    asyncio.run(answer_in_time(client.exchange, after(0.05, S3Refused("InvalidPart")), document, silence=0.01))
    assert (client.status, client.pieces[-1]) == (200, b"<Error/>")


def test_a_refusal_that_shows_soon_is_the_callers() -> None:
    with pytest.raises(S3Refused):
        asyncio.run(answer_in_time(Client().exchange, after(0, S3Refused("InvalidPart")), document))


def test_a_bug_is_never_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(answer_in_time(Client().exchange, after(0.05, ZeroDivisionError()), document, silence=0.01))


def test_a_client_that_leaves_is_noticed() -> None:
    with pytest.raises(ClientGone):
        asyncio.run(answer_in_time(Client(stays=False).exchange, after(0.05), document, silence=0.01))
