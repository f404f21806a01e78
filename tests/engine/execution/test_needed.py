"""How much of an execution a decision has to load."""

from __future__ import annotations

import pytest

from engine.definition.model import Definition
from engine.execution import signals
from engine.execution.plan import Plan, compile_plan
from engine.execution.planner import needed
from engine.execution.state import ExecutionHeader
from engine.execution.states import ExecutionStatus, FailureCategory, StepKey
from tests.engine.execution import definitions as d

HEADER = ExecutionHeader(started=True)


def plan_of(document: object) -> Plan:
    return compile_plan(Definition.from_document(document))


def names(plan: Plan, signal: signals.Signal, header: ExecutionHeader = HEADER) -> set[str]:
    return {key.name for key in needed(plan, header, signal)}


def failed(step: str) -> signals.AttemptFailed:
    return signals.AttemptFailed(step=StepKey(step), attempt=1, reason="r", category=FailureCategory.USER_CODE)


def test_a_success_loads_the_step_and_its_successors_only() -> None:
    plan = plan_of(d.fan_out(1000))
    assert names(plan, signals.AttemptSucceeded(step=StepKey("Part7"), attempt=1)) == {"Part7", "Merge"}
    assert len(names(plan, signals.AttemptSucceeded(step=StepKey("Split"), attempt=1))) == 1001


def test_a_claim_loads_the_step_alone() -> None:
    plan = plan_of(d.fan_out(3))
    for signal in (
        signals.AttemptClaimed(step=StepKey("Split"), attempt=1, worker="w"),
        signals.AttemptExecuting(step=StepKey("Split"), attempt=1, runner="r"),
        signals.RetryDue(step=StepKey("Split")),
    ):
        assert names(plan, signal) == {"Split"}


def test_a_failure_loads_everything_it_blocks() -> None:
    plan = plan_of(d.headline())
    blocked = {"TrainForest", "Evaluate", "GoodEnough", "Register", "TooWeak"}
    assert names(plan, failed("TrainForest")) == blocked
    gone = signals.AttemptGone(step=StepKey("TrainForest"), attempt=1, reason="r")
    assert names(plan, gone) == blocked


def test_a_condition_loads_both_branches_and_what_lies_behind_the_one_not_taken() -> None:
    behind = d.processing("Behind", d.output_of("A"))
    plan = plan_of(d.pipeline(d.condition("Gate", 1, [d.processing("A"), behind], [d.processing("B")])))
    taken = signals.ConditionDecided(step=StepKey("Gate"), outcome=True)
    other = signals.ConditionDecided(step=StepKey("Gate"), outcome=False)
    assert names(plan, taken) == {"Gate", "A", "B", "Behind"}
    assert names(plan, other) == {"Gate", "A", "B", "Behind"}
    deep = d.processing("Deep", d.output_of("Behind"))
    plan = plan_of(d.pipeline(d.condition("Gate", 1, [d.processing("A"), behind], [d.processing("B")]), deep))
    assert "Deep" not in names(plan, taken)
    assert "Deep" in names(plan, other)


def test_a_step_that_answers_a_failure_loads_that_failure_and_its_other_answers() -> None:
    plan = plan_of(d.run_conditions())
    answer = signals.AttemptSucceeded(step=StepKey("OnFail"), attempt=1)
    assert names(plan, answer) == {"OnFail", "Train", "OnStop", "Always"}


def test_an_attempt_lost_while_stopping_ends_stopped() -> None:
    plan = plan_of(d.run_conditions())
    gone = signals.AttemptGone(step=StepKey("Train"), attempt=1, reason="r")
    stopping = ExecutionHeader(started=True, status=ExecutionStatus.STOPPING)
    assert names(plan, gone, stopping) == {"Train", "OnFail", "OnStop", "Always", "Ok"}


@pytest.mark.parametrize("signal", [signals.StartRequested(), signals.StopRequested(), signals.RetryRequested()])
def test_signals_to_the_execution_load_it_whole(signal: signals.Signal) -> None:
    plan = plan_of(d.headline())
    assert names(plan, signal) == set(plan.steps)


def test_an_unknown_step_loads_nothing() -> None:
    assert names(plan_of(d.headline()), failed("Nobody")) == set()
