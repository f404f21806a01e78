"""A worker without threads: the test rings, and everything runs in the test's own thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from runs.models import Execution, StepAttempt, StepExecution
from runs.services.start import start_execution
from runs.storage.base import BlobStore
from runs.worker.worker import Worker
from tests.runs.obedient import ObedientRunner


class Bench:
    """`rung` holds the doorbells nobody has answered yet."""

    def __init__(self, owner: Actor, runner: ObedientRunner, store: BlobStore) -> None:
        self.owner = owner
        self.runner = runner
        self.worker = Worker(runner, store, slots=1)
        self.rung: list[str] = []
        self._pipelines = 0

    def on_commit(self, action: Callable[[], None], using: str | None = None, robust: bool = False) -> None:
        """The tests' own transaction never commits, so what leaves at commit leaves now."""
        action()

    def start(self, definition: dict[str, Any], **options: Any) -> Execution:
        self._pipelines += 1
        pipeline = create_pipeline(
            actor=self.owner, name=f"pipeline-{self._pipelines}", definition=json.dumps(definition)
        )
        return start_execution(actor=self.owner, pipeline_id=pipeline.pk, **options)

    def answer(self, most: int = 1000) -> None:
        """Answers doorbells until none is left."""
        for _ in range(most):
            if not self.rung:
                return
            self.worker.serve(self.rung.pop(0))

    def run(self, definition: dict[str, Any], **options: Any) -> Execution:
        """Starts and runs to the end. The execution as it is then."""
        execution = self.start(definition, **options)
        self.answer()
        return fresh(execution)


def fresh(execution: Execution) -> Execution:
    return Execution.objects.get(pk=execution.pk)


def statuses(execution: Execution) -> dict[str, str]:
    return dict(StepExecution.objects.filter(execution=execution).values_list("name", "status"))


def attempts(execution: Execution) -> list[tuple[str, int, str]]:
    rows = StepAttempt.objects.filter(execution=execution).order_by("created_at", "step__position", "number")
    return [(row.step.name, row.number, row.status) for row in rows.select_related("step")]


def events(execution: Execution) -> list[str]:
    return list(execution.events.order_by("sequence").values_list("event", flat=True))
