"""What each event does to the state: the fold of an execution's history."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.execution import events
from engine.execution.edges import is_met
from engine.execution.plan import Plan, PlanStep
from engine.execution.state import ExecutionHeader, State, StepState
from engine.execution.states import TERMINAL_STEP, ExecutionStatus, StepKey, StepStatus
from engine.steps.base import Nature


def evolve(plan: Plan, state: State, event: events.Event) -> State:
    """The state after `event`. `state` must hold the event's step, its successors and, for a success, the steps
    whose failure it may answer: all of which `needed()` names."""
    return fold(plan, state, (event,))


def fold(plan: Plan, state: State, history: Iterable[events.Event]) -> State:
    """The state after all of `history`, in one copy: use this for more than one event."""
    draft = Draft(plan, state)
    for event in history:
        draft.apply(event)
    return draft.state()


class Draft:
    """A state being changed. Private to one fold or one decision; `state()` is the immutable result."""

    def __init__(self, plan: Plan, state: State) -> None:
        self.plan = plan
        self.header = state.header
        self.steps = dict(state.steps)
        self.waiting = list(state.waiting_for_slot)

    def state(self) -> State:
        return State(header=self.header, steps=self.steps, waiting_for_slot=tuple(self.waiting))

    def apply(self, event: events.Event) -> None:
        rule = _RULES.get(type(event))
        if rule is not None:
            rule(self, event)

    def set_header(self, **changes: Any) -> None:
        self.header = replace(self.header, **changes)

    def set_step(self, key: StepKey, **changes: Any) -> StepState:
        self.steps[key] = changed = replace(self.steps[key], **changes)
        return changed

    def free_slot(self, key: StepKey) -> None:
        """The attempt of this step is over."""
        if self.steps[key].has_attempt:
            self.set_step(key, has_attempt=False)
            self.set_header(active=self.header.active - 1)

    def leave_queue(self, key: StepKey) -> None:
        if waits_for_slot(self.steps[key]):
            place = bisect_left(self.waiting, self.plan.position(key), key=self.plan.position)
            if self.waiting[place : place + 1] == [key]:
                del self.waiting[place]
            elif key in self.waiting:  # a slice put together from several reads need not be in order
                self.waiting.remove(key)

    def end(self, key: StepKey, status: StepStatus, **changes: Any) -> None:
        """The step is terminal; those who wait for it learn of it."""
        self.leave_queue(key)
        self.free_slot(key)
        state = self.set_step(key, status=status, retry_due=None, **changes)
        self.set_header(unfinished=self.header.unfinished - 1)
        if state.selected:  # edges of unselected steps count as met from the start
            for edge in self.plan.steps[key.name].successors:
                self._settle(self.plan.steps[edge.step].key, is_met(edge.trigger, state), state)

    def _settle(self, key: StepKey, met: bool, producer: StepState) -> None:
        state = self.steps[key]
        if state.status is StepStatus.WAITING:
            ran = met and producer.status is not StepStatus.SKIPPED
            self.set_step(key, remaining=state.remaining - 1, satisfied=state.satisfied + ran)

    def is_answered(self, step: PlanStep, *, besides: str | None = None) -> bool:
        """Whether the failure of this step was answered by a triggered step that ran to success."""
        state = self.steps[step.key]
        return any(
            is_met(edge.trigger, state) and self.steps[self.plan.steps[edge.step].key].status is StepStatus.SUCCEEDED
            for edge in step.answered_by
            if edge.step != besides
        )


def _started(draft: Draft, event: events.ExecutionStarted) -> None:
    draft.set_header(status=ExecutionStatus.EXECUTING, started=True)
    if event.retry:  # every failed and stopped step is reset next
        draft.set_header(failures=0, unhandled_failures=0, failure_reason=None, failed_step=None)


def _ended_as(status: ExecutionStatus) -> Callable[[Draft, events.Event], None]:
    def rule(draft: Draft, event: events.Event) -> None:
        draft.set_header(status=status, failure_reason=None, failed_step=None)

    return rule


def _stopping(draft: Draft, event: events.ExecutionStopping) -> None:
    draft.set_header(status=ExecutionStatus.STOPPING)


def _execution_failed(draft: Draft, event: events.ExecutionFailed) -> None:
    draft.set_header(status=ExecutionStatus.FAILED, failure_reason=event.reason, failed_step=event.failed_step)


def _queued(draft: Draft, event: events.StepQueued) -> None:
    key = _key(event)
    if event.attempt is None:
        if not waits_for_slot(draft.steps[key]):
            draft.set_step(key, status=StepStatus.QUEUED, retry_due=None)
            insort(draft.waiting, key, key=draft.plan.position)
        return
    draft.leave_queue(key)
    draft.set_step(key, status=StepStatus.QUEUED, retry_due=None, attempt=event.attempt, has_attempt=True)
    draft.set_header(active=draft.header.active + 1)


def _now(status: StepStatus) -> Callable[[Draft, events.StepEvent], None]:
    def rule(draft: Draft, event: events.StepEvent) -> None:
        draft.set_step(_key(event), status=status)

    return rule


def _succeeded(draft: Draft, event: events.StepSucceeded) -> None:
    draft.end(_key(event), StepStatus.SUCCEEDED, failure_reason=None)
    _answer_failures(draft, event)


def _cache_hit(draft: Draft, event: events.StepCacheHit) -> None:
    draft.end(_key(event), StepStatus.SUCCEEDED, cached=True)
    _answer_failures(draft, event)


def _reused(draft: Draft, event: events.StepReused) -> None:
    draft.end(_key(event), StepStatus.SUCCEEDED, reused=True)


def _failed(draft: Draft, event: events.StepFailed) -> None:
    draft.end(_key(event), StepStatus.FAILED, failure_reason=event.reason)
    step = draft.plan.steps[event.step]
    if step.nature is Nature.FAIL:
        draft.set_header(failing=True, failure_reason=None, failed_step=None)
        _count_failure(draft, step, event.reason)
        return
    _count_failure(draft, step, f'Step "{event.step}" failed: {event.reason}')


def _stopped(draft: Draft, event: events.StepStopped) -> None:
    draft.end(_key(event), StepStatus.STOPPED)
    stopping = draft.header.status is ExecutionStatus.STOPPING
    _count_failure(draft, draft.plan.steps[event.step], None if stopping else f'Step "{event.step}" was stopped.')


def _skipped(draft: Draft, event: events.StepSkipped) -> None:
    draft.end(_key(event), StepStatus.SKIPPED, skip_reason=event.reason)


def _reset(draft: Draft, event: events.StepReset) -> None:
    step = draft.plan.steps[event.step]
    before = draft.steps[_key(event)]
    fresh = StepState(key=before.key, type=before.type, attempt=before.attempt, selected=before.selected)
    remaining, satisfied = count_edges(step, draft.steps, draft.plan)
    draft.steps[before.key] = replace(fresh, remaining=remaining, satisfied=satisfied)
    draft.set_header(unfinished=draft.header.unfinished + 1)


def _lost(draft: Draft, event: events.AttemptLost) -> None:
    key = _key(event)
    draft.free_slot(key)
    lost = draft.steps[key].lost + (0 if event.given_back else 1)
    draft.set_step(key, lost=lost)  # the next event says what becomes of the step


def _retry_scheduled(draft: Draft, event: events.RetryScheduled) -> None:
    key = _key(event)
    draft.free_slot(key)
    draft.set_step(key, status=StepStatus.QUEUED, retry_due=datetime.fromisoformat(event.due))
    if event.first_failed_at is not None:
        since = datetime.fromisoformat(event.first_failed_at)
        draft.set_step(key, retries=draft.steps[key].retries + 1, first_failed_at=since)


def _condition(draft: Draft, event: events.ConditionEvaluated) -> None:
    draft.set_step(_key(event), outcome=event.outcome)


def _count_failure(draft: Draft, step: PlanStep, reason: str | None) -> None:
    header = draft.header
    unhandled = 0 if draft.is_answered(step) else 1
    draft.set_header(failures=header.failures + 1, unhandled_failures=header.unhandled_failures + unhandled)
    if reason is not None and unhandled and _is_told_instead(draft.plan, header, step):
        draft.set_header(failure_reason=reason, failed_step=step.name)


def _is_told_instead(plan: Plan, header: ExecutionHeader, step: PlanStep) -> bool:
    """The execution names its first failure; one that nothing can answer is worth more than one that may be, but
    the failure of an answer is not worth more than what it was to answer."""
    if header.failed_step is None:
        return True
    told = plan.steps[header.failed_step]
    may_be_answered = bool(told.answered_by) and not header.failing
    return may_be_answered and not step.answered_by and all(p.step != told.name for p in step.answers)


def _answer_failures(draft: Draft, event: events.StepEvent) -> None:
    for name in dict.fromkeys(producer.step for producer in draft.plan.steps[event.step].answers):
        failed = draft.plan.steps[name]
        ended_badly = draft.steps[failed.key].status in (StepStatus.FAILED, StepStatus.STOPPED)
        if not ended_badly or not draft.is_answered(failed) or draft.is_answered(failed, besides=event.step):
            continue
        draft.set_header(unhandled_failures=draft.header.unhandled_failures - 1)
        if draft.header.failed_step == name:
            draft.set_header(failure_reason=None, failed_step=None)


def count_edges(step: PlanStep, steps: dict[StepKey, StepState], plan: Plan) -> tuple[int, int]:
    """(remaining, satisfied) of a step, counted from where its producers are now."""
    remaining = satisfied = 0
    for edge in step.producers:
        producer = steps[plan.steps[edge.step].key]
        if not producer.selected:
            satisfied += 1
        elif producer.status not in TERMINAL_STEP:
            remaining += 1
        elif producer.status is not StepStatus.SKIPPED and is_met(edge.trigger, producer):
            satisfied += 1
    return remaining, satisfied


def waits_for_slot(state: StepState) -> bool:
    """Ready, but the parallelism limit is reached."""
    return state.status is StepStatus.QUEUED and not state.has_attempt and state.retry_due is None


def _key(event: events.StepEvent) -> StepKey:
    return StepKey(event.step, event.iteration)


#: Events that only inform (StepProgress, StepWaiting, IterationsPlanned) change nothing the planner decides by.
_RULES: dict[type[events.Event], Callable[[Draft, Any], None]] = {
    events.ExecutionStarted: _started,
    events.ExecutionStopping: _stopping,
    events.ExecutionStopped: _ended_as(ExecutionStatus.STOPPED),
    events.ExecutionFailed: _execution_failed,
    events.ExecutionSucceeded: _ended_as(ExecutionStatus.SUCCEEDED),
    events.ExecutionCompletedWithFailures: _ended_as(ExecutionStatus.COMPLETED_WITH_FAILURES),
    events.StepQueued: _queued,
    events.StepStarting: _now(StepStatus.STARTING),
    events.StepExecuting: _now(StepStatus.EXECUTING),
    events.StepStopping: _now(StepStatus.STOPPING),
    events.StepSucceeded: _succeeded,
    events.StepCacheHit: _cache_hit,
    events.StepReused: _reused,
    events.StepFailed: _failed,
    events.StepStopped: _stopped,
    events.StepSkipped: _skipped,
    events.StepReset: _reset,
    events.AttemptLost: _lost,
    events.RetryScheduled: _retry_scheduled,
    events.ConditionEvaluated: _condition,
}
