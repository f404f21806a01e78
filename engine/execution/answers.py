"""What the shell answers to a command: a cache hit, a refusal, an effect done, a condition decided, a Fail step."""

from __future__ import annotations

from engine.execution import events, signals
from engine.execution.state import StepState
from engine.execution.states import FailureCategory, StepKey, StepStatus
from engine.execution.turn import REASON_LENGTH, Turn, clip
from engine.steps.base import Nature

EXPLANATION_LINES = 30
EXPLANATION_LENGTH = 200  # with the lines: an event's data stays under 8 KiB


def cache_hit(turn: Turn, signal: signals.CacheHit) -> None:
    state = turn.step(signal.step)
    begun = state.has_attempt and state.status in (StepStatus.QUEUED, StepStatus.STARTING)
    if begun or awaits_command(turn, signal, Nature.WAIT):
        turn.end_step(
            events.StepCacheHit(
                step=signal.step.name,
                iteration=signal.step.iteration,
                attempt=_claimed_attempt(state),
                source_execution=signal.source_execution,
                cache_key=signal.cache_key,
                results=signal.results or None,
            )
        )


def refused(turn: Turn, signal: signals.StepRefused) -> None:
    state = turn.step(signal.step)
    if state.status is StepStatus.STARTING or (state.status is StepStatus.QUEUED and state.has_attempt):
        _fail(turn, signal.step, signal.reason, signal.category, _claimed_attempt(state), signal.cause)


def effect_done(turn: Turn, signal: signals.EffectDone) -> None:
    if awaits_command(turn, signal, Nature.EFFECT):
        turn.end_step(events.StepSucceeded(step=signal.step.name, iteration=signal.step.iteration))


def condition_decided(turn: Turn, signal: signals.ConditionDecided) -> None:
    if awaits_command(turn, signal, Nature.CONDITION):
        lines = [clip(line, EXPLANATION_LENGTH) for line in signal.explanation[:EXPLANATION_LINES]]
        name, iteration = signal.step.name, signal.step.iteration
        turn.emit(events.ConditionEvaluated(step=name, iteration=iteration, outcome=signal.outcome, explanation=lines))
        turn.end_step(events.StepSucceeded(step=name, iteration=iteration))


def fail_reached(turn: Turn, signal: signals.FailReached) -> None:
    if awaits_command(turn, signal, Nature.FAIL):
        _fail(turn, signal.step, signal.message, FailureCategory.FAIL_STEP, None)


def _fail(
    turn: Turn,
    key: StepKey,
    reason: str,
    category: FailureCategory,
    attempt: int | None,
    cause: str | None = None,
) -> None:
    event = events.StepFailed(
        step=key.name,
        iteration=key.iteration,
        attempt=attempt,
        reason=clip(reason, REASON_LENGTH),
        category=category.value,
        cause=cause,
    )
    if turn.plan.steps[key.name].nature is not Nature.FAIL:
        turn.end_step(event)
        return
    turn.emit(event)
    turn.close_down(because_of=key.name, stop_running=False)
    turn.finish()


def awaits_command(turn: Turn, signal: signals.StepSignal, nature: Nature) -> bool:
    """Whether the shell was told to carry this step out and has not answered yet."""
    state = turn.step(signal.step)
    asked = state.status is StepStatus.STARTING and not state.has_attempt
    return asked and turn.plan.steps[signal.step.name].nature is nature


def _claimed_attempt(state: StepState) -> int | None:
    """The attempt an answer ends, None when the answer came before one existed."""
    return state.attempt if state.has_attempt and state.status is not StepStatus.QUEUED else None
