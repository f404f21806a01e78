"""Failures a step names itself: one line of JSON at the end of its log, as steps of the library write it."""

from __future__ import annotations

import json
from typing import Any

from engine.failures.cause import Action, Cause

#: What the code of a named failure is called.
TITLES = {
    "all-missing": "A column has no values",
    "column-missing": "A column is missing",
    "columns-differ": "The files have different columns",
    "empty-result": "No row is left",
    "empty-split": "A part of the split is empty",
    "empty-table": "The table is empty",
    "evaluation-unreadable": "An evaluation cannot be read",
    "file-empty": "A file is empty",
    "file-unreadable": "A file cannot be read",
    "input-missing": "An input is missing",
    "metric-missing": "The evaluations lack this measure",
    "model-missing": "There is no model",
    "model-unreadable": "The model cannot be read",
    "name-taken": "A column of this name is there already",
    "no-columns": "No column is left",
    "no-features": "No column is left to learn from",
    "no-table": "There is no table",
    "one-class-only": "There is only one class",
    "one-value-only": "There is only one value",
    "option-invalid": "An option does not fit",
    "option-missing": "A setting is missing",
    "out-of-memory": "Out of memory",
    "query-invalid": "The query cannot be run",
    "query-refused": "The query reaches outside",
    "table-missing": "The query names a table that is not connected",
    "too-few-rows": "There are too few rows",
    "too-many-classes": "There are too many classes",
    "too-many-rows": "There are too many rows",
    "training-failed": "The training failed",
    "unknown-classes": "The model does not know these classes",
    "unknown-option": "The step does not know a setting",
    "unknown-step": "This release does not know the step",
    "wrong-format": "The file is of another format",
    "wrong-type": "A column has the wrong type",
}
#: What the library could not name: its traceback says more.
UNNAMED = frozenset({"step-error"})
_LAST_LINES = 30
_LONGEST_LINE = 16 * 1024
_SUGGESTIONS = 5


def named_failure(log: str) -> Cause | None:
    """The failure the step named in one of its last lines; None when it named none."""
    for line in reversed(log.rstrip().split("\n")[-_LAST_LINES:]):
        line = line.strip()
        if line.startswith("{") and '"code"' in line and len(line) <= _LONGEST_LINE:
            found = _read(line)
            if found is not None:
                return found
    return None


def _read(line: str) -> Cause | None:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError):
        return None
    code, message = facts.get("code"), facts.get("message")
    if not isinstance(code, str) or not isinstance(message, str) or not message or code in UNNAMED:
        return None
    column = facts.get("column")
    given = facts.get("suggestions")
    suggestions = tuple(str(one) for one in given[:_SUGGESTIONS]) if isinstance(given, list) else ()
    what, advice = _halves(message)
    return Cause(
        code=code[:40],
        title=TITLES.get(code, "The step could not do its work"),
        what=what,
        advice=advice,
        column=column if isinstance(column, str) else None,
        suggestions=suggestions,
        actions=_actions(code, suggestions, facts),
    )


def _halves(message: str) -> tuple[str, str]:
    """What happened, and what to do: the last sentence, where there are several."""
    head, dot, tail = message.strip().rpartition(". ")
    return (f"{head}.", tail) if dot and tail else (message.strip(), "")


def _actions(code: str, suggestions: tuple[str, ...], facts: dict[str, Any]) -> tuple[Action, ...]:
    if code == "out-of-memory":
        return (Action.RAISE_MEMORY, Action.RETRY)
    if suggestions and isinstance(facts.get("column"), str):
        return (Action.PICK_COLUMN, Action.OPEN_STEP, Action.USE_LAST_GOOD)
    return (Action.OPEN_STEP, Action.USE_LAST_GOOD)
