"""Which steps a decision touches, so that nothing else has to be loaded."""

from __future__ import annotations

from engine.execution import signals
from engine.execution.edges import is_met
from engine.execution.plan import Plan, PlanStep
from engine.execution.state import ExecutionHeader, StepState
from engine.execution.states import ExecutionStatus, StepKey, StepStatus
from engine.steps.base import Nature

_WHOLE = (
    signals.StartRequested,
    signals.StopRequested,
    signals.ParallelismChanged,
    signals.RetryRequested,
    signals.FailReached,
)
_ONLY_ITSELF = (signals.AttemptClaimed, signals.AttemptExecuting, signals.RetryDue, signals.AnswerRequested)


def needed(plan: Plan, header: ExecutionHeader, signal: signals.Signal) -> frozenset[StepKey]:
    """The steps `decide` and `evolve` may look at for this signal.

    A step that ends: itself, its successors, whatever is skipped because of it, and for a success the failures it
    answers with their other answers. Start, stop, retry, another limit and a Fail step: every step. Beside these, where
    `header.parallelism` is set, a slice holds the first step that waits for a slot.
    """
    if isinstance(signal, _WHOLE):
        return plan.keys
    if not isinstance(signal, signals.StepSignal) or signal.step not in plan.keys:
        return frozenset()
    step = plan.steps[signal.step.name]
    if isinstance(signal, _ONLY_ITSELF):
        return frozenset({step.key})
    if isinstance(signal, signals.StepRefused) and step.nature is Nature.FAIL:
        return plan.keys
    ended = _ended(step, header, signal)
    found = {step.key} | _touched(plan, step, ended)
    if ended.status is StepStatus.SUCCEEDED:
        for producer in step.answers:
            failed = plan.steps[producer.step]
            found.add(failed.key)
            found.update(plan.steps[edge.step].key for edge in failed.answered_by)
    return frozenset(found)


def _ended(step: PlanStep, header: ExecutionHeader, signal: signals.StepSignal) -> StepState:
    """How the step may end by this signal."""
    status, outcome = StepStatus.SUCCEEDED, None
    if isinstance(signal, signals.AttemptFailed | signals.StepRefused | signals.AnsweredWithFailure):
        status = StepStatus.FAILED
    elif isinstance(signal, signals.AttemptStopped):
        status = StepStatus.STOPPED
    elif isinstance(signal, signals.AttemptGone):
        status = StepStatus.STOPPED if header.status is ExecutionStatus.STOPPING else StepStatus.FAILED
    elif isinstance(signal, signals.ConditionDecided):
        outcome = signal.outcome
    return StepState(key=step.key, type=step.type, status=status, outcome=outcome)


def _touched(plan: Plan, step: PlanStep, ended: StepState) -> set[StepKey]:
    """Successors of the ended step, and of every step that may be skipped in consequence."""
    found: set[StepKey] = set()
    skipped: set[str] = set()
    stack = [(step, ended)]
    while stack:
        producer, state = stack.pop()
        for edge in producer.successors:
            consumer = plan.steps[edge.step]
            found.add(consumer.key)
            passed_over = state.status is StepStatus.SKIPPED and consumer.any_only
            if consumer.name not in skipped and (passed_over or not is_met(edge.trigger, state)):
                skipped.add(consumer.name)
                stack.append((consumer, StepState(key=consumer.key, type="", status=StepStatus.SKIPPED)))
    return found
