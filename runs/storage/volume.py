"""Waiting until everything written to a volume is on its disk."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)


def sync_volume(folder: Path) -> bool:
    """False where this system cannot do it for one volume (then sync file by file).

    Raises:
        OSError: the disk is broken or full.
    """
    syncfs = getattr(_libc, "syncfs", None)
    if syncfs is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
    return True
