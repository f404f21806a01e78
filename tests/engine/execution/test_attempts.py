"""Reports about attempts: in order, out of order, twice, about the wrong attempt, and lost ones."""

from __future__ import annotations

import pytest

from engine.execution import commands, events, signals
from engine.execution.planner import still_wanted
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder

A = StepKey("A")
REPORTS = (
    signals.AttemptClaimed(step=A, attempt=1, worker="w"),
    signals.AttemptExecuting(step=A, attempt=1, runner="process"),
    signals.AttemptSucceeded(step=A, attempt=1),
    signals.AttemptFailed(step=A, attempt=1, reason="r", category=FailureCategory.USER_CODE),
    signals.AttemptStopped(step=A, attempt=1),
    signals.AttemptGone(step=A, attempt=1, reason="r"),
    signals.CacheHit(step=A, source_execution="x", cache_key="k"),
    signals.StepRefused(step=A, reason="r", category=FailureCategory.INPUT),
    signals.RetryDue(step=A),
    signals.EffectDone(step=A),
    signals.ConditionDecided(step=A, outcome=True),
    signals.FailReached(step=A, message="m"),
)


def one_step(**envelope: object) -> Recorder:
    r = Recorder("", d.pipeline(d.processing("A", **envelope)))
    r.start()
    return r


def test_running_may_be_reported_before_the_claim_and_the_late_claim_is_no_news() -> None:
    r = one_step()
    r.tell(REPORTS[1])
    r.tell(REPORTS[0])
    assert r.status("A") == "Executing"
    assert [name for name, *_ in r.happened()] == ["ExecutionStarted", "StepQueued", "StepExecuting"]


@pytest.mark.parametrize("end", REPORTS[2:5], ids=lambda signal: type(signal).__name__)
def test_an_end_is_believed_even_when_nobody_reported_a_start(end: signals.Signal) -> None:
    r = one_step()
    r.tell(end)
    assert r.state.header.status in ("Succeeded", "Failed")


@pytest.mark.parametrize("report", REPORTS, ids=lambda signal: type(signal).__name__)
@pytest.mark.parametrize("end", REPORTS[2:5], ids=lambda signal: type(signal).__name__)
def test_after_the_end_no_report_changes_anything(end: signals.Signal, report: signals.Signal) -> None:
    r = one_step()
    r.tell(end)
    before = r.state
    seen = len(r.frames), len(r.commands)
    r.tell(report)
    assert (r.state, (len(r.frames), len(r.commands))) == (before, seen)


@pytest.mark.parametrize("report", REPORTS[:6], ids=lambda signal: type(signal).__name__)
def test_a_report_about_an_earlier_attempt_changes_nothing(report: signals.Signal) -> None:
    r = one_step()
    r.run("A")
    r.lose("A")
    before = r.state
    r.tell(report)
    assert r.state == before


@pytest.mark.parametrize("report", REPORTS[8:], ids=lambda signal: type(signal).__name__)
def test_an_answer_nobody_asked_for_changes_nothing(report: signals.Signal) -> None:
    r = one_step()
    before = r.state
    r.tell(report)
    assert r.state == before


def test_a_retry_that_is_not_due_yet_waits_and_a_second_bell_is_no_news() -> None:
    r = one_step()
    r.lose("A")
    r.lose("A")
    assert isinstance(r.commands[-1], commands.ScheduleRetry)
    assert still_wanted(r.state, r.commands[-1])
    r.tell(signals.RetryDue(step=A), after=0.5)
    assert r.state.steps[A].attempt == 2
    r.tell(signals.RetryDue(step=A), after=0.5)
    assert r.state.steps[A].attempt == 3
    assert not still_wanted(r.state, r.commands[-2])
    r.tell(signals.RetryDue(step=A), after=0)
    assert r.state.steps[A].attempt == 3


def test_user_code_that_fails_is_not_repeated_by_a_policy() -> None:
    policies = [{"ExceptionType": ["Step.SERVICE_FAULT", "SageMaker.JOB_INTERNAL_ERROR"], "MaxAttempts": 3}]
    r = one_step(RetryPolicies=policies)
    r.run("A")
    r.fail("A", "exit code 1")
    assert r.state.header.status == "Failed"


def test_lost_attempts_do_not_use_up_a_policy() -> None:
    policies = [{"ExceptionType": ["Step.SERVICE_FAULT"], "MaxAttempts": 1}]
    r = one_step(RetryPolicies=policies)
    r.lose("A")
    r.fail("A", "storage", FailureCategory.SERVICE_FAULT)
    assert r.state.steps[A].retries == 1
    r.tell(signals.RetryDue(step=A))
    r.fail("A", "storage", FailureCategory.SERVICE_FAULT)
    assert r.status("A") == "Failed"


def test_attempts_given_back_start_again_at_once_however_often_and_do_not_count_as_lost() -> None:
    r = one_step()
    for number in range(1, 8):
        r.run("A")
        r.give_back("A")
        step = r.state.steps[A]
        assert (step.attempt, step.lost, step.has_attempt) == (number + 1, 0, True)
    r.lose("A")
    assert r.state.steps[A].lost == 1


def test_an_attempt_given_back_while_stopping_is_not_started_again() -> None:
    r = one_step()
    r.run("A")
    r.tell(signals.StopRequested())
    r.give_back("A")
    assert r.state.header.status == "Stopped"


def test_long_reasons_and_explanations_fit_into_an_event() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), d.condition("Gate", 1, [], [])))
    r.start()
    r.decide_condition("Gate", True, *["x" * 1000] * 100)
    r.fail("A", "y" * 100_000)
    for shown in r.frames:
        assert len(str(shown["data"])) < 8192
    assert r.frames[-1]["data"]["reason"].endswith("…")


def test_a_condition_tells_how_it_was_decided_before_it_succeeds() -> None:
    r = Recorder("", d.pipeline(d.condition("Gate", 1, [], [])))
    r.start()
    r.decide_condition("Gate", True, "1 >= 0.9 → true")
    assert [name for name, *_ in r.happened()][-3:] == ["ConditionEvaluated", "StepSucceeded", "ExecutionSucceeded"]
    assert events.ConditionEvaluated(step="G", outcome=True).data() == {"outcome": True, "explanation": []}


def test_a_cache_hit_after_the_claim_ends_that_attempt() -> None:
    r = one_step()
    r.claim("A")
    r.hit("A")
    assert r.frames[-2]["attempt"] == 1
    assert r.state.steps[A].cached
    assert r.state.header.active == 0
