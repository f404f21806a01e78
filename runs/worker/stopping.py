"""The stop token of one attempt."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Stop:
    """A `StopToken`. Asking twice is harmless; demanding after asking makes it harder, never softer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._stopping = False
        self._killing = False

    @property
    def stopping(self) -> bool:
        return self._stopping or self._killing

    @property
    def killing(self) -> bool:
        return self._killing

    def ask(self) -> None:
        """SIGTERM, grace, SIGKILL."""
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
        self._call()

    def demand(self) -> None:
        """SIGKILL at once: this attempt belongs to somebody else now, or to nobody."""
        with self._lock:
            if self._killing:
                return
            self._killing = True
        self._call()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            self._callbacks.append(callback)
            set_already = self.stopping
        if set_already:
            callback()

        def unsubscribe() -> None:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return unsubscribe

    def _call(self) -> None:
        with self._lock:
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()
