"""What holds for every history, whatever the pipeline looks like and whatever goes wrong.

`World` itself checks at each signal that slices decide as the whole does, that a repeated signal changes nothing,
that the log folds to the state and that the counters and the parallelism limit hold.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.execution import events, signals
from engine.execution.plan import Plan, Trigger
from engine.execution.planner import fold, retry_refusal
from engine.execution.selection import plan_selection
from engine.execution.state import State
from engine.execution.states import TERMINAL_EXECUTION, TERMINAL_STEP, ExecutionStatus, StepStatus
from engine.steps.base import Nature
from tests.engine.execution.world import World, plans

seeds = st.integers(0, 2**32 - 1)
limits = st.none() | st.integers(1, 3)
often = settings(max_examples=120, deadline=None)
starts = (events.StepQueued, events.StepStarting, events.StepExecuting)

ACCEPTED = {
    Trigger.SUCCEEDED: {StepStatus.SUCCEEDED},
    Trigger.FAILED: {StepStatus.FAILED},
    Trigger.STOPPED: {StepStatus.STOPPED},
    Trigger.ANY: set(TERMINAL_STEP),
    Trigger.IF: {StepStatus.SUCCEEDED},
    Trigger.ELSE: {StepStatus.SUCCEEDED},
}


def edges_are_met(plan: Plan, state: State, name: str) -> bool:
    """Written apart from the planner: whether this step may run now."""
    ran = not plan.steps[name].producers
    for edge in plan.steps[name].producers:
        producer = state.steps[plan.steps[edge.step].key]
        if producer.status not in ACCEPTED[edge.trigger]:
            return False
        if edge.trigger in (Trigger.IF, Trigger.ELSE) and producer.outcome is not (edge.trigger is Trigger.IF):
            return False
        ran = ran or producer.status is not StepStatus.SKIPPED
    return ran


def expected_end(plan: Plan, state: State) -> ExecutionStatus:
    bad = [s for s in state.steps.values() if s.status in (StepStatus.FAILED, StepStatus.STOPPED)]
    if any(plan.steps[s.key.name].nature is Nature.FAIL for s in bad):
        return ExecutionStatus.FAILED
    for step in bad:
        answers = (e for e in plan.steps[step.key.name].successors if e.trigger not in (Trigger.IF, Trigger.ELSE))
        accepting = [e for e in answers if step.status in ACCEPTED[e.trigger]]
        if not any(state.steps[plan.steps[e.step].key].status is StepStatus.SUCCEEDED for e in accepting):
            return ExecutionStatus.FAILED
    return ExecutionStatus.COMPLETED_WITH_FAILURES if bad else ExecutionStatus.SUCCEEDED


@often
@given(plans(), seeds, limits)
def test_every_history_ends_and_the_end_is_the_one_its_steps_deserve(plan: Plan, seed: int, limit: int | None) -> None:
    world = World(plan, Random(seed), parallelism=limit)
    world.run_to_the_end()
    assert all(step.status in TERMINAL_STEP for step in world.state.steps.values())
    assert world.status is expected_end(plan, world.state)


@often
@given(plans(), seeds, limits)
def test_without_stop_or_fail_exactly_the_steps_whose_edges_are_met_run(
    plan: Plan, seed: int, limit: int | None
) -> None:
    world = World(plan, Random(seed), parallelism=limit)
    world.run_to_the_end()
    if world.state.header.failing:
        return
    for step in world.state.steps.values():
        assert (step.status is not StepStatus.SKIPPED) is edges_are_met(plan, world.state, step.key.name)


@often
@given(plans(), seeds, limits)
def test_a_step_starts_only_after_its_producers_ended_acceptably(plan: Plan, seed: int, limit: int | None) -> None:
    world = World(plan, Random(seed), parallelism=limit, stops=0.02)
    world.run_to_the_end()
    state = world.beginning
    for event in world.log:
        if isinstance(event, starts):
            assert edges_are_met(plan, state, event.step), event
        state = fold(plan, state, [event])
    assert state == world.state


@often
@given(plans(), seeds, limits)
def test_each_attempt_starts_once_and_ends_once(plan: Plan, seed: int, limit: int | None) -> None:
    world = World(plan, Random(seed), parallelism=limit, stops=0.01)
    world.run_to_the_end()
    for kind in (events.StepQueued, events.StepStarting, events.StepExecuting):
        told = Counter((e.step, e.attempt) for e in world.log if type(e) is kind and e.attempt is not None)
        assert not told or max(told.values()) == 1, kind
    ends = (events.StepSucceeded, events.StepFailed, events.StepStopped, events.AttemptLost, events.RetryScheduled)
    lost_first = {(e.step, e.attempt) for e in world.log if isinstance(e, events.AttemptLost)}
    ended = Counter(
        (e.step, e.attempt)
        for e in world.log
        if isinstance(e, ends)
        and e.attempt is not None
        and not (isinstance(e, events.RetryScheduled) and (e.step, e.attempt) in lost_first)
    )
    assert not ended or max(ended.values()) == 1
    for name in plan.steps:
        numbers = [e.attempt for e in world.log if isinstance(e, events.StepQueued) and e.step == name and e.attempt]
        assert numbers == list(range(1, len(numbers) + 1))


@often
@given(plans(), seeds, limits)
def test_nothing_starts_after_a_stop_or_a_fail_step(plan: Plan, seed: int, limit: int | None) -> None:
    world = World(plan, Random(seed), parallelism=limit, stops=0.1)
    world.run_to_the_end()
    over = False
    for event in world.log:
        assert not (over and isinstance(event, (events.StepQueued, events.StepStarting)))
        over = over or isinstance(event, events.ExecutionStopping)
        over = over or (isinstance(event, events.StepFailed) and plan.steps[event.step].nature is Nature.FAIL)
    stopped = any(isinstance(event, events.ExecutionStopping) for event in world.log)
    assert (world.status is ExecutionStatus.STOPPED) is stopped


@often
@given(plans(), seeds, limits)
def test_a_retried_execution_ends_again_and_keeps_what_succeeded(plan: Plan, seed: int, limit: int | None) -> None:
    world = World(plan, Random(seed), parallelism=limit, stops=0.05)
    world.run_to_the_end()
    for _ in range(2):
        before = world.state
        refused = retry_refusal(before.header)
        world.told.clear()
        happened = world.send(signals.RetryRequested())
        assert bool(happened) is (refused is None)
        if refused is not None:
            return
        again = {event.step for event in happened if isinstance(event, events.StepReset)}
        kept = {s.key.name for s in before.steps.values() if s.status is StepStatus.SUCCEEDED} - again
        assert all(
            plan.steps[name].nature is Nature.CONDITION
            for name in again & {s.key.name for s in before.steps.values() if s.status is StepStatus.SUCCEEDED}
        )
        for _ in range(2000):
            if world.status in TERMINAL_EXECUTION:
                break
            world.tick()
        assert world.status in TERMINAL_EXECUTION
        assert all(world.state.steps[plan.steps[name].key].status is StepStatus.SUCCEEDED for name in kept)
        assert fold(plan, world.beginning, world.log) == world.state


@often
@given(plans(), seeds, limits)
def test_a_retry_without_trouble_leaves_no_failure_behind(plan: Plan, seed: int, limit: int | None) -> None:
    world = World(plan, Random(seed), parallelism=limit)
    world.run_to_the_end()
    if retry_refusal(world.state.header) is not None:
        return
    world.trouble = 0.0
    world.told.clear()  # a refusal is an answer within one transaction; none of the first run comes late
    world.send(signals.RetryRequested())
    for _ in range(2000):
        if world.status in TERMINAL_EXECUTION:
            break
        world.tick()
    unsupported = any(step.nature is Nature.UNSUPPORTED for step in plan.steps.values())
    if not unsupported and not world.state.header.failing:
        assert world.status is ExecutionStatus.SUCCEEDED


@often
@given(plans(), seeds, limits, st.data())
def test_a_selective_execution_runs_the_selected_steps_only(
    plan: Plan, seed: int, limit: int | None, data: st.DataObject
) -> None:
    wanted = data.draw(st.sets(st.sampled_from(sorted(plan.steps)), min_size=1))
    statuses = {name: data.draw(st.sampled_from(["Succeeded", "Succeeded", "Failed"])) for name in plan.steps}
    selection, problems = plan_selection(plan, wanted, statuses)
    assert (selection is None) is bool(problems)
    if selection is None:
        return
    world = World(plan, Random(seed), parallelism=limit, selection=selection)
    world.run_to_the_end()
    assert {e.step for e in world.log if isinstance(e, starts)} <= selection.selected
    for name in set(plan.steps) - wanted:
        step = world.state.steps[plan.steps[name].key]
        reused = name in selection.reused
        assert step.status is (StepStatus.SUCCEEDED if reused else StepStatus.SKIPPED)
        assert step.reused is reused
