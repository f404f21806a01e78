"""Every step this package holds: a folder with `step.json` (ports and form) and `run.py` (the work)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from clary_steps.failures import StepFailure, listed, near

FOLDER = Path(__file__).parent / "steps"


class Run(Protocol):
    def __call__(self, options: dict[str, Any], inputs: dict[str, Path], outputs: dict[str, Path]) -> None:
        """Reads what lies in the folders of `inputs`, leaves its work in those of `outputs`."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `document` is its step.json."""

    id: str
    version: int
    document: dict[str, Any]

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.version}"

    def load(self) -> Run:
        """The step's `run`; imports it, which may take as long as its libraries do."""
        run: Run = import_module(f"clary_steps.steps.{self.id.replace('-', '_')}.run").run
        return run


@cache
def step_ids() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name.replace("_", "-") for path in FOLDER.glob("*/step.json")))


@cache
def find_step(reference: str) -> Step:
    """The step a reference such as "split@1" names.

    Raises:
        StepFailure: unknown-step.
    """
    name, _, version = reference.partition("@")
    if name not in step_ids():
        match = near(name, step_ids())
        hint = f" Did you mean {match[0]}?" if match else f" There are: {listed(step_ids(), 30)}."
        raise StepFailure("unknown-step", f'There is no step "{name}".{hint}', suggestions=match)
    path = FOLDER / name.replace("-", "_") / "step.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    known = document["version"]
    if version and version != str(known):
        raise StepFailure(
            "unknown-step",
            f"Here {name} has version {known}, not {version}. Update clary_steps, or use {name}@{known}.",
            suggestions=[f"{name}@{known}"],
        )
    return Step(id=name, version=known, document=document)
