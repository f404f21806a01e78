"""What a holder tells about its attempt: running, figures, how it ended. Late reports change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from engine.execution.events import StepProgress
from engine.execution.signals import (
    AttemptExecuting,
    AttemptFailed,
    AttemptGone,
    AttemptSignal,
    AttemptStopped,
    AttemptSucceeded,
)
from engine.execution.states import AttemptStatus, FailureCategory
from engine.steps.base import JobContext, JobOutcome, StepNotRunnable
from engine.steps.catalog import step_type
from runs import failures, namespace, sql
from runs.models import Job, LogChunk, StepAttempt
from runs.models.attempt import LIVE
from runs.runners.base import Ended, Outcome
from runs.services import caching
from runs.services.claims import Claim, claim_made_ready, claim_waiting
from runs.services.transition import transition, workspace_of

if TYPE_CHECKING:
    from runs.services.transition import Transition

REASON_LENGTH = 1024
STATUS_OF = {
    Ended.SUCCEEDED: AttemptStatus.SUCCEEDED,
    Ended.FAILED: AttemptStatus.FAILED,
    Ended.STOPPED: AttemptStatus.STOPPED,
    Ended.LOST: AttemptStatus.LOST,
}
JOB_STATUS = {Ended.SUCCEEDED: "Completed", Ended.STOPPED: "Stopped"}


@dataclass(frozen=True, kw_only=True)
class Finish:
    """How an attempt ended, with what the worker gathered: its last log bytes and the property files it left."""

    outcome: Outcome
    executing_at: datetime | None
    runner: str
    executing_reported: bool = False  # report_executing was called with it
    log_offset: int = 0
    log_tail: bytes = b""
    property_files: Mapping[str, Any] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)  # what the outputs come to, see engine/digests.py
    given_back: bool = False  # the worker shuts down; the attempt is nobody's fault


def report_executing(claims: Sequence[tuple[Claim, datetime]], *, runner: str) -> None:
    """User code runs now. `claims` belong to one execution."""
    with transition(claims[0][0].execution_id) as unit:
        for claim, at in claims:
            if _held(claim, [AttemptStatus.STARTING]).update(
                status=AttemptStatus.EXECUTING, executing_at=at, runner=runner
            ):
                unit.feed(AttemptExecuting(step=claim.step, attempt=claim.number, runner=runner))


def report_progress(claim: Claim, figures: Mapping[str, float], note: str | None = None) -> None:
    """The newest value of each figure."""
    with transition(claim.execution_id) as unit:
        if not _held(claim, LIVE).exists():
            return
        place: dict[str, Any] = {"step": claim.step.name, "iteration": claim.step.iteration, "attempt": claim.number}
        for name, value in figures.items():
            unit.note(StepProgress(metric=name, value=value, **place))
        if note is not None:
            unit.note(StepProgress(note=note, **place))


def report_finish(claim: Claim, finish: Finish, *, worker: str, continue_inline: bool) -> Claim | None:
    """Records the end and everything that follows from it; the claim of one step this made ready, if wanted.

    Success, manifest, job description, successors and the next claim are one transaction. 0 rows changed means the
    lease went to somebody else: nothing is recorded.
    """
    outcome = finish.outcome
    with transition(claim.execution_id) as unit:
        signal = _signal(claim, finish)
        unit.load_for(signal)
        unreported = finish.executing_at is not None and not finish.executing_reported
        held = {"pk": claim.attempt_id, "lease_token": claim.token, "status": tuple(LIVE)}
        if not sql.update(StepAttempt, held, _attempt_columns(unit, claim, finish)):
            return None
        if finish.log_tail:
            tail = LogChunk(attempt_id=claim.attempt_id, offset=finish.log_offset, data=finish.log_tail)
            sql.insert(LogChunk, [tail])
        if unreported:
            unit.feed(AttemptExecuting(step=claim.step, attempt=claim.number, runner=finish.runner))
        namespace.publish_objects(
            workspace_id=unit.execution.workspace_id,
            execution_id=unit.execution.pk,
            step=claim.step.name,
            spec=claim.job,
            objects=outcome.objects,
            now=unit.now,
        )
        _describe(unit, claim, finish)
        unit.feed(signal)
        if not continue_inline:
            return None
        return claim_made_ready(unit, worker=worker) or claim_waiting(unit, worker=worker)


def _held(claim: Claim, statuses: Sequence[str]) -> Any:
    return StepAttempt.objects.filter(pk=claim.attempt_id, lease_token=claim.token, status__in=statuses)


def _attempt_columns(unit: Transition, claim: Claim, finish: Finish) -> dict[str, Any]:
    outcome, usage = finish.outcome, finish.outcome.usage
    started = finish.executing_at or unit.now
    return {
        "status": STATUS_OF[outcome.ended],
        "runner": finish.runner,
        "executing_at": finish.executing_at,
        "ended_at": unit.now,
        "lease_until": None,
        "exit_code": outcome.exit_code,
        "signal": outcome.signal,
        "out_of_memory": outcome.out_of_memory,
        "reason": (outcome.reason or "")[:REASON_LENGTH],
        "category": outcome.category or "",
        "usage": {
            "startup_seconds": usage.startup_seconds,
            "run_seconds": usage.run_seconds or max(0.0, (unit.now - started).total_seconds()),
            "cpu_seconds": usage.cpu_seconds,
            "peak_memory_bytes": usage.peak_memory_bytes,
            "input_bytes": usage.input_bytes,
            "output_bytes": usage.output_bytes,
        },
        "log_bytes": finish.log_offset + len(finish.log_tail),
        "log_raw_bytes": usage.log_bytes,
    }


def _describe(unit: Transition, claim: Claim, finish: Finish) -> None:
    """Writes the finished job document; on success it stands for the step."""
    outcome = finish.outcome
    kind = step_type(str(claim.definition_step.get("Type", "")))
    description: dict[str, Any] = {}
    if kind.describe is not None:
        ended = JobOutcome(
            status=JOB_STATUS.get(outcome.ended, "Failed"),
            started_at=finish.executing_at or claim.claimed_at,
            ended_at=unit.now,
            failure_reason=outcome.reason,
            exit_message=outcome.exit_message,
            metrics={name: (value, unit.now) for name, value in outcome.metrics.items()},
            objects=outcome.objects,
        )
        try:
            description = kind.describe(_context(unit, claim), claim.request, ended)
        except StepNotRunnable as impossible:
            description = {"FailureReason": str(impossible)}
    columns = {
        "description": description,
        "property_files": dict(finish.property_files),
        "results": dict(finish.results),
    }
    sql.update(Job, {"pk": claim.job_id}, columns)
    if outcome.ended is Ended.SUCCEEDED:
        job = Job(
            pk=claim.job_id,
            workspace_id=unit.execution.workspace_id,
            execution_id=unit.execution.pk,
            kind=claim.job.kind,
            name=claim.job.name,
            arn=claim.job.arn,
            request=claim.request,
            outputs=[{"name": output.name, "uri": output.uri} for output in claim.job.outputs],
            **columns,
        )
        row = unit.row(claim.step)
        unit.stand_for(claim.step, job)
        caching.remember(unit, row, job, dict(outcome.metrics))


def _context(unit: Transition, claim: Claim) -> JobContext:
    workspace = workspace_of(unit.execution.workspace_id)
    return JobContext(
        step=claim.definition_step,
        step_name=claim.step.name,
        pipeline_name=unit.execution.pipeline_name,
        execution_id=unit.execution.pk,
        account_id=workspace.account_id,
        region=settings.CLARY_REGION,
        default_bucket=workspace.default_bucket,
        job_name=claim.job.name,
        created_at=claim.created_at,
        iteration=claim.step.iteration,
    )


def _signal(claim: Claim, finish: Finish) -> AttemptSignal:
    outcome = finish.outcome
    match outcome.ended:
        case Ended.SUCCEEDED:
            return AttemptSucceeded(
                step=claim.step,
                attempt=claim.number,
                metrics=dict(outcome.metrics),
                results=dict(finish.results),
            )
        case Ended.STOPPED:
            return AttemptStopped(step=claim.step, attempt=claim.number)
        case Ended.LOST:
            reason = outcome.reason or "The runner lost the step."
            return AttemptGone(step=claim.step, attempt=claim.number, reason=reason, given_back=finish.given_back)
        case Ended.FAILED:
            category = outcome.category or FailureCategory.USER_CODE
            reason = (outcome.reason or "The step failed.")[:REASON_LENGTH]
            code = failures.code_of(claim.attempt_id, outcome, kept=finish.log_offset, tail=finish.log_tail)
            return AttemptFailed(step=claim.step, attempt=claim.number, reason=reason, category=category, cause=code)
