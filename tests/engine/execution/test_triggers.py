"""Run-condition triggers, and when an answered failure lets an execution complete."""

from __future__ import annotations

import json

from engine.definition.model import Definition
from engine.execution import signals
from engine.execution.plan import compile_plan
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder


def answered(name: str, *of: str, trigger: str = "Failed") -> object:
    return d.processing(name, DependsOn=d.after(*of, trigger=trigger))


def test_an_answer_that_fails_answers_nothing() -> None:
    r = Recorder("", d.pipeline(d.processing("Train"), answered("OnFail", "Train")))
    r.start()
    r.run("Train")
    r.fail("Train", "exit code 3")
    r.run("OnFail")
    r.fail("OnFail", "no mail server")
    assert r.state.header.status == "Failed"
    assert r.state.header.failed_step == "Train"


def test_the_failure_nothing_can_answer_is_the_one_the_execution_names() -> None:
    r = Recorder("", d.pipeline(d.processing("Train"), answered("OnFail", "Train"), d.processing("Other")))
    r.start()
    r.run("Train", "Other")
    r.fail("Train", "exit code 3")
    r.fail("Other", "exit code 4")
    r.ok("OnFail")
    assert r.state.header.failure_reason == 'Step "Other" failed: exit code 4'


def test_one_unanswered_failure_is_enough_to_fail_the_execution() -> None:
    r = Recorder(
        "",
        d.pipeline(d.processing("A"), d.processing("B"), answered("OnA", "A"), answered("OnB", "B", trigger="Stopped")),
    )
    r.start()
    r.run("A", "B")
    r.fail("A", "exit code 1")
    r.fail("B", "exit code 2")
    r.ok("OnA")
    assert r.status("OnB") == "Skipped"
    assert r.state.header.status == "Failed"
    assert r.state.header.unhandled_failures == 1


def test_a_failure_answered_twice_is_counted_once() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), answered("One", "A"), answered("Two", "A", trigger="Any")))
    r.start()
    r.run("A")
    r.fail("A", "exit code 1")
    r.ok("One", "Two")
    assert (r.state.header.failures, r.state.header.unhandled_failures) == (1, 0)
    assert r.state.header.status == "CompletedWithFailures"


def test_a_step_stopped_on_its_own_fails_the_execution_when_nothing_answers() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), d.processing("B", d.output_of("A"))))
    r.start()
    r.run("A")
    r.tell(signals.AttemptStopped(step=StepKey("A"), attempt=1))
    assert r.statuses() == {"A": "Stopped", "B": "Skipped"}
    assert r.state.header.failure_reason == 'Step "A" was stopped.'


def test_any_is_met_by_a_skip_but_a_step_whose_producers_were_all_skipped_is_skipped_too() -> None:
    gate = d.condition("Gate", 1, [d.processing("A")], [d.processing("B"), d.processing("C")])
    r = Recorder(
        "",
        d.pipeline(
            gate,
            answered("Never", "B", "C", trigger="Any"),
            answered("Runs", "A", "B", trigger="Any"),
            answered("AfterNever", "Never", trigger="Any"),
        ),
    )
    r.start()
    r.decide_condition("Gate", True)
    r.ok("A", "Runs")
    assert r.statuses() == {
        "Gate": "Succeeded",
        "A": "Succeeded",
        "B": "Skipped",
        "C": "Skipped",
        "Never": "Skipped",
        "Runs": "Succeeded",
        "AfterNever": "Skipped",
    }
    told = {shown["step"]: shown["data"] for shown in r.frames if shown["event"] == "StepSkipped"}
    assert told["AfterNever"] == {"reason": "branch not taken", "because_of": "Gate"}


def test_a_step_met_by_one_producer_and_blocked_by_another_is_skipped_whatever_the_order() -> None:
    gate = d.condition("Gate", 1, [d.processing("A")], [d.processing("B"), d.processing("C")])
    mixed = d.processing("Mixed", DependsOn=[*d.after("Root", "C"), *d.after("B", trigger="Any")])
    r = Recorder("", d.pipeline(d.processing("Root"), gate, mixed))
    r.start()
    r.ok("Root")
    r.decide_condition("Gate", True)
    r.ok("A")
    assert r.status("Mixed") == "Skipped"
    assert not any(shown["event"] == "StepQueued" and shown["step"] == "Mixed" for shown in r.frames)


def test_a_condition_that_cannot_be_decided_blocks_both_branches() -> None:
    r = Recorder("", d.pipeline(d.condition("Gate", 1, [d.processing("A")], [d.processing("B")])))
    r.start()
    r.answer(signals.StepRefused(step=StepKey("Gate"), reason="not a number", category=FailureCategory.INPUT))
    skipped = [shown["data"] for shown in r.frames if shown["event"] == "StepSkipped"]
    assert skipped == [{"reason": "blocked", "because_of": "Gate"}] * 2


def test_the_triggers_of_the_sdk_compile_as_they_are_written() -> None:
    plan = compile_plan(Definition.from_document(json.loads(json.dumps(d.run_conditions()))))
    triggers = {edge.step: edge.trigger.value for edge in plan.steps["Train"].successors}
    assert triggers == {"OnFail": "Failed", "OnStop": "Stopped", "Always": "Any", "Ok": "Succeeded"}
