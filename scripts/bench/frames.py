"""From a commit to the frame an outside socket client has in hand.

The first events go out at once; those that are committed within 50 ms of a frame wait for the next one on purpose
(one list instead of many frames). An event counts as held when it was committed before 50 ms had passed since the frame
before it arrived. What the hub adds by itself is what events that were not held took.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from websockets.sync.client import connect

from scripts.bench.shapes import percentile

WINDOW_SECONDS = 0.05
TERMINAL = {"Succeeded", "Failed", "Stopped", "CompletedWithFailures"}


@dataclass(frozen=True)
class Delay:
    """One event: the time of its transaction to its frame at the client."""

    milliseconds: float
    held: bool


def follow(address: str, headers: Mapping[str, str]) -> tuple[str, list[Delay]]:
    """(status the execution ended with, a delay per event), from its socket."""
    delays: list[Delay] = []
    before = 0.0
    with connect(address, additional_headers=headers, open_timeout=10, max_size=None) as live:
        while True:
            frame: dict[str, Any] = json.loads(live.recv(timeout=120))
            now = time.time()
            if frame["type"] == "snapshot" and frame["execution"]["status"] in TERMINAL:
                return str(frame["execution"]["status"]), delays
            for event in frame.get("events", ()):
                at = datetime.fromisoformat(event["at"]).timestamp()
                delays.append(Delay((now - at) * 1e3, held=at < before + WINDOW_SECONDS))
                if event["event"].removeprefix("Execution") in TERMINAL:
                    return event["event"].removeprefix("Execution"), delays
            if "events" in frame:
                before = now


def percentiles(delays: list[Delay], *, held: bool = True) -> tuple[float, float]:
    """p50 and p95 in milliseconds, of all events or of those that were not held; NaN without any."""
    taken = [delay.milliseconds for delay in delays if held or not delay.held]
    return (percentile(taken, 0.5), percentile(taken, 0.95)) if taken else (float("nan"), float("nan"))
