"""Talking to the nursery: the process that has Django loaded and forks web, worker and scheduler off itself."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PARTS = ("web", "scheduler", "worker")


class NurseryDied(Exception):
    """The parent of all parts is gone, and they end with it."""


class Nursery:
    """Lines of JSON over two pipes. Closing ours (or dying) ends the nursery and its parts."""

    def __init__(self, manage: Path, environ: Mapping[str, str], options: Mapping[str, Any], door: int) -> None:
        words = [sys.executable, str(manage), "parts", json.dumps({**options, "door": door})]
        self._process = subprocess.Popen(
            words,
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            pass_fds=(door,),
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._out.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._buffer = b""

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, **message: Any) -> None:
        """Raises: NurseryDied."""
        try:
            self._in.write(json.dumps(message).encode() + b"\n")
            self._in.flush()
        except (BrokenPipeError, ValueError):
            raise NurseryDied from None

    def listen(self, seconds: float) -> list[dict[str, Any]]:
        """What it said within this time; returns as soon as it says something.

        Raises:
            NurseryDied
        """
        if not self._selector.select(seconds):
            if self._process.poll() is not None:
                raise NurseryDied
            return []
        data = self._out.read()
        if data == b"":
            raise NurseryDied
        self._buffer += data or b""
        *lines, self._buffer = self._buffer.split(b"\n")
        return [json.loads(line) for line in lines if line.strip()]

    def wait_for(self, event: str, seconds: float) -> dict[str, Any] | None:
        """The first message of this kind, None when it does not come in time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for message in self.listen(left):
                if message.get("event") == event:
                    return message
        return None

    def close(self, seconds: float = 5.0) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._in.close()
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
