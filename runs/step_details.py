"""Everything about one step of an execution, for the drawer beside the canvas."""

from __future__ import annotations

from typing import Any

from runs.artifacts import artifact_url, media_type
from runs.callbacks import question_of
from runs.failures import cause_of
from runs.models import Job, StepAttempt, StepExecution, StoredObject
from runs.results import job_behind, objects_of
from runs.rows import Row, iso, seconds_between, step_row


def step_details(step: StepExecution) -> Row:
    """The step's row with arguments, description, inputs, outputs and attempts; `failure` is a Cause."""
    attempts = list(StepAttempt.objects.filter(step=step).order_by("number"))
    newest = attempts[-1] if attempts else None
    facts: Row = {}
    if newest is not None:
        facts = {"exit_code": newest.exit_code, "worker": newest.worker or None, "runner": newest.runner or None}
    job = job_behind(step)
    failure = cause_of(step, newest)
    property_files = job.property_files if job else {}
    return {
        **step_row(step, facts),
        "arguments": job.request if job else None,
        "description": job.description if job else None,
        "job_name": job.name if job else None,
        "property_files": {name: file.get("content") for name, file in property_files.items()},
        "inputs": [_input(item) for item in (newest.inputs if newest else [])],
        "outputs": _outputs(job) if job else [],
        "attempt_list": [attempt_row(attempt) for attempt in attempts],
        "cache": _cache(step),
        "callback": question_of(step) if step.type == "Callback" else None,
        "failure": failure,
    }


def attempt_row(attempt: StepAttempt) -> Row:
    return {
        "number": attempt.number,
        "status": attempt.status,
        "worker": attempt.worker or None,
        "runner": attempt.runner or None,
        "created_at": iso(attempt.created_at),
        "claimed_at": iso(attempt.claimed_at),
        "executing_at": iso(attempt.executing_at),
        "ended_at": iso(attempt.ended_at),
        "queue_seconds": seconds_between(attempt.created_at, attempt.claimed_at),
        "usage": attempt.usage,
        "exit_code": attempt.exit_code,
        "signal": attempt.signal,
        "out_of_memory": attempt.out_of_memory,
        "reason": attempt.reason,
        "category": attempt.category or None,
        "log_bytes": attempt.log_bytes,
        "log_raw_bytes": attempt.log_raw_bytes,
    }


def _input(item: dict[str, Any]) -> Row:
    files = item["files"]
    return {"name": item["name"], "uri": item["uri"], "files": len(files), "size": sum(one["size"] for one in files)}


def _outputs(job: Job) -> list[Row]:
    """What the job recorded and wrote; a cached step shows the files it took over."""
    files = objects_of(job)
    return [
        {
            "name": output["name"],
            "uri": output["uri"],
            "files": [_file(row) for row in files.get(output["name"], [])],
        }
        for output in job.outputs
    ]


def _file(row: StoredObject) -> Row:
    return {
        "key": row.key,
        "uri": row.uri,
        "size": row.size,
        "sha256": row.sha256,
        "media_type": media_type(row.key),
        "url": artifact_url(row.pk, row.key),
    }


def _cache(step: StepExecution) -> Row | None:
    if not step.cache_key:
        return None
    kept = step.cache_fields or {}
    return {"key": step.cache_key, "why": kept.get("why", []), "compared": sorted(kept.get("fields", {}))}
