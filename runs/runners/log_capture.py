"""The log of one attempt under its cap: the head as it comes, the tail at the end, and what was cut in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

HEAD_SHARE = 5  # one part of this many is head
_PIECE = 256 * 1024
_MARKER_ROOM = 256
_LAST_BYTES = 16 * 1024


class LogCapture:
    """Give it raw bytes in order with `feed`, then call `finish` once.

    Up to `limit_bytes / 5` go to `deliver` at once. Of what follows, the last four fifths of the limit are kept in
    memory and delivered by `finish`, after a line that says how much was left out, if anything was.
    """

    def __init__(self, limit_bytes: int, deliver: Callable[[bytes], None]) -> None:
        self._deliver = deliver
        self._head_left = limit_bytes // HEAD_SHARE
        self._head_bytes = self._head_left
        self._tail_limit = max(0, limit_bytes - self._head_left - _MARKER_ROOM)
        self._tail: deque[bytearray] = deque()
        self._tail_bytes = 0
        self._last = bytearray()
        self.raw_bytes = 0

    def feed(self, data: bytes) -> None:
        self.raw_bytes += len(data)
        self._remember(data)
        if self._head_left:
            head = data[: self._head_left]
            self._head_left -= len(head)
            self._deliver(head)
            data = data[len(head) :]
        if data:
            self._keep(data)

    def finish(self) -> None:
        kept = self._tail_bytes
        surplus = max(0, kept - self._tail_limit)
        cut = self.raw_bytes - self._head_bytes - kept + surplus
        if kept and cut > 0:
            self._deliver(
                f"\n[clary: {cut:,} of {self.raw_bytes:,} bytes are left out here; "
                f"the first {self._head_bytes:,} and the last {kept - surplus:,} are kept]\n".encode()
            )
        while self._tail:
            piece = self._tail.popleft()
            self._deliver(bytes(piece[surplus:]))
            surplus = max(0, surplus - len(piece))
        self._tail_bytes = 0

    def last_lines(self, count: int = 20) -> list[str]:
        """The last lines that say something, invalid UTF-8 replaced."""
        text = self._last.decode(errors="replace").replace("\r", "\n")
        return [line.rstrip() for line in text.split("\n") if line.strip()][-count:]

    def _keep(self, data: bytes) -> None:
        if not self._tail or len(self._tail[-1]) + len(data) > _PIECE:
            self._tail.append(bytearray())
        self._tail[-1] += data
        self._tail_bytes += len(data)
        while self._tail_bytes - len(self._tail[0]) >= self._tail_limit and len(self._tail) > 1:
            self._tail_bytes -= len(self._tail.popleft())

    def _remember(self, data: bytes) -> None:
        if len(data) >= _LAST_BYTES:
            self._last = bytearray(data[-_LAST_BYTES:])
            return
        self._last += data
        if len(self._last) > 4 * _LAST_BYTES:
            del self._last[:-_LAST_BYTES]
