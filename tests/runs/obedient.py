"""A runner that does what the test says, in the test's own thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.execution.states import FailureCategory
from engine.steps.base import PublishedObject
from runs.runners.base import AttemptObserver, AttemptSpec, Ended, Outcome, StopToken, Usage
from runs.storage.base import BlobStore

Act = Callable[[AttemptSpec, AttemptObserver, StopToken], Outcome | None]


class ObedientRunner:
    """Every step prints its name and leaves `result.txt` in each output, unless `acts[step]` says otherwise."""

    kind = "process"

    def __init__(self) -> None:
        self.acts: dict[str, Act] = {}
        self.files: dict[str, dict[str, bytes]] = {}
        self.ran: list[AttemptSpec] = []

    def run(self, spec: AttemptSpec, *, store: BlobStore, observer: AttemptObserver, stop: StopToken) -> Outcome:
        self.ran.append(spec)
        step = spec.job.environment["STEP"]
        observer.executing()
        observer.log(f"{step} runs\n".encode())
        act = self.acts.get(step)
        outcome = act(spec, observer, stop) if act else None
        if outcome is not None:
            return outcome
        files = self.files.get(step, {"result.txt": step.encode()})
        objects = []
        for output in spec.job.outputs:
            for name, data in files.items():
                sha256, size = store.put_bytes(data)
                objects.append(
                    PublishedObject(output=output.name, uri=f"{output.uri}/{name}", sha256=sha256, size=size)
                )
        return Outcome(ended=Ended.SUCCEEDED, exit_code=0, objects=tuple(objects), usage=Usage(log_bytes=12))

    def warm(self) -> None:
        return

    def close(self) -> None:
        return

    @property
    def steps(self) -> list[str]:
        """Names of the steps that ran, in order."""
        return [spec.job.environment["STEP"] for spec in self.ran]


def fails(code: int = 3, category: FailureCategory = FailureCategory.USER_CODE) -> Act:
    def act(spec: AttemptSpec, observer: Any, stop: Any) -> Outcome:
        return Outcome(ended=Ended.FAILED, exit_code=code, reason=f"exit code {code}", category=category)

    return act


def is_lost(spec: AttemptSpec, observer: Any, stop: Any) -> Outcome:
    return Outcome(ended=Ended.LOST, reason="the runner died")
