"""The database's clock. Leases and retries are judged by it alone, so that hosts may disagree about the time."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from runs.models import Execution


def database_now() -> datetime:
    """Now, as the database sees it. SQLite lives on this host, so its clock is ours."""
    if connection.vendor == "sqlite":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(UTC)


def with_database_now(executions: QuerySet[Execution]) -> QuerySet[Execution]:
    """The same rows, with the database's time as `database_now` where asking costs no extra query."""
    return executions if connection.vendor == "sqlite" else executions.annotate(database_now=Now())


def now_of(execution: Execution) -> datetime:
    """The time a row of `with_database_now` was read."""
    stamp: datetime | None = getattr(execution, "database_now", None)
    return datetime.now(UTC) if stamp is None else stamp.astimezone(UTC)
