"""Hints: the first at once, what follows soon after in one breath, and nothing newer is ever lost to an older one."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from runs.hints import ExecutionHint, Hint, LogHint, Mouth, StopHint
from runs.sockets.hub import BATCH_SECONDS


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[float, list[Hint]]] = []
        self._changed = threading.Condition()

    def __call__(self, hints: Sequence[Hint]) -> None:
        with self._changed:
            self.heard.append((time.monotonic(), list(hints)))
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, timeout=5)


def at(sequence: int, execution: str = "one") -> ExecutionHint:
    return ExecutionHint(execution=execution, workspace="w", sequence=sequence)


def test_the_first_hint_of_an_execution_goes_out_at_once() -> None:
    listener = Listener()
    mouth = Mouth(listener)
    mouth.say([at(1)])
    mouth.say([at(1, "other")])
    assert [hints for _, hints in listener.heard] == [[at(1)], [at(1, "other")]]


def test_hints_that_follow_soon_come_as_one_with_the_newest_sequence() -> None:
    listener = Listener()
    mouth = Mouth(listener)
    for sequence in (1, 2, 4, 3):
        mouth.say([at(sequence)])
    listener.wait_for(2)
    assert [hints for _, hints in listener.heard] == [[at(1)], [at(4)]]


def test_a_held_hint_comes_before_the_hub_would_send_its_next_frame() -> None:
    assert Mouth.BREATH_SECONDS < BATCH_SECONDS


def test_stops_and_logs_are_never_held() -> None:
    listener = Listener()
    mouth = Mouth(listener)
    urgent: list[Hint] = [StopHint(attempt="a"), LogHint(execution="one", attempt="a", size=1)]
    mouth.say([at(1)])
    mouth.say([at(2), *urgent])
    assert [hints for _, hints in listener.heard] == [[at(1)], urgent]
