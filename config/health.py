"""Probes: is the process alive, and can it serve."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

_migrated = False


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and broker are there; with `?worker=1` also a live worker. Else 503 naming each."""
    checks: dict[str, Callable[[], str | None]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
    }
    if request.GET.get("worker") == "1":
        checks["worker"] = _worker
    wrong: dict[str, str] = {}
    for name, check in checks.items():
        away = name != "database" and "database" in wrong
        reason = "unknown while the database is away" if away else check()
        if reason is not None:
            wrong[name] = reason
    parts = {name: wrong.get(name, "ok") for name in checks}
    response = JsonResponse({"status": "unavailable" if wrong else "ok", "checks": parts}, status=503 if wrong else 200)
    if wrong:
        response["Retry-After"] = "2"
    response["Cache-Control"] = "no-store"
    return response


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as away:
        return f"{type(away).__name__}: cannot be reached"
    return None


def _migrations() -> str | None:
    """Read once: a process whose tables were complete never sees them go."""
    global _migrated
    if _migrated:
        return None
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return f"{len(missing)} migrations are missing; run `python manage.py migrate`"
    _migrated = True
    return None


def _broker() -> str | None:
    from config.celery import broker_reachable

    if broker_reachable():
        return None
    environment = settings.ENVIRONMENT
    if environment.broker_url == f"redis+socket://{environment.socket_folder}/broker.sock":
        return "cannot be reached; it is started again and again, and its log (logs/broker.log) says why it ends"
    return "cannot be reached"


def _worker() -> str | None:
    from runs.selectors import live_workers

    return None if live_workers() else "no live worker"
