"""Status words. The AWS words are exact; the three Clary adds never leave through an AWS field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Iteration index of a step that is not part of a ForEach.
NOT_ITERATED = -1


class ExecutionStatus(StrEnum):
    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"
    COMPLETED_WITH_FAILURES = "CompletedWithFailures"


class StepStatus(StrEnum):
    # Clary's own, shown in the studio only.
    WAITING = "Waiting"  # producers not finished
    QUEUED = "Queued"  # ready; waits for a free slot, a worker, or a retry's due time
    SKIPPED = "Skipped"  # will not run; skip_reason says why
    # AWS PipelineExecutionStep.StepStatus.
    STARTING = "Starting"
    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"


class AttemptStatus(StrEnum):
    PENDING = "Pending"  # row exists, nobody holds it
    STARTING = "Starting"  # claimed by a worker
    EXECUTING = "Executing"  # user code runs
    STOPPING = "Stopping"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    STOPPED = "Stopped"
    LOST = "Lost"


class SkipReason(StrEnum):
    BRANCH_NOT_TAKEN = "branch not taken"  # the other branch, or a trigger (Failed, Stopped) that did not come true
    BLOCKED = "blocked"  # a producer failed, stopped or was skipped
    NOT_SELECTED = "not selected"  # selective execution without this step
    EXECUTION_ENDED = "execution ended"  # stop or Fail before its turn


class FailureCategory(StrEnum):
    USER_CODE = "user-code"  # exit code, failure file
    INPUT = "input"  # missing object, unresolvable expression
    NOT_RUNNABLE = "not-runnable"  # type or image this installation cannot run
    OUT_OF_MEMORY = "out-of-memory"
    TIMEOUT = "timeout"
    DISK_FULL = "disk-full"
    LOST = "lost"  # infrastructure: worker or runner gone
    SERVICE_FAULT = "service-fault"  # runner or storage error
    CALLBACK = "callback"  # whoever was asked answered that it failed, or without what was asked for
    FAIL_STEP = "fail-step"  # a Fail step was reached, as the pipeline says


TERMINAL_EXECUTION = frozenset(ExecutionStatus) - {ExecutionStatus.EXECUTING, ExecutionStatus.STOPPING}
TERMINAL_STEP = frozenset({StepStatus.STOPPED, StepStatus.FAILED, StepStatus.SUCCEEDED, StepStatus.SKIPPED})
ACTIVE_STEP = frozenset({StepStatus.STARTING, StepStatus.EXECUTING, StepStatus.STOPPING})
TERMINAL_ATTEMPT = frozenset({AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.STOPPED, AttemptStatus.LOST})


@dataclass(frozen=True, order=True)
class StepKey:
    """Which step of an execution: its name, and its index inside a ForEach (else NOT_ITERATED)."""

    name: str
    iteration: int = NOT_ITERATED
