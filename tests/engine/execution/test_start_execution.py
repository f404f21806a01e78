"""The first signal: what starts, in which order, and how each nature starts."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.execution import commands, signals
from engine.execution.planner import decide
from engine.execution.states import StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder


def test_an_empty_pipeline_succeeds_at_once() -> None:
    r = Recorder("", d.pipeline())
    r.start()
    assert r.happened() == [("ExecutionStarted",), ("ExecutionSucceeded",)]


def test_steps_without_producers_start_in_the_order_of_the_document() -> None:
    r = Recorder("", d.pipeline(d.processing("Z"), d.processing("Late", d.output_of("A")), d.processing("A")))
    r.start()
    assert r.happened()[1:] == [("StepQueued", "Z", "1"), ("StepQueued", "A", "1")]
    assert r.commands == [
        commands.StartAttempt(step=StepKey("Z"), attempt=1),
        commands.StartAttempt(step=StepKey("A"), attempt=1),
    ]


def test_each_nature_is_started_by_its_own_command() -> None:
    r = Recorder(
        "",
        d.pipeline(
            d.processing("Job"),
            d.condition("Choice", 1, [], []),
            d.step("Register", "RegisterModel", {}),
            d.step("Unknown", "EMR", {}),
            d.fail("Never", "no", DependsOn=d.after("Job")),
        ),
    )
    r.start()
    assert r.commands == [
        commands.EvaluateCondition(step=StepKey("Choice")),
        commands.RunEffect(step=StepKey("Register")),
        commands.StartAttempt(step=StepKey("Job"), attempt=1),
        commands.StartAttempt(step=StepKey("Unknown"), attempt=1),
    ]


def test_steps_decided_in_the_transaction_take_no_slot() -> None:
    r = Recorder("", d.pipeline(d.processing("Job"), d.condition("Choice", 1, [], [])), parallelism=1)
    r.start()
    assert r.state.header.active == 1
    assert r.statuses() == {"Job": "Queued", "Choice": "Starting"}


def test_nothing_happens_before_the_start() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    early = (
        signals.StopRequested(),
        signals.RetryRequested(),
        signals.AttemptSucceeded(step=StepKey("A"), attempt=0),
        signals.AttemptSucceeded(step=StepKey("A"), attempt=1),
    )
    for signal in early:
        r.tell(signal)
    assert r.frames == []


def test_a_signal_about_a_step_that_does_not_exist_is_answered_with_nothing() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    r.start()
    for key in (StepKey("B"), StepKey("A", 3)):
        decision = decide(r.plan, r.state, signals.AttemptSucceeded(step=key, attempt=1), datetime.now(UTC))
        assert (decision.events, decision.commands, decision.state) == ((), (), r.state)
