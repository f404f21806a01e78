"""Tables about the event log and the status words."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum

from engine.execution import events
from engine.execution.states import AttemptStatus, ExecutionStatus, FailureCategory, SkipReason, StepStatus
from scripts.reference.markdown import code, codes, sentence, table

_BASES = (events.Event, events.StepEvent)
_BESIDE_DATA = frozenset({"step", "iteration", "attempt"})
_TYPES = {
    "str": "text",
    "bool": "true or false",
    "float": "number",
    "int": "whole number",
    "dict[str, float]": "object of numbers",
    "list[str]": "list of texts",
}
#: What happened, where the class has no words of its own.
_MEANINGS = {
    "ExecutionStarted": "The execution runs.",
    "ExecutionStopping": "A stop was asked for: nothing starts from here on.",
    "ExecutionStopped": "Every step has ended after a stop.",
    "ExecutionFailed": "It ended with a failure nobody answered.",
    "ExecutionSucceeded": "It ended well.",
    "ExecutionCompletedWithFailures": "Steps failed, and other steps answered each failure.",
    "StepSucceeded": "The step ended well.",
    "StepFailed": "The step failed and is not tried again.",
    "StepStopping": "The step was asked to end (SIGTERM).",
    "StepStopped": "The step ended because of a stop.",
    "StepSkipped": "The step will not run.",
    "AttemptLost": "The worker or runner of an attempt is gone.",
    "ConditionEvaluated": "A Condition chose its branch.",
    "IterationsPlanned": "How many rounds a loop has. Not written in this release.",
    "StepWaiting": "The step has asked somebody outside.",
}


def event_classes() -> tuple[type[events.Event], ...]:
    """Every event type of the log, in the order of the module."""
    found = (value for value in vars(events).values() if inspect.isclass(value) and issubclass(value, events.Event))
    return tuple(one for one in found if one not in _BASES)


def execution_events() -> str:
    return _table(one for one in event_classes() if not issubclass(one, events.StepEvent))


def step_events() -> str:
    return _table(one for one in event_classes() if issubclass(one, events.StepEvent))


def statuses() -> str:
    """Every status word and who shows it."""
    rows = [
        ("Execution", codes(ExecutionStatus), "AWS words, exactly"),
        ("Step", codes(one for one in StepStatus if one not in _OWN), "AWS words, exactly"),
        ("Step", codes(_OWN), "Clary's own: never in an AWS field"),
        ("Attempt", codes(AttemptStatus), "Clary's own"),
    ]
    return table(("Of", "Words", ""), rows)


def reasons() -> str:
    """Categories of failures and reasons for skipping, with the comment the code gives each."""
    rows = [
        *_members(SkipReason, "`reason` of StepSkipped"),
        *_members(FailureCategory, "`category` of StepFailed"),
    ]
    return table(("Word", "Where", "Means"), rows)


_OWN = (StepStatus.WAITING, StepStatus.QUEUED, StepStatus.SKIPPED)


def _table(classes: Iterator[type[events.Event]]) -> str:
    return table(("Event", "Means", "`data`"), ((code(one.__name__), _meaning(one), _data(one)) for one in classes))


def _meaning(one: type[events.Event]) -> str:
    own = "" if (one.__doc__ or "").startswith(f"{one.__name__}(") else inspect.cleandoc(one.__doc__ or "")
    return " ".join(part for part in (_MEANINGS.get(one.__name__, ""), sentence(own)) if part)


def _data(one: type[events.Event]) -> str:
    shown = []
    for field in fields(one):
        if field.name in _BESIDE_DATA:
            continue
        kind, _, optional = str(field.type).partition(" | None")
        mark = "?" if str(field.type).endswith("| None") else ""
        shown.append(f"`{field.name}{mark}` {_TYPES.get(kind, kind)}{optional}")
    return "; ".join(shown)


def _members(kind: type[StrEnum], where: str) -> Iterator[tuple[str, str, str]]:
    comments = {}
    for line in inspect.getsource(kind).splitlines():
        name, equals, rest = line.strip().partition(" = ")
        if equals:
            comments[name] = rest.partition("  # ")[2]
    for member in kind:
        yield code(member.value), where, sentence(comments.get(member.name, "") or member.value.replace("-", " "))
