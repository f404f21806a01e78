"""A stopped execution starts nothing new and ends as soon as what runs has ended."""

from __future__ import annotations

import pytest

from engine.execution import commands, signals
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder

A = StepKey("A")


def running(**envelope: object) -> Recorder:
    r = Recorder("", d.pipeline(d.processing("A", **envelope), d.processing("B", d.output_of("A"))))
    r.start()
    r.run("A")
    return r


def test_a_running_step_is_asked_to_stop_and_what_waits_is_skipped() -> None:
    r = running()
    r.tell(signals.StopRequested(reason="enough"))
    assert r.commands[-1] == commands.StopAttempt(step=A, attempt=1)
    assert r.statuses() == {"A": "Stopping", "B": "Skipped"}
    assert r.state.header.status == "Stopping"


def test_an_attempt_nobody_claimed_is_stopped_at_once() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    r.start()
    seen = len(r.frames)
    r.tell(signals.StopRequested())
    assert r.happened(seen) == [("ExecutionStopping",), ("StepStopped", "A", "1"), ("ExecutionStopped",)]
    r.claim("A")
    assert len(r.frames) == seen + 3


def test_a_second_stop_changes_nothing() -> None:
    r = running()
    r.tell(signals.StopRequested())
    seen = len(r.frames), len(r.commands)
    r.tell(signals.StopRequested())
    assert (len(r.frames), len(r.commands)) == seen


def test_a_step_that_succeeds_while_stopping_stays_succeeded_and_starts_nobody() -> None:
    r = running()
    r.tell(signals.StopRequested())
    r.succeed("A")
    assert r.statuses() == {"A": "Succeeded", "B": "Skipped"}
    assert r.state.header.status == "Stopped"


def test_a_step_that_fails_while_stopping_stays_failed_and_the_execution_is_stopped() -> None:
    r = running(RetryPolicies=[{"ExceptionType": ["Step.SERVICE_FAULT"]}])
    r.tell(signals.StopRequested())
    r.fail("A", "disk gone", FailureCategory.SERVICE_FAULT)
    assert r.status("A") == "Failed"
    assert r.state.header.status == "Stopped"
    assert r.state.header.failure_reason is None


def test_an_attempt_lost_while_stopping_is_not_repeated() -> None:
    r = running()
    r.tell(signals.StopRequested())
    seen = len(r.frames)
    r.lose("A")
    assert r.happened(seen) == [("AttemptLost", "A", "1"), ("StepStopped", "A"), ("ExecutionStopped",)]


@pytest.mark.parametrize("losses", [2, 3])
def test_a_step_in_its_back_off_is_stopped_not_skipped(losses: int) -> None:
    r = running()
    r.lose("A")
    r.lose("A")
    if losses == 3:
        r.tell(signals.RetryDue(step=A))
        r.lose("A")
    assert r.state.steps[A].retry_due is not None
    r.tell(signals.StopRequested())
    assert r.statuses() == {"A": "Stopped", "B": "Skipped"}
    r.tell(signals.RetryDue(step=A), after=60)
    assert r.state.header.status == "Stopped"


def test_running_again_is_not_reported_while_stopping() -> None:
    r = Recorder("", d.pipeline(d.processing("A")))
    r.start()
    r.claim("A")
    r.tell(signals.StopRequested())
    seen = len(r.frames)
    r.tell(signals.AttemptExecuting(step=A, attempt=1, runner="sandbox"))
    assert len(r.frames) == seen
