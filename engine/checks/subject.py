"""What every check looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.definition.model import Definition, Step
from engine.graph import Graph
from engine.problems import Fix, Problem, Severity

#: At most this many near matches are looked for in one validation: each costs a comparison with every name.
_SUGGESTIONS = 40


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One definition under validation. `runnable` gives the reason why a step cannot run here, or None."""

    document: dict[str, Any]
    definition: Definition
    graph: Graph
    profile: str
    runnable: Callable[[Step], str | None]


class Suggestions:
    """Near matches for mistyped names, as long as they stay cheap."""

    def __init__(self) -> None:
        self._left = _SUGGESTIONS

    def closest(self, name: str, known: list[str]) -> str | None:
        from engine.names import closest

        if self._left <= 0 or len(name) > 200:
            return None
        self._left -= 1
        return closest(name, known[:2000])


def error(code: str, message: str, pointer: str, step: str | None = None, fix: Fix | None = None) -> Problem:
    return Problem(code=code, message=message, pointer=pointer, step=step, fix=fix)


def warning(code: str, message: str, pointer: str, step: str | None = None, fix: Fix | None = None) -> Problem:
    return Problem(code=code, message=message, pointer=pointer, step=step, fix=fix, severity=Severity.WARNING)


def info(code: str, message: str, pointer: str, step: str | None = None, fix: Fix | None = None) -> Problem:
    return Problem(code=code, message=message, pointer=pointer, step=step, fix=fix, severity=Severity.INFO)


def replace_fix(title: str, pointer: str, value: Any) -> Fix:
    return Fix(title=title, patch=({"op": "replace", "path": pointer, "value": value},))
