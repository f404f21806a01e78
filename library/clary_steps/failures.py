"""What a step says when it cannot do its work: one sentence a person can act on, and facts a program can."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class StepFailure(Exception):
    """`message` says what happened, where, and what to do. `column` and `suggestions` feed a button that repairs it."""

    def __init__(self, code: str, message: str, *, column: str | None = None, suggestions: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.column = column
        self.suggestions = list(suggestions)

    def to_line(self, step: str) -> str:
        """One line of JSON for the log."""
        facts: dict[str, Any] = {"code": self.code, "message": self.message, "step": step}
        if self.column is not None:
            facts["column"] = self.column
        if self.suggestions:
            facts["suggestions"] = self.suggestions
        return json.dumps(facts, ensure_ascii=False)


def near(name: str, names: Iterable[str], count: int = 3) -> list[str]:
    """The names most like `name`, letter case aside, best first."""
    by_key = {str(one).casefold(): str(one) for one in names}
    return [by_key[key] for key in get_close_matches(name.casefold(), by_key, n=count, cutoff=0.6)]


def listed(names: Iterable[Any], most: int = 8) -> str:
    """'a, b, c and 4 more'."""
    every = [str(name) for name in names]
    shown = ", ".join(every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown
