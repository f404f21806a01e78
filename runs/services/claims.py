"""Taking an attempt: one guarded UPDATE decides who runs it, and what exactly it will read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Workspace
from engine.execution.signals import AttemptClaimed, AttemptFailed
from engine.execution.states import AttemptStatus, FailureCategory, StepKey
from engine.failures.cause import FailureFacts
from engine.failures.classify import classify
from engine.steps.base import JobSpec
from runs import namespace, sql
from runs.jobspec import load_spec
from runs.models import Job, StepAttempt
from runs.runners.base import InputFile
from runs.services.producers import producers_of
from runs.services.transition import HistoryMoved, transition

if TYPE_CHECKING:
    from runs.services.transition import Transition

LEASE = timedelta(seconds=10)
#: What `_take` sets on an attempt.
CLAIM_COLUMNS = (
    "status",
    "worker",
    "lease_token",
    "lease_until",
    "claimed_at",
    "dispatched_at",
    "ended_at",
    "inputs",
    "reason",
    "category",
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An attempt this worker holds until its lease ends: everything needed to run and report it."""

    attempt_id: str
    token: int
    execution_id: str
    step: StepKey
    number: int
    job: JobSpec
    job_id: str
    request: Any
    definition_step: Mapping[str, Any]
    input_files: tuple[InputFile, ...]
    created_at: datetime
    claimed_at: datetime


def claim_attempt(attempt_id: str, *, worker: str) -> Claim | None:
    """The claim, or None when the attempt is not pending any more (a second doorbell, a stop)."""
    pending = {"pk": attempt_id, "status": AttemptStatus.PENDING}
    found = sql.select(StepAttempt, pending)
    if not found:
        return None
    (job,) = sql.select(Job, {"step": found[0].step_id, "attempt": found[0].number})
    with transition(found[0].execution_id) as unit:
        still = sql.select(StepAttempt, pending)
        return _take_pending(unit, still[0], job, worker) if still else None


def oldest_waiting() -> str | None:
    """The attempt that waits longest for a worker, of any execution."""
    # Spelled out, because SQLite uses a partial index only where it can read its condition.
    waiting = StepAttempt.objects.extra(where=["status = 'Pending'"]).order_by("created_at", "step_id")
    return waiting.values_list("pk", flat=True).first()


def claim_waiting(unit: Transition, *, worker: str) -> Claim | None:
    """The oldest attempt of this execution that still waits for a worker: a wide fan-out then needs one transaction
    per step. Its own doorbell finds it taken."""
    waiting = {"execution": unit.execution.pk, "status": AttemptStatus.PENDING}
    oldest = sql.select(StepAttempt, waiting, first_by=("created_at", "step"))
    if not oldest:
        return None
    (attempt,) = oldest
    (job,) = sql.select(Job, {"step": attempt.step_id, "attempt": attempt.number})
    return _take_pending(unit, attempt, job, worker)


def _take_pending(unit: Transition, attempt: StepAttempt, job: Job, worker: str) -> Claim | None:
    """Claims a pending attempt read under this transaction's lock."""
    claim = _take(unit, attempt, job, unit.load_step(attempt.step_id), worker)
    changed = {name: getattr(attempt, name) for name in CLAIM_COLUMNS}
    if sql.update(StepAttempt, {"pk": attempt.pk, "status": AttemptStatus.PENDING}, changed) != 1:
        raise HistoryMoved
    return claim


def claim_made_ready(unit: Transition, *, worker: str) -> Claim | None:
    """One of the attempts this transaction has just made, claimed before anybody else can see it."""
    for attempt, job in zip(unit.new_attempts, unit.new_jobs, strict=True):
        if attempt.status != AttemptStatus.PENDING:
            continue
        claim = _take(unit, attempt, job, unit.key_by_id(attempt.step_id), worker)
        if claim is not None:
            return claim
    return None


def _take(unit: Transition, attempt: StepAttempt, job: Job, key: StepKey, worker: str) -> Claim | None:
    """Records the claim and resolves the inputs; a missing input ends the attempt here."""
    attempt.status = AttemptStatus.STARTING
    attempt.worker = worker
    attempt.lease_token += 1
    attempt.lease_until = unit.now + LEASE
    attempt.claimed_at = attempt.dispatched_at = unit.now
    unit.feed(AttemptClaimed(step=key, attempt=attempt.number, worker=worker))
    spec = load_spec(job.spec)
    if spec.network and not sql.select(Workspace, {"pk": unit.execution.workspace_id, "network": True}):
        spec = replace(spec, network=False)
    try:
        found = namespace.resolve_inputs(
            unit.execution.workspace_id, unit.execution.pk, spec.inputs, producers_of(unit, key.name)
        )
    except namespace.InputMissing as missing:
        attempt.status = AttemptStatus.FAILED
        attempt.reason, attempt.category, attempt.ended_at = str(missing), FailureCategory.INPUT, unit.now
        cause = classify(FailureFacts(category=FailureCategory.INPUT.value, reason=str(missing))).code
        unit.feed(
            AttemptFailed(
                step=key, attempt=attempt.number, reason=str(missing), category=FailureCategory.INPUT, cause=cause
            )
        )
        return None
    attempt.inputs = [item.record() for item in found]
    return Claim(
        attempt_id=attempt.pk,
        token=attempt.lease_token,
        execution_id=unit.execution.pk,
        step=key,
        number=attempt.number,
        job=spec,
        job_id=job.pk,
        request=job.request,
        definition_step=unit.compiled.step(key.name).document,
        input_files=tuple(file for item in found for file in item.files),
        created_at=job.created_at,
        claimed_at=unit.now,
    )
