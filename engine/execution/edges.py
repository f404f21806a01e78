"""What the end of a producer means for one that waits for it."""

from __future__ import annotations

from engine.execution.plan import Trigger
from engine.execution.state import StepState
from engine.execution.states import SkipReason, StepStatus

_RAN_TO = {
    Trigger.SUCCEEDED: StepStatus.SUCCEEDED,
    Trigger.FAILED: StepStatus.FAILED,
    Trigger.STOPPED: StepStatus.STOPPED,
}


def is_met(trigger: Trigger, producer: StepState) -> bool:
    """Whether this ended producer lets the consumer run. `Any` accepts every end, a skip included."""
    if trigger is Trigger.ANY:
        return True
    if trigger is Trigger.IF:
        return producer.status is StepStatus.SUCCEEDED and producer.outcome is True
    if trigger is Trigger.ELSE:
        return producer.status is StepStatus.SUCCEEDED and producer.outcome is False
    return producer.status is _RAN_TO[trigger]


def reason_not_met(trigger: Trigger, producer: StepState) -> SkipReason:
    """Why an edge of a producer that ran is not met: something went wrong, or the pipeline took another way."""
    if trigger in (Trigger.IF, Trigger.ELSE):
        taken = producer.status is StepStatus.SUCCEEDED
        return SkipReason.BRANCH_NOT_TAKEN if taken else SkipReason.BLOCKED
    return SkipReason.BLOCKED if trigger is Trigger.SUCCEEDED else SkipReason.BRANCH_NOT_TAKEN
