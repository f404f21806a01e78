"""One supervisor per CLARY_HOME."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import TextIO


class HomeInUse(Exception):
    """Another Clary runs on this CLARY_HOME; the message says which."""


class HomeLock:
    """Held until `release`, or until this process is gone, however it goes. Children do not inherit it."""

    def __init__(self, home: Path) -> None:
        self._path = home / "supervisor.lock"
        self._file: TextIO | None = None

    def take(self, *, url: str) -> None:
        """Raises: HomeInUse."""
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = _holder(file.read())
            file.close()
            raise HomeInUse(f"Clary already runs on {self._path.parent}{holder}. Stop it first, or open it.") from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "url": url}))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _holder(text: str) -> str:
    try:
        facts = json.loads(text)
        return f" (process {facts['pid']}, {facts['url']})"
    except (ValueError, KeyError, TypeError):
        return ""
