"""Planning stays cheap next to anything it plans. The bounds are several times what a slow machine needs."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from time import perf_counter

from engine.definition.model import Definition
from engine.execution import commands, signals
from engine.execution.plan import compile_plan
from engine.execution.planner import decide, initial_state, needed
from engine.execution.state import State
from engine.execution.states import ExecutionStatus, StepKey
from tests.engine.execution import definitions as d

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_thousand_steps_compile_in_a_tenth_of_a_second() -> None:
    definition = Definition.from_document(d.fan_out(1000))
    seconds = []
    for _ in range(3):
        began = perf_counter()
        assert len(compile_plan(definition).order) == 1002
        seconds.append(perf_counter() - began)
    assert min(seconds) < 0.2


def test_a_fan_out_of_a_thousand_is_planned_to_its_end_in_a_second() -> None:
    plan = compile_plan(Definition.from_document(d.fan_out(1000)))
    began = perf_counter()
    state = initial_state(plan, parallelism=50)
    queue: deque[signals.Signal] = deque([signals.StartRequested()])
    while queue:
        decision = decide(plan, state, queue.popleft(), NOW)
        state = decision.state
        for command in decision.commands:
            assert isinstance(command, commands.StartAttempt)
            attempt = {"step": command.step, "attempt": command.attempt}
            queue.append(signals.AttemptClaimed(**attempt, worker="w"))
            queue.append(signals.AttemptExecuting(**attempt, runner="process"))
            queue.append(signals.AttemptSucceeded(**attempt))
    assert state.header.status is ExecutionStatus.SUCCEEDED
    assert perf_counter() - began < 1


def test_a_step_of_a_long_chain_costs_a_third_of_a_millisecond() -> None:
    length = 500
    chain = (d.processing(f"S{n}", *([d.output_of(f"S{n - 1}")] if n else [])) for n in range(length))
    plan = compile_plan(Definition.from_document(d.pipeline(*chain)))
    state = decide(plan, initial_state(plan), signals.StartRequested(), NOW).state
    rows, header = dict(state.steps), state.header
    began = perf_counter()
    for n in range(length):
        key = StepKey(f"S{n}")
        for signal in (
            signals.AttemptClaimed(step=key, attempt=1, worker="w"),
            signals.AttemptExecuting(step=key, attempt=1, runner="process"),
            signals.AttemptSucceeded(step=key, attempt=1),
        ):
            part = State(header=header, steps={name: rows[name] for name in needed(plan, header, signal)})
            decided = decide(plan, part, signal, NOW).state
            rows.update(decided.steps)
            header = decided.header
    assert header.status is ExecutionStatus.SUCCEEDED
    assert (perf_counter() - began) / length < 0.001
