"""Steps that asked somebody outside: no attempt, no lease, no slot. They wait until they are answered.

A stop is announced and changes nothing else: the answer that follows, whatever it says, ends the step as stopped.

Source: AWS StopPipelineExecution, "Callback step".
"""

from __future__ import annotations

from typing import Any

from engine.execution import events, signals
from engine.execution.answers import awaits_command
from engine.execution.states import StepStatus
from engine.execution.turn import REASON_LENGTH, Turn, clip
from engine.steps.base import Nature


def requested(turn: Turn, signal: signals.AnswerRequested) -> None:
    if awaits_command(turn, signal, Nature.WAIT):
        turn.emit(events.StepExecuting(**_at(signal)))
        turn.emit(events.StepWaiting(**_at(signal), reason=clip(signal.reason, REASON_LENGTH)))


def succeeded(turn: Turn, signal: signals.AnsweredWithSuccess) -> None:
    if turn.waits_for_answer(signal.step):
        results = signal.results or None
        turn.end_step(_stopped(turn, signal) or events.StepSucceeded(**_at(signal), results=results))


def failed(turn: Turn, signal: signals.AnsweredWithFailure) -> None:
    if turn.waits_for_answer(signal.step):
        reason = clip(signal.reason, REASON_LENGTH)
        failure = events.StepFailed(**_at(signal), reason=reason, category=signal.category.value, cause=signal.cause)
        turn.end_step(_stopped(turn, signal) or failure)


def _stopped(turn: Turn, signal: signals.StepSignal) -> events.StepStopped | None:
    stopping = turn.step(signal.step).status is StepStatus.STOPPING
    return events.StepStopped(**_at(signal)) if stopping else None


def _at(signal: signals.StepSignal) -> dict[str, Any]:
    return {"step": signal.step.name, "iteration": signal.step.iteration}
