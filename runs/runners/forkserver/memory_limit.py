"""Whether a step holds more memory than it may. Looked at often: a control group would do it, but needs more rights."""

from __future__ import annotations

import os

from . import processes

#: Milliseconds between two looks: near the limit, and far from it.
NEAR, FAR = 10, 100
_NEAR_SHARE = 0.5
_SHARED_MEMORY = "/dev/shm"


class MemoryLimit:
    """`own_shared_memory`: /dev/shm belongs to this step alone, so what lies there counts."""

    def __init__(self, limit_bytes: int | None, *, own_shared_memory: bool) -> None:
        self._limit = limit_bytes
        self._own_shared_memory = own_shared_memory
        #: How long to wait before the next look; None: there is no limit. The first look comes soon.
        self.patience: int | None = None if limit_bytes is None else NEAR

    def exceeded(self) -> bool:
        """True when the processes below this one together hold more than they may.

        Resident memory comes first, as it is cheap to read; the exact share (PSS) decides, because pages shared after
        a fork would count twice.
        """
        if self._limit is None:
            return False
        below = processes.family(os.getpid())
        lying = self._lying_in_shared_memory()
        resident = processes.resident_bytes(below) + lying
        self.patience = NEAR if resident > self._limit * _NEAR_SHARE else FAR
        if resident <= self._limit:
            return False
        total, mapped = processes.proportional_bytes(below)
        return total + max(0, lying - mapped) > self._limit

    def _lying_in_shared_memory(self) -> int:
        """Files there are memory too, whether or not anybody has them mapped."""
        if not self._own_shared_memory:
            return 0
        found = os.statvfs(_SHARED_MEMORY)
        return (found.f_blocks - found.f_bfree) * found.f_frsize
