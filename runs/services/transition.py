"""The one way an execution changes: signals in, guarded rows and gap-free events out, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import Any

from django.db import transaction

from accounts.models import Workspace
from engine.execution import planner
from engine.execution.commands import Command
from engine.execution.events import Event, StepEvent, StepStopped
from engine.execution.plan import Plan
from engine.execution.signals import Signal
from engine.execution.state import State, StepState
from engine.execution.states import AttemptStatus, StepKey, StepStatus
from engine.images import ImageMapping
from runs import dispatch, hints, sql
from runs.clock import database_now
from runs.images import table_of
from runs.models import Execution, ExecutionEvent, Job, StepAttempt, StepExecution
from runs.plans import Compiled, compiled
from runs.projection import project_execution, project_step
from runs.services import commands, slices

#: Columns a transition does not need; they can be megabytes.
HEAVY = ("definition", "layout")
JOB_HEAVY = ("request", "spec")


@lru_cache(maxsize=64)
def workspace_of(workspace_id: str) -> Workspace:
    """The workspace; its account id and default bucket never change."""
    return Workspace.objects.get(pk=workspace_id)


def _waits_for_slot(step: StepState) -> bool:
    return step.status is StepStatus.QUEUED and not step.has_attempt and step.retry_due is None


class HistoryMoved(Exception):
    """Somebody wrote this execution's history without holding its row. Nothing was changed."""


