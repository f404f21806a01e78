"""A table as CSV on its way to a client: a process of its own writes, and waits while the client does not read."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

from runs.tables.inspecting import EXPORT, start
from runs.tables.options import ReadOptions, Unreadable

logger = logging.getLogger("clary.tables")
PIECE = 256 * 1024
#: How long the writer may go without a byte.
SILENCE_SECONDS = 60.0
#: How long a download waits while as many as may be are under way.
TURN_SECONDS = 20.0
#: Returns once the client has taken what was written; False when it is gone.
Drained = Callable[[], Awaitable[bool]]


class WriterFailed(Exception):
    """The process that writes a CSV ended before the table did."""


class CsvExport:
    """The bytes, to be iterated once; `close` ends the writer wherever it is, and may be called twice.

    Raises:
        Unreadable: no table, a damaged one, or too many are being written at once.
    """

    def __init__(self, path: Path, name: str, options: ReadOptions, *, work: Path, drained: Drained | None) -> None:
        self._drained = drained
        self._closing = threading.Lock()
        self._closed = False
        self._files = ExitStack()
        if not EXPORT.at_once.acquire(timeout=TURN_SECONDS):
            raise Unreadable("tables-busy", "Several tables are being written right now. Try again in a minute.")
        self._folder = tempfile.TemporaryDirectory(dir=work, prefix="csv-")
        folder = Path(self._folder.name)
        request = {"do": "csv", "options": options.to_json()}
        self._process = start(request, path, name, folder, folder / "said", EXPORT)
        try:
            self._begin(name)
        except BaseException:
            self.close()
            raise

    def keep(self, files: ExitStack) -> None:
        """Gives these files back when it is closed, not before."""
        self._files = files

    def _begin(self, name: str) -> None:
        """Reads the line that says whether a table follows."""
        line = b""
        while not line.endswith(b"\n"):
            more = self._read(1)
            if not more:
                break
            line += more
        try:
            said = json.loads(line)
        except ValueError:
            raise Unreadable(
                "table-too-large", f"{name} cannot be written as CSV: it takes too much memory or time, or is damaged."
            ) from None
        if "refused" in said:
            raise Unreadable(said["refused"]["code"], said["refused"]["message"])

    def _read(self, size: int = PIECE) -> bytes:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], SILENCE_SECONDS)
        return os.read(self._process.stdout.fileno(), size) if ready else b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while piece := await asyncio.to_thread(self._read):
                yield piece
                if self._drained is not None and not await self._drained():
                    return
            if await asyncio.to_thread(self._process.wait, 5) != 0:
                raise WriterFailed  # the client has to see that it did not get all
        finally:
            await asyncio.to_thread(self.close)

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()
        self._files.close()
        EXPORT.at_once.release()
