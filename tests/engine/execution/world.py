"""A tiny world around the planner: it carries out commands, loses workers, repeats itself and stops at random.

Every signal is decided twice, on the whole state and on the slice a shell would load, and both must agree. The
slice holds nothing else, so a look beyond `needed()` is a KeyError.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from engine.execution import commands, events, signals
from engine.execution.plan import Link, Plan, StepFacts, Trigger, assemble_plan
from engine.execution.planner import decide, fold, initial_state, needed, still_wanted
from engine.execution.retry import RetryPolicy
from engine.execution.selection import Selection
from engine.execution.state import State
from engine.execution.states import (
    TERMINAL_EXECUTION,
    TERMINAL_STEP,
    ExecutionStatus,
    FailureCategory,
    StepKey,
    StepStatus,
)
from engine.steps.base import Nature

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PATIENCE = 300  # signals after which everything goes well, so that every history can end
POLICY = RetryPolicy(exception_types=frozenset({"Step.SERVICE_FAULT"}), max_attempts=2)


@st.composite
def plans(draw: st.DrawFn, most: int = 9) -> Plan:
    """Random DAGs of every nature, with conditions, branches and run-condition triggers."""
    count = draw(st.integers(1, most))
    names = [f"S{n}" for n in range(count)]
    natures = [
        draw(
            st.sampled_from(
                [Nature.JOB] * 6
                + [Nature.CONDITION] * 2
                + [Nature.EFFECT, Nature.FAIL, Nature.WAIT, Nature.WAIT, Nature.UNSUPPORTED]
            )
        )
        for _ in names
    ]
    plain = st.sampled_from([Trigger.SUCCEEDED] * 4 + [Trigger.ANY] * 2 + [Trigger.FAILED, Trigger.STOPPED])
    links = []
    for n in range(1, count):
        earlier = [m for m in range(n) if natures[m] is not Nature.FAIL]
        for m in draw(st.lists(st.sampled_from(earlier), max_size=3)) if earlier else []:
            branch = natures[m] is Nature.CONDITION and draw(st.booleans())
            trigger = draw(st.sampled_from([Trigger.IF, Trigger.ELSE]) if branch else plain)
            links.append(Link(producer=names[m], consumer=names[n], trigger=trigger, needs_output=draw(st.booleans())))
    facts = [
        StepFacts(name=name, type="T", nature=nature, retry_policies=(POLICY,) if draw(st.booleans()) else ())
        for name, nature in zip(names, natures, strict=True)
    ]
    return assemble_plan(facts, links)


@dataclass
class World:
    plan: Plan
    random: Random
    parallelism: int | None = None
    selection: Selection | None = None
    trouble: float = 0.3  # how often something goes wrong
    stops: float = 0.0
    now: datetime = NOON
    log: list[events.Event] = field(default_factory=list)
    told: list[signals.Signal] = field(default_factory=list)
    attempts: dict[StepKey, int] = field(default_factory=dict)  # live attempts as the workers see them
    stopping: set[StepKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.beginning = initial_state(self.plan, parallelism=self.parallelism, selection=self.selection)
        self.state = self.beginning

    # --- one signal ---

    def send(self, signal: signals.Signal) -> tuple[events.Event, ...]:
        """Decides on the signal and on every answer that follows at once, as one transaction of the shell does."""
        happened: list[events.Event] = []
        queue: deque[signals.Signal | commands.Command] = deque([signal])
        while queue:
            item = queue.popleft()
            if isinstance(item, commands.Command):
                if still_wanted(self.state, item):
                    queue.extend(self._carry_out(item))
                continue
            self.told.append(item)
            decision = self._decide(item)
            happened.extend(decision.events)
            queue.extend(decision.commands)
        self.log.extend(happened)
        return tuple(happened)

    def _decide(self, signal: signals.Signal):  # type: ignore[no-untyped-def]
        whole = decide(self.plan, self.state, signal, self.now)
        keys = needed(self.plan, self.state.header, signal) | set(self.state.waiting_for_slot[:1])
        part = State(
            header=self.state.header,
            steps={key: self.state.steps[key] for key in keys},
            waiting_for_slot=self.state.waiting_for_slot[:1],
        )
        sliced = decide(self.plan, part, signal, self.now)
        assert sliced.events == whole.events, signal
        assert sliced.commands == whole.commands, signal
        assert sliced.state.header == whole.state.header
        assert {**self.state.steps, **sliced.state.steps} == whole.state.steps
        assert fold(self.plan, self.state, whole.events) == whole.state
        self.state = whole.state
        self._check_counters()
        again = decide(self.plan, self.state, signal, self.now)
        assert not again.events and not again.commands and again.state == self.state, f"twice: {signal}"
        return whole

    def _check_counters(self) -> None:
        header, steps = self.state.header, self.state.steps.values()
        assert header.unfinished == sum(s.status not in TERMINAL_STEP for s in steps)
        assert header.active == sum(s.has_attempt for s in steps)
        waiting = [s.key for s in steps if s.status is StepStatus.QUEUED and not s.has_attempt and s.retry_due is None]
        assert list(self.state.waiting_for_slot) == waiting
        if self.parallelism is not None:
            assert header.active <= self.parallelism
            assert not waiting or header.active == self.parallelism

    def _carry_out(self, command: commands.Command) -> list[signals.Signal]:
        key = command.step
        nature = self.plan.steps[key.name].nature
        refused = signals.StepRefused(step=key, reason="cannot be resolved", category=FailureCategory.INPUT)
        luck = self.random.random()
        match command:
            case commands.StartAttempt():
                if nature is Nature.UNSUPPORTED or luck < self.trouble / 10:
                    return [refused]
                if luck > 0.9:
                    return [signals.CacheHit(step=key, source_execution="earlier", cache_key="k")]
                self.attempts[key] = command.attempt
            case commands.EvaluateCondition():
                if luck < self.trouble / 10:
                    return [refused]
                return [signals.ConditionDecided(step=key, outcome=self.random.random() < 0.5, explanation=("why",))]
            case commands.RunEffect() if nature is Nature.FAIL:
                return [refused if luck < self.trouble / 5 else signals.FailReached(step=key, message="as meant")]
            case commands.RunEffect():
                return [refused if luck < self.trouble / 10 else signals.EffectDone(step=key)]
            case commands.RequestAnswer():
                if luck < self.trouble / 10:
                    return [refused]
                if luck > 0.9:
                    return [signals.CacheHit(step=key, source_execution="earlier", cache_key="k")]
                return [signals.AnswerRequested(step=key, reason="an answer")]
            case commands.StopAttempt():
                self.stopping.add(key)
        return []

    # --- many signals ---

    def run_to_the_end(self) -> None:
        self.send(signals.StartRequested(source_execution="source" if self.selection else None))
        for _ in range(3 * PATIENCE):
            if self.state.header.status in TERMINAL_EXECUTION:
                return
            self.tick()
        raise AssertionError(f"no end in sight: {self.state}")

    def tick(self) -> None:
        self.now += timedelta(seconds=self.random.choice([0, 1, 10]))
        calm = len(self.told) > PATIENCE
        luck = self.random.random()
        if not calm and luck < self.stops:
            self.send(signals.StopRequested(reason="enough"))
        elif not calm and luck < self.stops + 0.15:
            self.send(self.random.choice(self.told))  # late, doubled, reordered
        else:
            self._go_on(calm)

    def _go_on(self, calm: bool) -> None:
        due = [s for s in self.state.steps.values() if s.retry_due is not None]
        live = [key for key, number in self.attempts.items() if self._is_live(key, number)]
        if due and (not live or self.random.random() < 0.3):
            step = self.random.choice(due)
            self.now = max(self.now, step.retry_due or self.now)
            self.send(signals.RetryDue(step=step.key))
            return
        asking = [key for key in self.state.steps if self._is_asking(key)]
        if asking and (not live or self.random.random() < 0.3):
            self.send(self._answer(self.random.choice(asking)))
            return
        key = self.random.choice(live)
        self.send(self._report(key, self.attempts[key], calm))

    def _is_live(self, key: StepKey, number: int) -> bool:
        step = self.state.steps[key]
        return step.has_attempt and step.attempt == number

    def _is_asking(self, key: StepKey) -> bool:
        asked = self.state.steps[key].status in (StepStatus.EXECUTING, StepStatus.STOPPING)
        return asked and self.plan.steps[key.name].nature is Nature.WAIT

    def _answer(self, key: StepKey) -> signals.Signal:
        if self.random.random() < self.trouble:
            return signals.AnsweredWithFailure(step=key, reason="no")
        return signals.AnsweredWithSuccess(step=key, results={"key": {"label": "result", "value": "yes"}})

    def _report(self, key: StepKey, attempt: int, calm: bool) -> signals.Signal:
        luck = self.random.random()
        if not calm and luck < self.trouble:
            return self._bad_news(key, attempt)
        if key in self.stopping and luck < 0.7:
            return signals.AttemptStopped(step=key, attempt=attempt)
        if luck < 0.55:
            return signals.AttemptClaimed(step=key, attempt=attempt, worker="w")
        if luck < 0.7:
            return signals.AttemptExecuting(step=key, attempt=attempt, runner="process")
        return signals.AttemptSucceeded(step=key, attempt=attempt, metrics={"auc": 0.9})

    def _bad_news(self, key: StepKey, attempt: int) -> signals.Signal:
        luck = self.random.random()
        if luck < 0.4:
            return signals.AttemptGone(step=key, attempt=attempt, reason="lost", given_back=luck < 0.1)
        if luck < 0.5:
            return signals.AttemptStopped(step=key, attempt=attempt)
        category = FailureCategory.USER_CODE if luck < 0.75 else FailureCategory.SERVICE_FAULT
        return signals.AttemptFailed(step=key, attempt=attempt, reason="broken", category=category)

    @property
    def status(self) -> ExecutionStatus:
        return self.state.header.status
