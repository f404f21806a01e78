"""What is reported of an attempt: claimed, running, ended, lost. Anything about another attempt is no news."""

from __future__ import annotations

from typing import Any

from engine.execution import commands, events, signals
from engine.execution.retry import Retry, after_loss, next_attempt
from engine.execution.state import StepState
from engine.execution.states import ExecutionStatus, FailureCategory, StepStatus
from engine.execution.turn import REASON_LENGTH, Turn, clip, iso


def _current(turn: Turn, signal: signals.AttemptSignal) -> StepState | None:
    """The step, if the signal speaks of its attempt that is pending or running."""
    state = turn.step(signal.step)
    return state if state.has_attempt and state.attempt == signal.attempt else None


def claimed(turn: Turn, signal: signals.AttemptClaimed) -> None:
    state = _current(turn, signal)
    if state is not None and state.status is StepStatus.QUEUED:
        turn.emit(events.StepStarting(**_at(signal), worker=signal.worker))


def executing(turn: Turn, signal: signals.AttemptExecuting) -> None:
    state = _current(turn, signal)
    if state is not None and state.status in (StepStatus.QUEUED, StepStatus.STARTING):
        turn.emit(events.StepExecuting(**_at(signal), runner=signal.runner))


def succeeded(turn: Turn, signal: signals.AttemptSucceeded) -> None:
    if _current(turn, signal) is not None:
        figures, results = dict(signal.metrics) or None, signal.results or None
        turn.end_step(events.StepSucceeded(**_at(signal), metrics=figures, results=results))


def failed(turn: Turn, signal: signals.AttemptFailed) -> None:
    state = _current(turn, signal)
    if state is None:
        return
    policies = turn.plan.steps[signal.step.name].retry_policies
    retry = next_attempt(policies, state, signal, turn.now) if turn.starts_new else None
    if retry is not None:
        _schedule(turn, signal, retry, signal.reason)
    else:
        reason = clip(signal.reason, REASON_LENGTH)
        turn.end_step(
            events.StepFailed(**_at(signal), reason=reason, category=signal.category.value, cause=signal.cause)
        )


def stopped(turn: Turn, signal: signals.AttemptStopped) -> None:
    if _current(turn, signal) is not None:
        turn.end_step(events.StepStopped(**_at(signal)))


def gone(turn: Turn, signal: signals.AttemptGone) -> None:
    state = _current(turn, signal)
    if state is None:
        return
    reason = clip(signal.reason, REASON_LENGTH)
    turn.emit(events.AttemptLost(**_at(signal), reason=reason, given_back=signal.given_back or None))
    retry = None
    if turn.starts_new:
        retry = Retry(due=turn.now, of=None) if signal.given_back else after_loss(state, turn.now)
    if turn.draft.header.status is ExecutionStatus.STOPPING:
        turn.end_step(events.StepStopped(step=signal.step.name, iteration=signal.step.iteration))
    elif retry is None:
        lost = clip(f"{_times(state.lost + 1)} lost: {reason}", REASON_LENGTH)
        category = FailureCategory.LOST.value
        turn.end_step(
            events.StepFailed(step=signal.step.name, iteration=signal.step.iteration, reason=lost, category=category)
        )
    elif retry.due > turn.now:
        _schedule(turn, signal, retry, reason)
    else:
        turn.start_attempt(signal.step)  # in the slot it had


def _schedule(turn: Turn, signal: signals.AttemptSignal, retry: Retry, reason: str) -> None:
    since = retry.first_failed_at
    turn.emit(
        events.RetryScheduled(
            **_at(signal),
            due=iso(retry.due),
            reason=clip(reason, REASON_LENGTH),
            of=retry.of,
            policy=retry.policy,
            first_failed_at=None if since is None else iso(since),
        )
    )
    turn.command(commands.ScheduleRetry(step=signal.step, attempt=signal.attempt, due=retry.due))
    turn.start_ready()  # somebody else may have the slot meanwhile


def retry_due(turn: Turn, signal: signals.RetryDue) -> None:
    due = turn.step(signal.step).retry_due
    if due is not None and due <= turn.now:
        turn.make_ready(signal.step)
        turn.start_ready()


def _at(signal: signals.AttemptSignal) -> dict[str, Any]:
    return {"step": signal.step.name, "iteration": signal.step.iteration, "attempt": signal.attempt}


def _times(attempts: int) -> str:
    return "1 attempt was" if attempts == 1 else f"{attempts} attempts were"
