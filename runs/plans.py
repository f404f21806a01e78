"""Compiled definitions, once per hash and process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from engine.definition.model import Definition, Step
from engine.definition.parse import parse_definition
from engine.execution.plan import Plan, compile_plan
from runs.models import Execution

_KEPT = 32
#: Steps from which on a compiled definition is worth forgetting in a quiet time: these take megabytes.
_LARGE = 100
_lock = threading.Lock()
_compiled: OrderedDict[str, Compiled] = OrderedDict()


@dataclass(frozen=True)
class Compiled:
    """What a definition text says, ready for the planner."""

    definition: Definition
    plan: Plan

    def step(self, name: str) -> Step:
        """The step of that name; executions only hold steps their definition has."""
        return self.definition.steps_by_name[name]


def compile_text(text: str) -> Compiled:
    """The compiled form of a definition that was validated before it was started."""
    definition = Definition.from_document(parse_definition(text).document)
    return Compiled(definition=definition, plan=compile_plan(definition))


def compiled(execution: Execution) -> Compiled:
    """The compiled definition of an execution; reads its text only when this process has not compiled it yet."""
    return remember(execution.definition_sha256, lambda: _text(execution))


def remember(sha256: str, text: Callable[[], str]) -> Compiled:
    """The compiled definition under this hash, compiled from `text()` on first use."""
    with _lock:
        known = _compiled.get(sha256)
        if known is not None:
            _compiled.move_to_end(sha256)
            return known
    fresh = compile_text(text())
    with _lock:
        _compiled[sha256] = fresh
        while len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    return fresh


def forget_large() -> None:
    """Lets go of large compiled definitions; whoever needs one again compiles it again."""
    with _lock:
        for sha256 in [sha256 for sha256, one in _compiled.items() if len(one.plan.steps) >= _LARGE]:
            del _compiled[sha256]


def _text(execution: Execution) -> str:
    return Execution.objects.values_list("definition", flat=True).get(pk=execution.pk)
