"""The parallelism limit: who gets a slot, and who gives one up."""

from __future__ import annotations

from dataclasses import replace

from engine.execution import signals
from engine.execution.planner import decide
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder


def waiting(r: Recorder) -> list[str]:
    return [key.name for key in r.state.waiting_for_slot]


def test_a_free_slot_goes_to_the_first_step_in_the_order_of_the_plan() -> None:
    document = d.pipeline(
        d.processing("A"),
        d.processing("B", d.output_of("A")),
        d.processing("C"),
        d.processing("D"),
    )
    r = Recorder("", document, parallelism=1)
    r.start()
    assert waiting(r) == ["C", "D"]
    r.ok("A")
    assert (r.status("B"), waiting(r)) == ("Queued", ["C", "D"])
    assert r.state.steps[StepKey("B")].has_attempt
    r.ok("B", "C", "D")
    assert r.state.header.status == "Succeeded"


def test_a_newly_ready_step_waits_behind_an_earlier_one() -> None:
    r = Recorder(
        "", d.pipeline(d.processing("A"), d.processing("B"), d.processing("C", d.output_of("A"))), parallelism=1
    )
    r.start()
    r.ok("A")
    assert r.state.steps[StepKey("B")].has_attempt
    assert waiting(r) == ["C"]


def test_a_cached_or_refused_step_gives_its_slot_up_at_once() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), d.processing("B"), d.processing("C")), parallelism=1)
    r.start()
    r.hit("A")
    assert waiting(r) == ["C"]
    r.answer(signals.StepRefused(step=StepKey("B"), reason="no image", category=FailureCategory.NOT_RUNNABLE))
    assert waiting(r) == []
    assert r.state.header.active == 1


def test_a_lost_attempt_is_repeated_in_the_slot_it_had() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), d.processing("B")), parallelism=1)
    r.start()
    r.lose("A")
    assert r.state.steps[StepKey("A")].has_attempt
    assert waiting(r) == ["B"]


def test_a_back_off_lends_its_slot_to_another_step_and_waits_for_one_when_due() -> None:
    r = Recorder("", d.pipeline(d.processing("A"), d.processing("B"), d.processing("C")), parallelism=1)
    r.start()
    r.lose("A")
    r.lose("A")
    assert r.state.steps[StepKey("B")].has_attempt
    assert waiting(r) == ["C"]
    r.tell(signals.RetryDue(step=StepKey("A")), after=5)
    assert waiting(r) == ["A", "C"]
    r.ok("B", "A", "C")
    assert r.state.header.status == "Succeeded"


def test_a_retried_execution_keeps_its_limit() -> None:
    r = Recorder("", d.fan_out(4), parallelism=2)
    r.start()
    r.run("Split")
    r.fail("Split", "exit code 1")
    r.tell(signals.RetryRequested())
    r.ok("Split")
    assert r.state.header.active == 2
    assert waiting(r) == ["Part3", "Part4"]


def test_a_slice_whose_waiting_steps_are_out_of_order_is_decided_all_the_same() -> None:
    r = Recorder("", d.fan_out(5), parallelism=2)
    r.start()
    r.ok("Split")
    shuffled = replace(r.state, waiting_for_slot=tuple(reversed(r.state.waiting_for_slot)))
    decision = decide(r.plan, shuffled, signals.StopRequested(), r.now)
    assert decision.state.waiting_for_slot == ()
    assert decision.state.header.status == "Stopped"


def test_a_higher_limit_starts_what_waits_and_a_lower_one_takes_nothing_back() -> None:
    r = Recorder("", d.pipeline(*(d.processing(name) for name in "ABCD")), parallelism=1)
    r.start()
    assert waiting(r) == ["B", "C", "D"]
    r.answer(signals.ParallelismChanged(parallelism=3))
    assert waiting(r) == ["D"]
    r.answer(signals.ParallelismChanged(parallelism=1))
    assert [r.state.steps[StepKey(name)].has_attempt for name in "ABC"] == [True, True, True]
    r.ok("A")
    assert waiting(r) == ["D"]
    r.answer(signals.ParallelismChanged(parallelism=None))
    assert waiting(r) == []


def test_an_ended_execution_has_no_limit_to_change() -> None:
    r = Recorder("", d.pipeline(d.processing("A")), parallelism=1)
    r.start()
    r.ok("A")
    decision = decide(r.plan, r.state, signals.ParallelismChanged(parallelism=5), r.now)
    assert (decision.events, decision.state) == ((), r.state)
