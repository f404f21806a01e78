"""Start, stop and retry of a whole execution."""

from __future__ import annotations

from engine.execution import events, signals
from engine.execution.edges import is_met
from engine.execution.evolve import Draft
from engine.execution.plan import Plan, PlanStep
from engine.execution.state import ExecutionHeader
from engine.execution.states import TERMINAL_EXECUTION, ExecutionStatus, SkipReason, StepKey, StepStatus
from engine.execution.turn import Turn
from engine.steps.base import Nature

RETRYABLE = frozenset({ExecutionStatus.FAILED, ExecutionStatus.STOPPED})


def retry_refusal(header: ExecutionHeader) -> str | None:
    """Why this execution cannot be retried, None when it can.

    Source: AWS RetryPipelineExecution; an execution that a Fail step ended is not retryable.
    """
    if header.status not in TERMINAL_EXECUTION:
        return "The execution has not ended. Wait for its end, or stop it first."
    if header.status not in RETRYABLE:
        return "Only a failed or stopped execution can be retried, and this one ended well. Start a new one."
    if header.failing:
        return "A Fail step ended this execution on purpose, so it cannot be retried. Start a new one."
    return None


def start(turn: Turn, signal: signals.StartRequested) -> None:
    turn.emit(events.ExecutionStarted())
    for key in turn.plan.order:
        state = turn.step(key)
        if state.reused:
            source = signal.source_execution or ""
            turn.emit(events.StepReused(step=key.name, iteration=key.iteration, source_execution=source))
        elif not state.selected:
            turn.skip(key, SkipReason.NOT_SELECTED)
        elif not state.remaining:
            turn.make_ready(key)
    turn.start_ready()
    turn.finish()


def stop(turn: Turn, signal: signals.StopRequested) -> None:
    if turn.draft.header.status is not ExecutionStatus.EXECUTING:
        return
    turn.emit(events.ExecutionStopping(reason=signal.reason))
    turn.close_down(stop_running=True)
    turn.finish()


def limit(turn: Turn, signal: signals.ParallelismChanged) -> None:
    """No event: the limit is an input, as at the start. What waits for a slot starts if there are more of them."""
    turn.draft.set_header(parallelism=signal.parallelism)
    if turn.draft.header.status is ExecutionStatus.EXECUTING:
        turn.start_ready()


def retry(turn: Turn, signal: signals.RetryRequested) -> None:
    if retry_refusal(turn.draft.header) is not None:
        return
    if signal.parallelism is not None:
        turn.draft.set_header(parallelism=signal.parallelism)
    again = _steps_to_reset(turn.plan, turn.draft)
    turn.emit(events.ExecutionStarted(retry=True))
    for key in again:
        turn.emit(events.StepReset(step=key.name, iteration=key.iteration))
    for key in again:
        if not turn.step(key).remaining:
            turn.make_ready(key)
    turn.start_ready()
    turn.finish()


def _steps_to_reset(plan: Plan, draft: Draft) -> list[StepKey]:
    """Failed and stopped steps, and skipped ones that could run after all, in planning order.

    Succeeded steps stay; only a Condition is decided again, when one of its producers runs again.
    """
    again: dict[str, StepKey] = {}
    for key in plan.order:
        state = draft.steps[key]
        step = plan.steps[key.name]
        if not state.selected:
            continue
        if state.status is StepStatus.SUCCEEDED:
            run_again = step.nature is Nature.CONDITION and any(edge.step in again for edge in step.producers)
        elif state.status is StepStatus.SKIPPED:
            run_again = _could_run(step, draft, again, plan)
        else:
            run_again = True
        if run_again:
            again[step.name] = key
    return list(again.values())


def _could_run(step: PlanStep, draft: Draft, again: dict[str, StepKey], plan: Plan) -> bool:
    """Whether no producer that stays as it is stands against this skipped step."""
    if not step.producers:
        return True
    hopeful = False
    for edge in step.producers:
        producer = draft.steps[plan.steps[edge.step].key]
        if edge.step in again or not producer.selected:
            hopeful = True
        elif not is_met(edge.trigger, producer):
            return False
        else:
            hopeful = hopeful or producer.status is not StepStatus.SKIPPED
    return hopeful
