"""Signals, events and states as the JSON of golden histories and socket frames, and back."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from engine.execution import events, signals
from engine.execution.states import NOT_ITERATED, FailureCategory, StepKey
from engine.execution.turn import iso

STEP_FACTS = ("step", "iteration", "attempt")


def frame(sequence: int, at: datetime, event: events.Event) -> dict[str, Any]:
    """An event exactly as the `events` frame of the execution socket shows it."""
    shown: dict[str, Any] = {"sequence": sequence, "at": iso(at), "v": 1, "event": type(event).__name__}
    if isinstance(event, events.StepEvent):
        shown["step"] = event.step
        if event.iteration != NOT_ITERATED:
            shown["iteration"] = event.iteration
        if event.attempt is not None:
            shown["attempt"] = event.attempt
    return {**shown, "data": event.data()}


def event_of(shown: dict[str, Any]) -> events.Event:
    facts = {name: shown[name] for name in STEP_FACTS if name in shown}
    event: events.Event = getattr(events, shown["event"])(**facts, **shown["data"])
    return event


def signal_json(at: datetime, signal: signals.Signal) -> dict[str, Any]:
    shown: dict[str, Any] = {"at": iso(at), "signal": type(signal).__name__}
    for field in fields(signal):
        value = getattr(signal, field.name)
        if isinstance(value, StepKey):
            shown["step"] = value.name
            if value.iteration != NOT_ITERATED:
                shown["iteration"] = value.iteration
        elif value != field.default and value != {}:
            shown[field.name] = list(value) if isinstance(value, tuple) else value
    return shown


def signal_of(shown: dict[str, Any]) -> tuple[datetime, signals.Signal]:
    facts = {name: value for name, value in shown.items() if name not in ("at", "signal", "iteration")}
    if "step" in facts:
        facts["step"] = StepKey(facts["step"], shown.get("iteration", NOT_ITERATED))
    if "category" in facts:
        facts["category"] = FailureCategory(facts["category"])
    if "explanation" in facts:
        facts["explanation"] = tuple(facts["explanation"])
    return moment(shown["at"]), getattr(signals, shown["signal"])(**facts)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
