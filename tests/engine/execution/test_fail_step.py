"""A Fail step ends the execution with its message; what runs may finish."""

from __future__ import annotations

from engine.execution import signals
from engine.execution.planner import retry_refusal, still_wanted
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder

TOO_WEAK = signals.FailReached(step=StepKey("TooWeak"), message="AUC is below 0.9.")


def reached(*others: object, parallelism: int | None = None) -> Recorder:
    """A Fail step behind a condition, its message about to be decided."""
    gate = d.condition("Gate", 0, [], [d.fail("TooWeak", "AUC is below 0.9.")])
    r = Recorder("", d.pipeline(*others, gate), parallelism=parallelism)
    r.start()
    return r


def test_running_steps_finish_and_what_depends_on_them_does_not_start() -> None:
    r = reached(d.processing("A"), d.processing("B", d.output_of("A")))
    r.run("A")
    r.decide_condition("Gate", False)
    r.answer(TOO_WEAK)
    assert r.state.header.status == "Executing"
    r.succeed("A")
    assert r.statuses() == {"A": "Succeeded", "B": "Skipped", "Gate": "Succeeded", "TooWeak": "Failed"}
    assert r.frames[-1]["data"] == {"reason": "AUC is below 0.9.", "failed_step": "TooWeak"}


def test_attempts_nobody_claimed_and_steps_waiting_for_a_slot_do_not_start() -> None:
    r = reached(d.processing("A"), d.processing("B"), parallelism=1)
    r.decide_condition("Gate", False)
    r.answer(TOO_WEAK)
    assert r.statuses()["A"] == "Stopped"
    assert r.statuses()["B"] == "Skipped"
    assert r.state.header.status == "Failed"


def test_commands_a_fail_step_has_overtaken_are_not_wanted_any_more() -> None:
    r = reached(d.processing("A"))
    (start, choose) = sorted(r.commands, key=lambda command: command.step)
    assert still_wanted(r.state, start)
    assert still_wanted(r.state, choose)
    r.decide_condition("Gate", False)
    r.answer(TOO_WEAK)
    assert not still_wanted(r.state, start)
    assert not still_wanted(r.state, choose)


def test_a_second_fail_step_is_not_reached() -> None:
    r = reached(d.condition("Other", 0, [], [d.fail("Second", "second")]))
    r.decide_condition("Gate", False)
    r.decide_condition("Other", False)
    r.answer(TOO_WEAK)
    r.answer(signals.FailReached(step=StepKey("Second"), message="second"))
    assert r.statuses() == {"Other": "Succeeded", "Gate": "Succeeded", "Second": "Skipped", "TooWeak": "Failed"}
    assert r.state.header.failure_reason == "AUC is below 0.9."


def test_a_later_failure_does_not_hide_the_message_of_the_fail_step() -> None:
    r = reached(d.processing("A"))
    r.run("A")
    r.decide_condition("Gate", False)
    r.answer(TOO_WEAK)
    r.fail("A", "exit code 1")
    assert r.state.header.failure_reason == "AUC is below 0.9."
    assert r.state.header.failed_step == "TooWeak"


def test_an_attempt_lost_after_a_fail_step_is_not_repeated() -> None:
    r = reached(d.processing("A"))
    r.run("A")
    r.decide_condition("Gate", False)
    r.answer(TOO_WEAK)
    r.lose("A")
    assert r.status("A") == "Failed"
    assert r.state.header.status == "Failed"


def test_a_fail_step_whose_message_cannot_be_resolved_still_fails_the_execution() -> None:
    r = reached(d.processing("A"))
    r.decide_condition("Gate", False)
    r.answer(
        signals.StepRefused(step=TOO_WEAK.step, reason="Parameters.X is undefined", category=FailureCategory.INPUT)
    )
    assert r.state.header.status == "Failed"
    assert r.state.header.failure_reason == "Parameters.X is undefined"


def test_an_execution_a_fail_step_ended_is_not_retried_and_says_why() -> None:
    r = reached()
    r.decide_condition("Gate", False)
    assert "not ended" in str(retry_refusal(r.state.header))
    r.answer(TOO_WEAK)
    seen = len(r.frames)
    r.tell(signals.RetryRequested())
    assert len(r.frames) == seen
    assert "Fail step" in str(retry_refusal(r.state.header))
