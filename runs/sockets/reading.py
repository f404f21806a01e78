"""What the sockets read from the database, in threads of their own, already serialised."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, connections

from runs import rows
from runs.clock import database_now
from runs.logs import LogPiece, read_log
from runs.models import Execution, StepAttempt
from runs.pipelines import changed_pipelines
from runs.selectors import events_since

T = TypeVar("T")
#: More events than this at once are cheaper as a new snapshot.
MOST_EVENTS = 5_000
MOST_ROWS = 200
FEED_OVERLAP = timedelta(seconds=10)

_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hub")


async def read(query: Callable[..., T], *arguments: Any) -> T:
    """The result of a blocking query, without blocking the sockets."""

    def run() -> T:
        try:
            return query(*arguments)
        except DatabaseError:
            connections.close_all()
            raise

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


def dump(frame: Mapping[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def now_text() -> str | None:
    return rows.iso(datetime.now(UTC))


def snapshot_frame(execution_id: str) -> tuple[int, str]:
    """(sequence, frame)."""
    found = rows.snapshot(execution_id)
    return found["sequence"], dump({"type": "snapshot", **found, "server_time": now_text()})


def events_frame(execution_id: str, since: int) -> tuple[int, str | None]:
    """(last sequence, frame of every event after `since`); no frame when there is none."""
    found = [rows.event_row(event) for event in events_since(execution_id, since, limit=MOST_EVENTS)]
    if not found:
        return since, None
    return found[-1]["sequence"], dump({"type": "events", "events": found})


def sequences(execution_ids: list[str]) -> dict[str, int]:
    return dict(Execution.objects.filter(pk__in=execution_ids).values_list("pk", "last_sequence"))


def find_attempt(execution_id: str, step: str, iteration: int, number: int | None) -> str | None:
    attempts = StepAttempt.objects.filter(
        execution_id=execution_id, step__name=step, step__iteration_index=iteration
    ).order_by("-number")
    if number is not None:
        attempts = attempts.filter(number=number)
    return attempts.values_list("pk", flat=True).first()


def log_piece(attempt_id: str, offset: int) -> LogPiece | None:
    try:
        return read_log(attempt_id, offset)
    except StepAttempt.DoesNotExist:
        return None


@dataclass(frozen=True, kw_only=True)
class FeedRows:
    """`cursor`: rows changed after it come next."""

    cursor: datetime
    executions: list[rows.Row]
    pipelines: list[rows.Row]


def feed_rows(workspace_id: str, since: datetime | None) -> FeedRows:
    """Everything that changed after `since`; nothing for None."""
    now = database_now()
    if since is None:
        return FeedRows(cursor=now, executions=[], pipelines=[])
    return FeedRows(
        cursor=now,
        executions=rows.changed_executions(workspace_id, since, MOST_ROWS),
        pipelines=changed_pipelines(workspace_id, since, MOST_ROWS),
    )


def feed_frame(found: FeedRows) -> str:
    cursor = str(int(found.cursor.timestamp() * 1000))
    return dump({"type": "rows", "cursor": cursor, "executions": found.executions, "pipelines": found.pipelines})


def cursor_time(cursor: str) -> datetime | None:
    """The moment a feed cursor stands for, less the overlap; None for anything that is no cursor."""
    try:
        return datetime.fromtimestamp(int(cursor) / 1000, UTC) - FEED_OVERLAP
    except (ValueError, OverflowError, OSError):
        return None
