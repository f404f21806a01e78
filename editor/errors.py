"""Requests about pipelines that cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.errors import Refused
from engine.problems import Problem


class PipelineNotFound(Refused):
    """There is no pipeline {pipeline} in this workspace."""


class VersionNotFound(Refused):
    """Pipeline {pipeline} has no version {number}."""


class AliasNotFound(Refused):
    """Pipeline {pipeline} has no alias {alias}."""


class NameInUse(Refused):
    """There is already a pipeline named {name}. Choose another name."""


class NameInvalid(Refused):
    """{name} cannot be a name: use up to 256 letters, digits and hyphens, and begin and end with a letter or digit."""


class PipelineRunning(Refused):
    """{name} has {count} executions that are still running. Stop them first."""


class DefinitionInvalid(Refused):
    """{message}"""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(message=first.message, pointer=first.pointer)
        self.problems = tuple(problems)

    def members(self) -> dict[str, Any]:
        from editor.documents import problem_document

        return {"problems": [problem_document(one) for one in self.problems]}


class LayoutInvalid(Refused):
    """The layout is not usable: {reason}."""


class PatchInvalid(Refused):
    """Command {index} ({name}) does not fit: {reason}"""


class StaleRevision(Refused):
    """The pipeline changed meanwhile: it is at revision {current}, your edit was made at {given}. Both are kept."""

    def __init__(self, *, current: int, given: int, theirs: dict[str, Any], yours: dict[str, Any] | None) -> None:
        super().__init__(current=current, given=given)
        self.theirs = theirs
        self.yours = yours

    def members(self) -> dict[str, Any]:
        return {"theirs": self.theirs, "yours": self.yours}


class AllStepsRemoved(Refused):
    """The edit {name} would remove every step, which only deleting does. Nothing was saved."""


class NothingToUndo(Refused):
    """There is nothing left to undo."""


class NothingToRedo(Refused):
    """There is nothing to redo."""


class NotReadyMade(Refused):
    """The draft has no ready-made step named {step}, so there is no code to show."""
