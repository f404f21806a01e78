"""The threads that ask the database and hash bytes, so that the event loop never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns. For anything that uses the database: its connection goes back to the pool afterwards."""
    return await asyncio.get_running_loop().run_in_executor(_database_pool(), lambda: _connected(work, *args, **kwargs))


async def hashing(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, which reads, writes and hashes bytes and asks no database."""
    return await asyncio.get_running_loop().run_in_executor(_byte_pool(), lambda: work(*args, **kwargs))


def _connected(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    from django.db import close_old_connections, connection

    try:
        return work(*args, **kwargs)
    finally:
        if connection.vendor != "sqlite":  # a connection to a file costs the others nothing, and is slow to open
            close_old_connections()


@cache
def _database_pool() -> ThreadPoolExecutor:
    """Wide, because joining the parts of a large object keeps a thread for long."""
    return ThreadPoolExecutor(16, thread_name_prefix="aws")


@cache
def _byte_pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4, thread_name_prefix="aws-bytes")
