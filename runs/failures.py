"""Why a step failed, in plain words: the facts its attempt left, put before the classifier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.digests import is_summary
from engine.execution.states import FailureCategory, StepStatus
from engine.failures.cause import Cause, FailureFacts
from engine.failures.classify import LOG_BYTES, classify
from engine.summaries import SUMMARY_BYTES, parse_summary
from runs.logs import log_end
from runs.models import StepAttempt, StepExecution
from runs.runners.base import Outcome
from runs.storage.base import BlobNotFound
from runs.stores import blob_store

MOST_TABLES = 4
MOST_COLUMNS = 5_000


def cause_of(step: StepExecution, attempt: StepAttempt | None) -> Cause | None:
    """The cause of a failed step; None for one that did not fail. `attempt`: its newest, if it had one."""
    if step.status != StepStatus.FAILED:
        return None
    if attempt is None:
        return classify(FailureFacts(category=step.category, reason=step.failure_reason or ""))
    facts = FailureFacts(
        category=step.category,
        reason=attempt.reason or step.failure_reason or "",
        log=log_end(attempt.pk, attempt.log_bytes, LOG_BYTES),
        exit_code=attempt.exit_code,
        signal=attempt.signal,
        out_of_memory=attempt.out_of_memory,
        columns=tuple(_columns(attempt.inputs)),
    )
    return classify(facts)


def code_of(attempt_id: str, outcome: Outcome, *, kept: int, tail: bytes) -> str:
    """The code of the cause of an attempt that has just failed. `tail`: log bytes that are not among the `kept` yet."""
    log = log_end(attempt_id, kept, max(0, LOG_BYTES - len(tail))) + tail[-LOG_BYTES:].decode("utf-8", "replace")
    facts = FailureFacts(
        category=(outcome.category or FailureCategory.USER_CODE).value,
        reason=outcome.reason or "",
        log=log,
        exit_code=outcome.exit_code,
        signal=outcome.signal,
        out_of_memory=outcome.out_of_memory,
    )
    return classify(facts).code


def _columns(inputs: Iterable[dict[str, Any]]) -> list[str]:
    """The columns of the tables an attempt read, as far as summaries beside them say."""
    files = [file for item in inputs for file in item["files"] if is_summary(file["uri"])]
    found: dict[str, None] = {}
    for file in files[:MOST_TABLES]:
        if file["size"] > SUMMARY_BYTES:
            continue
        try:
            with blob_store().open(file["sha256"]) as blob:
                summary = parse_summary(blob.read())
        except BlobNotFound:
            continue
        for column in (summary or {"columns": []})["columns"]:
            found[column["name"]] = None
    return list(found)[:MOST_COLUMNS]
