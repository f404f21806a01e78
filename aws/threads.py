"""The threads that ask the database and hash bytes, so that the event loop never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_THREADS = 8


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns. For anything that uses the database: its connection is checked first."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), lambda: _connected(work, *args, **kwargs))


def _connected(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    from django.db import close_old_connections

    close_old_connections()
    return work(*args, **kwargs)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="aws")
