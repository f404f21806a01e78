"""Giving memory back after work, so that an idle installation stays small.

What a large run leaves in a process is mostly free, but kept by the allocator for a next time that may not come.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable

from runs import plans

#: How often a process looks whether it has been quiet.
LOOK_SECONDS = 15.0
#: CPU seconds between two looks that count as work.
WORK_SECONDS = 0.15


class Rest:
    """Call `look` every `LOOK_SECONDS`; after work it gives memory back once, at the first quiet look."""

    def __init__(self, give_back: Callable[[], None] | None = None, clock: Callable[[], float] = time.process_time):
        self._give_back = give_back or give_memory_back
        self._clock = clock
        self._seen = clock()
        self._tired = True  # from starting

    def look(self) -> None:
        used, self._seen = self._clock() - self._seen, self._clock()
        if used > WORK_SECONDS:
            self._tired = True
        elif self._tired:
            self._tired = False
            self._give_back()


def give_memory_back() -> None:
    """Forgets what is quickly made again, and returns free memory to the system where the C library can."""
    plans.forget_large()
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only
    if trim is not None:
        trim(0)
