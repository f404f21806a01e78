"""Runs signals through the planner one after another and keeps what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.definition.model import Definition
from engine.execution import commands, events, signals
from engine.execution.plan import compile_plan
from engine.execution.planner import decide, evolve, initial_state
from engine.execution.selection import plan_selection
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution.table import execution_row, step_table
from tests.engine.execution.wire import frame, signal_json

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOURCE = "k3f9a1c0d2e4"


class Recorder:
    """Runs signals through the planner, one second apart, and keeps what happened."""

    def __init__(self, title: str, document: Any, *, parallelism: int | None = None, selected: tuple[str, ...] = ()):
        self.title = title
        self.document = document
        self.parallelism = parallelism
        self.selected = selected
        self.plan = compile_plan(Definition.from_document(document))
        selection = None
        if selected:
            selection, problems = plan_selection(self.plan, selected, dict.fromkeys(self.plan.steps, "Succeeded"))
            assert not problems, problems
        self.state = initial_state(self.plan, parallelism=parallelism, selection=selection)
        self.now = NOON
        self.signals: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.commands: list[commands.Command] = []

    def tell(self, signal: signals.Signal, *, after: float = 1) -> None:
        self.now += timedelta(seconds=after)
        self.signals.append(signal_json(self.now, signal))
        decision = decide(self.plan, self.state, signal, self.now)
        self._keep(decision.events)
        self.commands.extend(decision.commands)
        self.state = decision.state

    def note(self, event: events.Event) -> None:
        """An event the shell records by itself (live figures)."""
        self.now += timedelta(milliseconds=250)
        self.signals.append({"at": frame(0, self.now, event)["at"], "note": frame(0, self.now, event)})
        del self.signals[-1]["note"]["sequence"], self.signals[-1]["note"]["at"]
        self.state = evolve(self.plan, self.state, event)
        self._keep([event])

    def start(self) -> None:
        self.tell(signals.StartRequested(source_execution=SOURCE if self.selected else None), after=0)

    def claim(self, *names: str, worker: str = "worker-1") -> None:
        for name in names:
            self.tell(signals.AttemptClaimed(**self._attempt(name), worker=worker), after=0.1)

    def run(self, *names: str) -> None:
        self.claim(*names)
        for name in names:
            self.tell(signals.AttemptExecuting(**self._attempt(name), runner="sandbox"), after=0.1)

    def succeed(self, name: str, **metrics: float) -> None:
        self.tell(signals.AttemptSucceeded(**self._attempt(name), metrics=metrics))

    def ok(self, *names: str) -> None:
        for name in names:
            self.run(name)
            self.succeed(name)

    def fail(self, name: str, reason: str, category: FailureCategory = FailureCategory.USER_CODE) -> None:
        self.tell(signals.AttemptFailed(**self._attempt(name), reason=reason, category=category))

    def lose(self, name: str) -> None:
        self.tell(signals.AttemptGone(**self._attempt(name), reason="The worker stopped answering."), after=10)

    def give_back(self, name: str) -> None:
        gone = signals.AttemptGone(**self._attempt(name), reason="The worker shuts down.", given_back=True)
        self.tell(gone)

    def answer(self, signal: signals.Signal) -> None:
        self.tell(signal, after=0)

    def ask(self, name: str) -> None:
        self.answer(signals.AnswerRequested(step=StepKey(name), reason="an answer to its message in the queue answers"))

    def hit(self, name: str) -> None:
        self.answer(signals.CacheHit(step=StepKey(name), source_execution=SOURCE, cache_key="5e" * 32))

    def decide_condition(self, name: str, outcome: bool, *explanation: str) -> None:
        self.answer(signals.ConditionDecided(step=StepKey(name), outcome=outcome, explanation=explanation))

    def judge(self, auc: float) -> None:
        """The end of the headline pipeline: the model is good enough and becomes registered."""
        self.decide_condition("GoodEnough", True, f"auc {auc} >= 0.9 → true")
        self.answer(signals.EffectDone(step=StepKey("Register")))

    # --- for tests ---

    def status(self, name: str) -> str:
        return self.state.steps[StepKey(name)].status.value

    def statuses(self) -> dict[str, str]:
        return {key.name: step.status.value for key, step in self.state.steps.items()}

    def happened(self, since: int = 0) -> list[tuple[str, ...]]:
        """("StepQueued", "Split", "1") and so on, from the frame after `since`."""
        names = ("event", "step", "attempt")
        return [tuple(str(shown[name]) for name in names if name in shown) for shown in self.frames[since:]]

    def recorded(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "definition": self.document,
            "parallelism": self.parallelism,
            "selected": list(self.selected) or None,
            "signals": self.signals,
            "events": self.frames,
            "execution": execution_row(self.frames),
            "steps": step_table(self.plan.steps, self.frames),
        }

    def _attempt(self, name: str) -> dict[str, Any]:
        key = StepKey(name)
        return {"step": key, "attempt": self.state.steps[key].attempt}

    def _keep(self, happened: Iterable[events.Event]) -> None:
        for event in happened:
            self.frames.append(frame(len(self.frames) + 1, self.now, event))
