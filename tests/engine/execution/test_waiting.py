"""A step that asks somebody outside waits without an attempt, survives a stop, and ends with the answer."""

from __future__ import annotations

from engine.execution import commands, signals
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder

ASK = StepKey("Ask")


def asked(*more: object, parallelism: int | None = None) -> Recorder:
    """Ask → After, with Ask waiting."""
    after = d.processing("After", d.get("Ask", "OutputParameters['place']"))
    r = Recorder("", d.pipeline(d.callback("Ask", "place"), after, *more), parallelism=parallelism)
    r.start()
    r.ask("Ask")
    return r


def test_it_is_asked_in_the_transaction_that_makes_it_ready_and_then_waits() -> None:
    r = Recorder("", d.pipeline(d.callback("Ask", "place")))
    r.start()
    assert r.commands == [commands.RequestAnswer(step=ASK)]
    seen = len(r.frames)
    r.ask("Ask")
    assert r.happened(seen) == [("StepExecuting", "Ask"), ("StepWaiting", "Ask")]
    assert (r.status("Ask"), r.state.header.active) == ("Executing", 0)


def test_a_waiting_step_takes_no_slot() -> None:
    r = asked(d.processing("Beside"), parallelism=1)
    assert r.statuses() == {"Ask": "Executing", "After": "Waiting", "Beside": "Queued"}
    assert r.state.steps[StepKey("Beside")].has_attempt


def test_the_answer_ends_it_and_starts_what_waits_for_it() -> None:
    r = asked()
    r.tell(signals.AnsweredWithSuccess(step=ASK))
    assert r.statuses() == {"Ask": "Succeeded", "After": "Queued"}


def test_an_answered_failure_fails_it_with_the_given_reason() -> None:
    r = asked()
    r.tell(signals.AnsweredWithFailure(step=ASK, reason="no cluster"))
    assert r.statuses() == {"Ask": "Failed", "After": "Skipped"}
    assert r.state.header.failure_reason == 'Step "Ask" failed: no cluster'
    assert r.frames[-2 - 1]["data"] == {"reason": "no cluster", "category": FailureCategory.CALLBACK.value}


def test_a_second_answer_is_no_news() -> None:
    r = asked()
    r.tell(signals.AnsweredWithSuccess(step=ASK))
    seen = len(r.frames)
    r.tell(signals.AnsweredWithFailure(step=ASK, reason="late"))
    r.tell(signals.AnsweredWithSuccess(step=ASK))
    assert len(r.frames) == seen


def test_an_answer_to_a_step_that_has_not_asked_is_no_news() -> None:
    r = Recorder("", d.pipeline(d.processing("Before"), d.callback("Ask", "p", DependsOn=["Before"])))
    r.start()
    seen = len(r.frames)
    r.tell(signals.AnsweredWithSuccess(step=ASK))
    r.tell(signals.AnswerRequested(step=ASK, reason="early"))
    assert len(r.frames) == seen


def test_a_stop_is_announced_and_awaits_the_answer() -> None:
    r = asked()
    r.tell(signals.StopRequested())
    assert r.commands[-1] == commands.AnnounceStop(step=ASK)
    assert r.statuses() == {"Ask": "Stopping", "After": "Skipped"}
    assert r.state.header.status == "Stopping"


def test_whatever_is_answered_after_a_stop_ends_it_as_stopped() -> None:
    for answer in (signals.AnsweredWithSuccess(step=ASK), signals.AnsweredWithFailure(step=ASK, reason="cleaned up")):
        r = asked()
        r.tell(signals.StopRequested())
        r.tell(answer)
        assert (r.status("Ask"), r.state.header.status) == ("Stopped", "Stopped")


def test_a_fail_step_lets_it_wait_for_its_answer() -> None:
    r = asked(d.fail("Stop", "as meant"))
    r.tell(signals.FailReached(step=StepKey("Stop"), message="as meant"))
    assert (r.status("Ask"), r.state.header.status) == ("Executing", "Executing")
    r.tell(signals.AnsweredWithSuccess(step=ASK))
    assert (r.status("Ask"), r.state.header.status) == ("Succeeded", "Failed")


def test_a_retry_asks_again() -> None:
    r = asked()
    r.tell(signals.AnsweredWithFailure(step=ASK, reason="no"))
    r.tell(signals.RetryRequested())
    assert r.commands[-1] == commands.RequestAnswer(step=ASK)
    r.ask("Ask")
    r.tell(signals.AnsweredWithSuccess(step=ASK))
    assert r.statuses() == {"Ask": "Succeeded", "After": "Queued"}


def test_an_earlier_answer_can_stand_for_a_new_one() -> None:
    r = Recorder("", d.pipeline(d.callback("Ask", "place")))
    r.start()
    r.hit("Ask")
    assert (r.status("Ask"), r.state.steps[ASK].cached) == ("Succeeded", True)


def test_a_question_that_cannot_be_asked_fails_the_step() -> None:
    r = Recorder("", d.pipeline(d.callback("Ask", "place")))
    r.start()
    r.answer(signals.StepRefused(step=ASK, reason="no queue", category=FailureCategory.NOT_RUNNABLE))
    assert r.status("Ask") == "Failed"
