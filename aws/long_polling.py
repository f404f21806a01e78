"""Receivers that wait for a first message: nothing of ours waits with them but a coroutine.

A receiver is asked for again after short pauses, each a read of an index; no thread and no connection to the database
is held between. A message is never handed to a client that went away meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from aws.exchange import ClientGone
from aws.threads import in_thread
from aws.wire import AwsAnswer, AwsRequest

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
_RECEIVE = "AmazonSQS.ReceiveMessage"


async def answered(
    request: AwsRequest, answer: Callable[[AwsRequest], AwsAnswer], left: Callable[[], Awaitable[None]]
) -> AwsAnswer:
    """The answer as soon as it holds a message, or what there is when the receiver's time is over.

    `left` returns when the client has gone.

    Raises:
        ClientGone: nobody is there to take a message.
    """
    found = await in_thread(answer, request)
    if not _is_empty_receive(request, found):
        return found
    until = time.monotonic() + await in_thread(_wait_seconds, request)
    gone = asyncio.ensure_future(left())
    pause = FIRST_PAUSE
    try:
        while (rest := until - time.monotonic()) > 0 and _is_empty_receive(request, found):
            await asyncio.wait({gone}, timeout=min(pause, rest))
            if gone.done():
                raise ClientGone
            pause = min(pause * 1.5, LONGEST_PAUSE)
            found = await in_thread(answer, request)
    finally:
        gone.cancel()
    return found


def _is_empty_receive(request: AwsRequest, found: AwsAnswer) -> bool:
    return request.headers.get("x-amz-target") == _RECEIVE and found.status == 200 and found.body == b"{}"


def _wait_seconds(request: AwsRequest) -> int:
    from aws.operations.queues import receiver_waits

    return receiver_waits(request)
