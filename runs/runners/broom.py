"""Removing the folders of ended attempts when nobody waits for it.

Taking a tree of folders away costs about as long as a short step runs, so it is not on the way from one step to the
next: it happens while the next step runs, or a moment later when there is none.
"""

from __future__ import annotations

import shutil
import threading
from collections import deque
from pathlib import Path

#: How long a folder waits for a next step.
PATIENCE_SECONDS = 0.25


class Broom:
    """Thread-safe. `close` returns when everything that was left is gone."""

    def __init__(self) -> None:
        self._folders: deque[Path] = deque()
        self._left = threading.Event()
        self._now = threading.Event()
        self._lock = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None

    def leave(self, folder: Path) -> None:
        """The folder is nobody's any more."""
        self._folders.append(folder)
        self._left.set()
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="broom", daemon=True)
                self._thread.start()

    def sweep_now(self) -> None:
        """A good moment: the caller is about to wait for a step."""
        if self._folders:
            self._now.set()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            thread = self._thread
        self._now.set()
        self._left.set()
        if thread is not None:
            thread.join()
        self._sweep()

    def _run(self) -> None:
        while not self._closed:
            self._left.wait()
            self._now.wait(PATIENCE_SECONDS)
            self._left.clear()
            self._now.clear()
            self._sweep()

    def _sweep(self) -> None:
        while self._folders:
            shutil.rmtree(self._folders.popleft(), ignore_errors=True)
