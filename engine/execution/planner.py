"""The decisions of an execution: a signal comes in, events and commands come out.

    decide(plan, state, signal, now) -> Decision(events, commands, state)
    evolve(plan, state, event) -> state

Pure and total: duplicate, late and reordered signals are answered with nothing. Decisions work on a slice of
the state, the steps that `needed()` names, so a transition costs as much as the finished step has successors.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.execution import answers, attempts, commands, lifecycle, signals, waiting
from engine.execution.evolve import count_edges, evolve, fold
from engine.execution.lifecycle import retry_refusal
from engine.execution.plan import Plan
from engine.execution.selection import Selection
from engine.execution.slices import needed
from engine.execution.state import ExecutionHeader, State, StepState
from engine.execution.states import TERMINAL_EXECUTION, StepKey, StepStatus
from engine.execution.turn import Decision, Turn

__all__ = ["Decision", "decide", "evolve", "fold", "initial_state", "needed", "retry_refusal", "still_wanted"]


def initial_state(plan: Plan, *, parallelism: int | None = None, selection: Selection | None = None) -> State:
    """The state before the first event. Unselected steps do not count as producers: what they would give is there."""
    steps: dict[StepKey, StepState] = {}
    for key in plan.order:
        step = plan.steps[key.name]
        selected = selection is None or step.name in selection.selected
        reused = selection is not None and step.name in selection.reused
        steps[key] = StepState(key=key, type=step.type, selected=selected, reused=reused)
    for key, state in steps.items():
        if state.selected:
            remaining, satisfied = count_edges(plan.steps[key.name], steps, plan)
            steps[key] = StepState(key=key, type=state.type, remaining=remaining, satisfied=satisfied)
    return State(header=ExecutionHeader(parallelism=parallelism, unfinished=len(steps)), steps=steps)


def decide(plan: Plan, state: State, signal: signals.Signal, now: datetime) -> Decision:
    """What follows from `signal`. `now` is UTC-aware and the same for all of it.

    `state` holds the steps `needed(plan, state.header, signal)` names and, where a parallelism limit is set, the
    first step that waits for a slot. Events come in the order they happened; commands in planning order. The shell
    carries the commands out one after another, deciding on each answer at once, and drops a command that is not
    `still_wanted` when its turn comes.
    """
    rule = _RULES.get(type(signal))
    header = state.header
    over = header.status in TERMINAL_EXECUTION
    if rule is None or over is not isinstance(signal, signals.RetryRequested):
        return Decision(state=state)
    if header.started is isinstance(signal, signals.StartRequested):
        return Decision(state=state)
    if isinstance(signal, signals.StepSignal) and signal.step not in state.steps:
        return Decision(state=state)
    turn = Turn(plan, state, now)
    rule(turn, signal)
    return turn.decision()


def still_wanted(state: State, command: commands.Command) -> bool:
    """Whether a command decided earlier still holds now; a Fail step or a stop in between can overtake it."""
    step = state.steps.get(command.step)
    if step is None:
        return False
    match command:
        case commands.StartAttempt():
            return step.status is StepStatus.QUEUED and step.has_attempt and step.attempt == command.attempt
        case commands.StopAttempt():
            return step.status is StepStatus.STOPPING and step.attempt == command.attempt
        case commands.ScheduleRetry():
            return step.retry_due == command.due
        case commands.AnnounceStop():
            return step.status is StepStatus.STOPPING
        case _:
            return step.status is StepStatus.STARTING and not step.has_attempt


_RULES: dict[type[signals.Signal], Callable[[Turn, Any], None]] = {
    signals.StartRequested: lifecycle.start,
    signals.StopRequested: lifecycle.stop,
    signals.ParallelismChanged: lifecycle.limit,
    signals.RetryRequested: lifecycle.retry,
    signals.AttemptClaimed: attempts.claimed,
    signals.AttemptExecuting: attempts.executing,
    signals.AttemptSucceeded: attempts.succeeded,
    signals.AttemptFailed: attempts.failed,
    signals.AttemptStopped: attempts.stopped,
    signals.AttemptGone: attempts.gone,
    signals.RetryDue: attempts.retry_due,
    signals.CacheHit: answers.cache_hit,
    signals.StepRefused: answers.refused,
    signals.EffectDone: answers.effect_done,
    signals.ConditionDecided: answers.condition_decided,
    signals.FailReached: answers.fail_reached,
    signals.AnswerRequested: waiting.requested,
    signals.AnsweredWithSuccess: waiting.succeeded,
    signals.AnsweredWithFailure: waiting.failed,
}
