"""Retry of a finished execution: what failed or never ran goes again, what succeeded stays."""

from __future__ import annotations

from engine.execution import signals
from engine.execution.planner import retry_refusal
from engine.execution.states import StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder


def reset(r: Recorder) -> list[str]:
    return [shown["step"] for shown in r.frames if shown["event"] == "StepReset"]


def test_a_condition_keeps_its_outcome_and_its_other_branch_stays_skipped() -> None:
    r = Recorder("", d.pipeline(d.condition("Gate", 1, [d.processing("A")], [d.processing("B")])))
    r.start()
    r.decide_condition("Gate", True)
    r.run("A")
    r.fail("A", "exit code 1")
    r.tell(signals.RetryRequested())
    assert reset(r) == ["A"]
    r.ok("A")
    assert r.statuses() == {"Gate": "Succeeded", "A": "Succeeded", "B": "Skipped"}
    assert r.state.header.status == "Succeeded"


def test_a_condition_behind_a_step_that_runs_again_is_decided_again() -> None:
    gate = d.condition("Gate", 1, [d.processing("A")], [d.processing("B")], DependsOn=d.after("Source", trigger="Any"))
    r = Recorder("", d.pipeline(d.processing("Source"), gate, d.processing("Other")))
    r.start()
    r.run("Source", "Other")
    r.fail("Source", "exit code 1")
    r.decide_condition("Gate", True)
    r.ok("A")
    r.fail("Other", "exit code 1")
    assert r.state.header.status == "Failed"
    r.tell(signals.RetryRequested())
    assert reset(r) == ["Source", "Gate", "B", "Other"]
    assert r.state.steps[StepKey("Gate")].outcome is None
    r.ok("Source", "Other")
    r.decide_condition("Gate", False)
    r.ok("B")
    assert r.statuses() == dict.fromkeys(("Source", "Gate", "A", "B", "Other"), "Succeeded")


def test_a_step_that_a_branch_not_taken_blocks_as_well_stays_skipped() -> None:
    r = Recorder(
        "",
        d.pipeline(
            d.processing("Broken"),
            d.condition("Gate", 1, [d.processing("A")], [d.processing("B")]),
            d.processing("Join", DependsOn=d.after("Broken", "B")),
        ),
    )
    r.start()
    r.run("Broken")
    r.fail("Broken", "exit code 1")
    r.decide_condition("Gate", True)
    r.ok("A")
    r.tell(signals.RetryRequested())
    assert reset(r) == ["Broken"]
    r.ok("Broken")
    assert r.status("Join") == "Skipped"
    assert r.state.header.status == "Succeeded"


def test_attempt_numbers_go_on_counting_and_budgets_start_anew() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    r.start()
    r.run("A")
    r.lose("A")
    r.run("A")
    r.fail("A", "exit code 1")
    r.tell(signals.RetryRequested())
    step = r.state.steps[StepKey("A")]
    assert (step.attempt, step.lost, step.retries, step.failure_reason) == (3, 0, 0, None)


def test_a_late_report_of_the_first_run_does_not_touch_the_retry() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), d.processing("B", d.output_of("A"))))
    r.start()
    r.run("A")
    r.fail("A", "exit code 1")
    r.tell(signals.RetryRequested())
    seen = len(r.frames)
    r.tell(signals.AttemptSucceeded(step=StepKey("A"), attempt=1))
    assert len(r.frames) == seen


def test_a_step_that_answered_the_first_failure_answers_the_second_too() -> None:
    r = Recorder(
        "",
        d.pipeline(
            d.processing("Train"),
            d.processing("OnFail", DependsOn=d.after("Train", trigger="Failed")),
            d.processing("Other"),
        ),
    )
    r.start()
    r.run("Train", "Other")
    r.fail("Train", "exit code 1")
    r.ok("OnFail")
    r.fail("Other", "exit code 2")
    r.tell(signals.RetryRequested())
    assert reset(r) == ["Train", "Other"]
    r.run("Train")
    r.fail("Train", "exit code 1")
    r.ok("Other")
    assert r.state.header.status == "CompletedWithFailures"


def test_retrying_a_stopped_execution_whose_steps_all_succeeded_ends_it_as_succeeded() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    r.start()
    r.run("A")
    r.tell(signals.StopRequested())
    r.succeed("A")
    r.tell(signals.RetryRequested())
    assert r.happened()[-2:] == [("ExecutionStarted",), ("ExecutionSucceeded",)]


def test_an_execution_that_ended_well_is_not_retried_and_says_why() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    r.start()
    r.ok("A")
    seen = len(r.frames)
    r.tell(signals.RetryRequested())
    assert len(r.frames) == seen
    assert "ended well" in str(retry_refusal(r.state.header))


def test_a_retried_selective_execution_runs_the_selected_steps_only() -> None:
    chain = d.pipeline(d.processing("A"), d.processing("B", d.output_of("A")), d.processing("C", d.output_of("B")))
    r = Recorder("", chain, selected=("B",))
    r.start()
    r.run("B")
    r.fail("B", "exit code 1")
    r.tell(signals.RetryRequested())
    assert reset(r) == ["B"]
    r.ok("B")
    assert r.statuses() == {"A": "Succeeded", "B": "Succeeded", "C": "Skipped"}
    assert r.state.header.status == "Succeeded"
