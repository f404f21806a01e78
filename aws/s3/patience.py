"""Answers that take long to make: the client hears something before it gives up, and learns the outcome in the body.

Source: S3 API reference, CompleteMultipartUpload: the answer begins with 200 and white space keeps the connection; an
error that shows later is the document behind it, which the SDKs look for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from aws.exchange import Exchange
from aws.s3.call import SAFE_HEADERS
from aws.wire import AwsAnswer

#: Seconds without a word, well below the minute after which SDKs and proxies give up.
SILENCE = 15.0
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


async def answer_in_time(
    exchange: Exchange,
    work: Coroutine[Any, Any, AwsAnswer],
    refusal: Callable[[Exception], bytes | None],
    *,
    silence: float = SILENCE,
) -> None:
    """Answers with what `work` returns. `refusal` makes the document of an exception, None for a bug.

    The work goes on when the client leaves: what it asked for still happens, as on AWS.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=silence)
    if task.done():
        await exchange.answer(task.result())
        return
    task.add_done_callback(lambda done: done.exception())  # heard of, also when nobody waits any more
    headers = {"Content-Type": "application/xml", "x-amz-request-id": exchange.request_id, **SAFE_HEADERS}
    await exchange.begin(200, headers)
    await exchange.write(_DECLARATION, more=True)
    while not task.done():
        await exchange.write(b" ", more=True)
        await asyncio.wait({task}, timeout=silence)
    try:
        body = task.result().body
    except Exception as problem:
        found = refusal(problem)
        if found is None:
            raise
        body = found
    await exchange.write(body.removeprefix(_DECLARATION), more=False)
