"""What is wrong with a definition, in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"  # the pipeline cannot run
    WARNING = "warning"  # it runs, but probably not as meant
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One change that would mend a problem: a button title and a patch (see definition/patch.py)."""

    title: str
    patch: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding. `pointer` is a JSON pointer (RFC 6901) into the definition; "" is the whole document.

    `step` names the innermost step that holds the pointer, None outside steps. `everywhere` is the same fix for every
    step that has the problem, where there is more than one.
    """

    code: str
    message: str
    pointer: str = ""
    severity: Severity = Severity.ERROR
    step: str | None = None
    fix: Fix | None = None
    everywhere: Fix | None = None
