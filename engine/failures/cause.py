"""What is known of a failure, and what it comes to for the person who has to do something about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What a button beside the cause can do."""

    OPEN_CODE = "open-code"  # the file and line of `place`
    OPEN_STEP = "open-step"  # the step's form in the editor
    PICK_COLUMN = "pick-column"  # one of `suggestions` in place of `column`
    RAISE_MEMORY = "raise-memory"  # the next larger instance type
    RAISE_TIME = "raise-time"  # a longer limit
    ADD_PACKAGE = "add-package"  # `package` into requirements.txt
    USE_LAST_GOOD = "use-last-good"  # the values of the last execution in which the step succeeded
    OPEN_IMAGES = "open-images"  # the table of images
    SHOW_LOG = "show-log"
    RETRY = "retry"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of the user's own code. `file` as the step saw it: "/opt/ml/processing/input/code/train.py"."""

    file: str
    line: int
    function: str | None = None
    code: str | None = None

    @property
    def file_name(self) -> str:
        return self.file.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class FailureFacts:
    """`log`: the end of the attempt's log. `columns`: what its input tables hold, where that is known."""

    category: str
    reason: str = ""
    log: str = ""
    exit_code: int | None = None
    signal: int | None = None
    out_of_memory: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cause:
    """`title` names the kind in a few words, `what` says what happened here, `advice` what to do."""

    code: str
    title: str
    what: str
    advice: str
    place: Place | None = None
    column: str | None = None
    package: str | None = None
    suggestions: tuple[str, ...] = ()
    actions: tuple[Action, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        place = self.place
        return {
            "code": self.code,
            "title": self.title,
            "what": self.what,
            "advice": self.advice,
            "place": None
            if place is None
            else {
                "file": place.file,
                "file_name": place.file_name,
                "line": place.line,
                "function": place.function,
                "code": place.code,
            },
            "column": self.column,
            "package": self.package,
            "suggestions": list(self.suggestions),
            "actions": [action.value for action in self.actions],
        }
