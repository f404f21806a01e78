"""One decision in the making: events are appended and folded at once, and what follows from them is worked out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge

from engine.execution import commands, events
from engine.execution.edges import is_met, reason_not_met
from engine.execution.evolve import Draft
from engine.execution.plan import Plan
from engine.execution.state import State, StepState
from engine.execution.states import TERMINAL_STEP, ExecutionStatus, SkipReason, StepKey, StepStatus
from engine.steps.base import Nature

REASON_LENGTH = 1024  # AWS PipelineExecutionStep.FailureReason
EXECUTION_REASON_LENGTH = 1300  # AWS DescribePipelineExecution.FailureReason

#: Decided inside the transaction, without an attempt and without a slot.
_IN_TRANSACTION: dict[Nature, type[commands.Command]] = {
    Nature.CONDITION: commands.EvaluateCondition,
    Nature.EFFECT: commands.RunEffect,
    Nature.FAIL: commands.RunEffect,
    Nature.WAIT: commands.RequestAnswer,
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What happened, what to do, and `state`: the given state with the events folded in."""

    events: tuple[events.Event, ...] = ()
    commands: tuple[commands.Command, ...] = ()
    state: State


@dataclass(frozen=True)
class _Cause:
    """Why a step was skipped; those behind it are skipped for the same reason."""

    reason: SkipReason
    because_of: str | None


class Turn:
    def __init__(self, plan: Plan, state: State, now: datetime) -> None:
        self.plan = plan
        self.draft = Draft(plan, state)
        self.now = now
        self._events: list[events.Event] = []
        self._commands: list[commands.Command] = []
        self._ready: set[StepKey] = set()

    def decision(self) -> Decision:
        return Decision(events=tuple(self._events), commands=tuple(self._commands), state=self.draft.state())

    # --- recording ---

    def emit(self, event: events.Event) -> None:
        self._events.append(event)
        self.draft.apply(event)

    def command(self, command: commands.Command) -> None:
        self._commands.append(command)

    def step(self, key: StepKey) -> StepState:
        return self.draft.steps[key]

    def waits_for_answer(self, key: StepKey) -> bool:
        """Whether the step has asked somebody outside and was not answered yet."""
        asked = self.step(key).status in (StepStatus.EXECUTING, StepStatus.STOPPING)
        return asked and self.plan.steps[key.name].nature is Nature.WAIT

    @property
    def starts_new(self) -> bool:
        """False once the execution is stopping, over, or has reached a Fail step."""
        header = self.draft.header
        return header.status is ExecutionStatus.EXECUTING and not header.failing

    # --- what follows ---

    def end_step(self, event: events.StepEvent) -> None:
        """Records the end of a step and everything that follows: skips, starts, the end of the execution."""
        self.emit(event)
        if self.starts_new:
            self._settle_successors(event.step)
            self.start_ready()
        self.finish()

    def make_ready(self, key: StepKey) -> None:
        self._ready.add(key)

    def start_ready(self) -> None:
        """Starts what is ready and what waits for a slot, in planning order, as far as the slots go."""
        ready = sorted((key for key in self._ready if self._may_start(key)), key=self.plan.position)
        self._ready.clear()
        jobs = []
        for key in ready:
            kind = _IN_TRANSACTION.get(self.plan.steps[key.name].nature)
            if kind is None:
                jobs.append(key)
            else:
                self.emit(events.StepStarting(step=key.name, iteration=key.iteration))
                self.command(kind(step=key))
        free = self._free_slots(len(jobs) + len(self.draft.waiting))
        waiting = sorted(self.draft.waiting[:free], key=self.plan.position)
        for key in list(merge(jobs, waiting, key=self.plan.position)):
            if free > 0:
                self.start_attempt(key)
                free -= 1
            elif self._may_start(key):
                self.emit(events.StepQueued(step=key.name, iteration=key.iteration))

    def start_attempt(self, key: StepKey) -> None:
        number = self.step(key).attempt + 1
        self.emit(events.StepQueued(step=key.name, iteration=key.iteration, attempt=number))
        self.command(commands.StartAttempt(step=key, attempt=number))

    def skip(self, key: StepKey, reason: SkipReason, because_of: str | None = None) -> None:
        self.emit(
            events.StepSkipped(step=key.name, iteration=key.iteration, reason=reason.value, because_of=because_of)
        )

    def close_down(self, *, because_of: str | None = None, stop_running: bool) -> None:
        """Ends every step that does not run yet; with `stop_running` asks the others to stop.

        A step that waits for an answer goes on waiting, whoever was asked is told.
        """
        for key in self.plan.order:
            state = self.step(key)
            if state.status in TERMINAL_STEP:
                continue
            if self.waits_for_answer(key):
                if stop_running and state.status is not StepStatus.STOPPING:
                    self.emit(events.StepStopping(step=key.name, iteration=key.iteration))
                    self.command(commands.AnnounceStop(step=key))
            elif not state.has_attempt:
                if state.lost or state.retries:  # it ran already and waits to be repeated
                    self.emit(events.StepStopped(step=key.name, iteration=key.iteration))
                else:
                    self.skip(key, SkipReason.EXECUTION_ENDED, because_of)
            elif state.status is StepStatus.QUEUED:  # nobody has claimed it
                self.emit(events.StepStopped(step=key.name, iteration=key.iteration, attempt=state.attempt))
            elif stop_running and state.status is not StepStatus.STOPPING:
                self.emit(events.StepStopping(step=key.name, iteration=key.iteration, attempt=state.attempt))
                self.command(commands.StopAttempt(step=key, attempt=state.attempt))

    def finish(self) -> None:
        """Ends the execution when no step is left."""
        header = self.draft.header
        if header.unfinished or header.status not in (ExecutionStatus.EXECUTING, ExecutionStatus.STOPPING):
            return
        if header.status is ExecutionStatus.STOPPING:
            self.emit(events.ExecutionStopped())
        elif header.failing or header.unhandled_failures:
            reason = header.failure_reason or f"{_count(header.unhandled_failures)} failed."
            self.emit(
                events.ExecutionFailed(reason=clip(reason, EXECUTION_REASON_LENGTH), failed_step=header.failed_step)
            )
        elif header.failures:
            reason = f"{_count(header.failures)} did not succeed; each was answered by a step that did."
            self.emit(events.ExecutionCompletedWithFailures(reason=reason))
        else:
            self.emit(events.ExecutionSucceeded())

    # --- inside ---

    def _settle_successors(self, name: str) -> None:
        causes: dict[str, _Cause] = {}
        ended = deque([name])
        while ended:
            producer = self.plan.steps[ended.popleft()]
            for edge in producer.successors:
                consumer = self.plan.steps[edge.step]
                state = self.step(consumer.key)
                if state.status is not StepStatus.WAITING:
                    continue
                producer_state = self.step(producer.key)
                met = is_met(edge.trigger, producer_state)
                if met and (state.remaining or state.satisfied):
                    if not state.remaining:
                        self.make_ready(consumer.key)
                    continue
                cause = causes.get(producer.name)
                if cause is None:
                    cause = _Cause(reason_not_met(edge.trigger, producer_state), producer.name)
                causes[consumer.name] = cause
                self.skip(consumer.key, cause.reason, cause.because_of)
                ended.append(consumer.name)

    def _may_start(self, key: StepKey) -> bool:
        state = self.step(key)
        return state.status is StepStatus.WAITING or state.retry_due is not None

    def _free_slots(self, wanted: int) -> int:
        limit = self.draft.header.parallelism
        return wanted if limit is None else max(0, limit - self.draft.header.active)


def clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, as every time in the history is written."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _count(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"