class Transition:
    """Everything one transaction does to one execution. Use through `transition()`.

    The execution's row is locked for the whole life of this object, so what it loaded stays true.
    """

    def __init__(self, execution: Execution, compiled: Compiled, now: datetime) -> None:
        self.execution = execution
        self.compiled = compiled
        self.plan: Plan = compiled.plan
        self.now = now
        self.rows: dict[StepKey, StepExecution] = {}
        self.state = State(header=slices.header_of(execution))
        self.new_attempts: list[StepAttempt] = []
        self.new_jobs: list[Job] = []
        self.stopped_attempts: list[str] = []
        self._changes: dict[int, dict[str, Any]] = {}
        self._events: list[ExecutionEvent] = []
        self._columns: dict[str, Any] = {}
        self._unclaimed: list[int] = []  # steps stopped before anybody claimed their attempt
        self._seen = execution.last_sequence
        self._more_waiting = execution.parallelism is not None and execution.started
        self._jobs: dict[StepKey, Job | None] = {}

    # --- deciding ---

    def feed(self, signal: Signal) -> None:
        """Decides on the signal and on everything that follows from it, in memory and in this transaction.

        Commands are carried out one after another, and each answer is decided on at once (see `planner.decide`).
        """
        pending = [self._decide(signal)]
        while pending:
            command = next(pending[-1], None)
            if command is None:
                pending.pop()
            elif planner.still_wanted(self.state, command):
                answer = commands.carry_out(self, command)
                if answer is not None:
                    pending.append(self._decide(answer))

    def _decide(self, signal: Signal) -> Iterator[Command]:
        self.load_for(signal)
        decision = planner.decide(self.plan, self.state, signal, self.now)
        self.state = decision.state
        for event in decision.events:
            self._record(event)
        return iter(decision.commands)

    def load_for(self, signal: Signal) -> None:
        """Reads what a decision on this signal will need, before anything else asks for a part of it."""
        self._load(planner.needed(self.plan, self.state.header, signal))

    def note(self, event: StepEvent) -> None:
        """Records an event that only informs (progress): it changes nothing the planner decides by."""
        self._record(event)

    def row(self, key: StepKey) -> StepExecution:
        if key not in self.rows:
            self._load([key])
        return self.rows[key]

    @cached_property
    def workspace(self) -> Workspace:
        return workspace_of(self.execution.workspace_id)

    @cached_property
    def images(self) -> tuple[ImageMapping, ...]:
        """What image names mean to this execution."""
        return table_of(self.execution.images)

    def job_of(self, key: StepKey) -> Job | None:
        """The job whose outputs and description stand for a step, None while it has none."""
        if key not in self._jobs:
            self.preload_jobs([key])
        return self._jobs[key]

    def _read_jobs(self, ids: list[str]) -> list[Job]:
        if len(ids) > slices.FEW:
            return list(Job.objects.filter(pk__in=ids).defer(*JOB_HEAVY))
        return sql.select(Job, {"pk": tuple(ids)}, deferred=JOB_HEAVY) if ids else []

    def preload_jobs(self, keys: Iterable[StepKey]) -> None:
        """Reads the jobs of many steps at once."""
        wanted = [key for key in keys if key not in self._jobs]
        if not wanted:
            return
        self._load(wanted)
        found = {key: self.rows[key].job_id for key in wanted}
        ids = [pk for pk in found.values() if pk is not None]
        jobs = {job.pk: job for job in self._read_jobs(ids)}
        self._jobs |= {key: jobs.get(pk) if pk is not None else None for key, pk in found.items()}

    def add_attempt(self, attempt: StepAttempt, job: Job) -> None:
        """A new attempt with the job a worker will run; rung after the commit unless it is claimed before."""
        self.new_attempts.append(attempt)
        self.new_jobs.append(job)

    def add_document(self, key: StepKey, job: Job) -> None:
        """The document of a step that was carried out in this transaction."""
        job.save(force_insert=True)
        self.stand_for(key, job)

    def stand_for(self, key: StepKey, job: Job) -> None:
        """From now on references to the step read this job."""
        self._jobs[key] = job
        self.change(self.row(key), job_id=job.pk)

    def load_step(self, step_id: int) -> StepKey:
        """The key of a step known by its row's id, which is loaded."""
        (row,) = sql.select(StepExecution, {"pk": step_id})
        key = slices.key_of(row)
        if key not in self.rows:
            self._hold([row])
        return key

    def key_by_id(self, step_id: int) -> StepKey:
        """The key of a step this transaction has loaded."""
        return next(key for key, row in self.rows.items() if row.pk == step_id)

    def set(self, **columns: Any) -> None:
        """Sets columns of the execution itself, beside what the planner decides."""
        for name, value in columns.items():
            setattr(self.execution, name, value)
        self._columns |= columns

    def change(self, row: StepExecution, **columns: Any) -> None:
        """Sets presentation columns of a step; written with everything else."""
        for name, value in columns.items():
            setattr(row, name, value)
        self._changes.setdefault(row.pk, {}).update(columns)

    def _load(self, keys: Iterable[StepKey]) -> None:
        fresh = slices.load_steps(self.execution.pk, [key for key in keys if key not in self.rows])
        waiting = self.state.waiting_for_slot
        if self._more_waiting and not waiting:
            queued = slices.load_waiting_for_slot(self.execution.pk, [row.pk for row in (*self.rows.values(), *fresh)])
            fresh += queued
            self._more_waiting = len(queued) == slices.SLOT_WINDOW
        if fresh:
            self._hold(fresh, waiting)

    def _hold(self, fresh: list[StepExecution], waiting: tuple[StepKey, ...] | None = None) -> None:
        """Takes rows into the state this transaction decides on."""
        waiting = self.state.waiting_for_slot if waiting is None else waiting
        steps = dict(self.state.steps)
        for row in fresh:
            key = slices.key_of(row)
            self.rows[key] = row
            steps[key] = slices.state_of(row)
        held = [steps[slices.key_of(row)] for row in fresh]
        waiting += tuple(step.key for step in held if _waits_for_slot(step))
        self.state = State(header=self.state.header, steps=steps, waiting_for_slot=waiting)

    def _record(self, event: Event) -> None:
        at: dict[str, str | int | None] = {"step": None, "iteration": None, "attempt": None}
        if isinstance(event, StepEvent):
            at = {"step": event.step, "iteration": event.iteration, "attempt": event.attempt}
            row = self.row(StepKey(event.step, event.iteration))
            self._changes.setdefault(row.pk, {}).update(project_step(row, event, self.now))
            if isinstance(event, StepStopped):
                self._unclaimed.append(row.pk)
        self.execution.last_sequence += 1
        self._events.append(
            ExecutionEvent(
                execution_id=self.execution.pk,
                sequence=self.execution.last_sequence,
                at=self.now,
                event=type(event).__name__,
                data=event.data(),
                **at,
            )
        )

    # --- writing ---

    def flush(self) -> None:
        """Writes what changed and leaves doorbells and hints to the commit."""
        for key, row in self.rows.items():
            state = self.state.steps.get(key)
            if state is not None:
                changed = slices.set_state(row, state)
                if changed:
                    self._changes.setdefault(row.pk, {}).update(changed)
        slices.write_steps(self._changes)
        self._stop_unclaimed()
        sql.insert(Job, self.new_jobs)
        sql.insert(StepAttempt, self.new_attempts)
        sql.insert(ExecutionEvent, self._events)
        header = slices.write_header(self.execution, self.state.header)
        if self._events or header or self._columns:
            self._write_execution(header)
        rung = [attempt.pk for attempt in self.new_attempts if attempt.status == AttemptStatus.PENDING]
        if rung:
            transaction.on_commit(partial(dispatch.ring, rung))
        told: list[hints.Hint] = [hints.StopHint(attempt=attempt) for attempt in self.stopped_attempts]
        if self._events:
            told.append(
                hints.ExecutionHint(
                    execution=self.execution.pk,
                    workspace=self.execution.workspace_id,
                    sequence=self.execution.last_sequence,
                )
            )
        if told:
            transaction.on_commit(partial(hints.publish, told))

    def _stop_unclaimed(self) -> None:
        """Nobody may claim the attempt of a step that was stopped while it waited."""
        if not self._unclaimed:
            return
        stopped = {"status": AttemptStatus.STOPPED, "ended_at": self.now}
        StepAttempt.objects.filter(step_id__in=self._unclaimed, status=AttemptStatus.PENDING).update(**stopped)
        for attempt in self.new_attempts:
            if attempt.step_id in self._unclaimed and attempt.status == AttemptStatus.PENDING:
                attempt.status, attempt.ended_at = AttemptStatus.STOPPED, self.now

    def _write_execution(self, header: dict[str, Any]) -> None:
        columns = {**self._columns, **header, **project_execution(self.execution, self.now)}
        columns |= {"last_sequence": self.execution.last_sequence, "updated_at": self.now}
        if sql.update(Execution, {"pk": self.execution.pk, "last_sequence": self._seen}, columns) != 1:
            raise HistoryMoved
        self._seen = self.execution.last_sequence


@contextmanager
def transition(execution_id: str) -> Iterator[Transition]:
    """One transaction on a locked execution; what the block fed is written when it ends without an error.

    Raises:
        Execution.DoesNotExist: no such execution.
    """
    with transaction.atomic():
        locked = sql.select(Execution, {"pk": execution_id}, deferred=HEAVY, lock=True)
        if not locked:
            raise Execution.DoesNotExist
        execution = locked[0]
        unit = Transition(execution, compiled(execution), database_now())
        yield unit
        unit.flush()


def apply(execution_id: str, *signals: Signal) -> Execution:
    """The execution after these signals, decided on in one transaction; duplicates and late ones change nothing."""
    with transition(execution_id) as unit:
        for signal in signals:
            unit.feed(signal)
    return unit.execution
