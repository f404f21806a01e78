"""Live metrics: log bytes go to a matcher process, values come back. The worker never runs a user's regex itself.

A pattern that does not come to an end (catastrophic backtracking) costs only its metrics: after STALLED_SECONDS without
progress the matcher is killed, the log says so, and the step goes on.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from runs.runners.zygote import ForkedStep, ServerGone, StepRequest

STALLED_SECONDS = 3.0
FINISH_SECONDS = 2.0
PENDING_BYTES = 8 * 1024 * 1024  # older lines are dropped beyond this: the last match is the final value

#: Starts a step of the lean fork server with this output and input.
StartStep = Callable[[StepRequest, int, int], ForkedStep]


class MetricWatch:
    """Feed it the log; `values` has the last value of each metric. `script` is the matcher as its process sees it."""

    def __init__(
        self,
        patterns: Sequence[tuple[str, str]],
        *,
        start: StartStep,
        python: str,
        script: str,
        found: Callable[[str, float], None],
    ) -> None:
        self.values: dict[str, float] = {}
        self.trouble: str | None = None
        self._found = found
        self._pending = bytearray()
        self._answer = bytearray()
        self._progress = time.monotonic()
        self._step: ForkedStep | None = None
        self.input: int | None = None
        self.output: int | None = None
        if patterns:
            self._open(patterns, start, python, script)

    def feed(self, data: bytes) -> None:
        if self.input is None:
            return
        if not self._pending:
            self._progress = time.monotonic()
        self._pending += data
        if len(self._pending) > PENDING_BYTES:
            del self._pending[: len(self._pending) - PENDING_BYTES]
        self.write()

    @property
    def waiting(self) -> bool:
        """True while there are bytes the matcher has not taken."""
        return self.input is not None and bool(self._pending)

    def write(self) -> None:
        """Hands over what the matcher has room for."""
        if self.input is None or not self._pending:
            return
        try:
            done = os.write(self.input, self._pending[: 64 * 1024])
        except BlockingIOError:
            if time.monotonic() - self._progress > STALLED_SECONDS:
                self._give_up()
            return
        except BrokenPipeError:
            self._give_up()
            return
        del self._pending[:done]
        self._progress = time.monotonic()

    def read(self) -> None:
        """Takes the values that are there."""
        if self.output is None:
            return
        try:
            data = os.read(self.output, 64 * 1024)
        except BlockingIOError:
            return
        if not data:
            self._close_output()
            return
        *lines, rest = (self._answer + data).split(b"\n")
        self._answer = bytearray(rest)
        for line in lines:
            self._take(line)

    def finish(self) -> None:
        """The log is complete: waits a moment for the last values, then ends the matcher."""
        deadline = time.monotonic() + FINISH_SECONDS
        while self.output is not None and time.monotonic() < deadline:
            self.write()
            if self.input is not None and not self._pending:
                self._close_input()
            self.read()
            if self.output is not None:
                time.sleep(0.001)
        if self.output is not None:
            self._give_up()
        if self._step is not None:
            self._step.close()
            self._step = None

    def _open(self, patterns: Sequence[tuple[str, str]], start: StartStep, python: str, script: str) -> None:
        source, self.input = os.pipe()
        self.output, sink = os.pipe()
        os.set_blocking(self.input, False)
        os.set_blocking(self.output, False)
        request = StepRequest(
            argv=(python, script, json.dumps(patterns)), env={"PATH": os.defpath}, cwd="/", network=False
        )
        try:
            self._step = start(request, sink, source)
        except ServerGone as problem:
            self.trouble = f"metrics cannot be read from the log: {problem}"
            self._close_input()
            self._close_output()
        finally:
            os.close(source)
            os.close(sink)

    def _take(self, line: bytes | bytearray) -> None:
        with suppress(ValueError):
            for name, value in json.loads(line).items():
                self.values[name] = float(value)
                self._found(name, float(value))

    def _give_up(self) -> None:
        self.trouble = "metrics are no longer read from the log: a metric's regular expression took too long"
        self._pending.clear()
        self._close_input()
        self._close_output()
        if self._step is not None:
            self._step.kill()
            self._step.close()
            self._step = None

    def _close_input(self) -> None:
        if self.input is not None:
            os.close(self.input)
            self.input = None

    def _close_output(self) -> None:
        if self.output is not None:
            os.close(self.output)
            self.output = None
