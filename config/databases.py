"""SQLite in WAL mode with IMMEDIATE transactions, or what DATABASE_URL names."""

from __future__ import annotations

from typing import Any

from config.env import Environment, EnvironmentInvalid

#: How long somebody waits for a connection before the answer is "the database is away". Below a second, so that a
#: probe or a person hears it at once; workers try again by themselves.
WAIT_SECONDS = 0.5
CONNECT_SECONDS = 2  # the least libpq takes


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """The DATABASES setting."""
    if environment.database_url is None:
        return {"default": _sqlite(str(environment.home / "clary.sqlite3"), environment.sync)}
    import dj_database_url  # slow to import, and needed by no one else

    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(environment.database_url, conn_max_age=0))
    except (ValueError, KeyError) as wrong:
        raise EnvironmentInvalid(f"DATABASE_URL cannot be read: {wrong}.") from None
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return {"default": _sqlite(str(parsed["NAME"]), environment.sync)}
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **(parsed.get("OPTIONS") or {})}
    # Gives up reconnecting soon, and tries again when somebody asks: else its pauses double while the server is away.
    pool = {"min_size": 1, "max_size": 8, "timeout": WAIT_SECONDS, "reconnect_timeout": WAIT_SECONDS}
    if parsed["ENGINE"] == "django.db.backends.postgresql":
        parsed["ENGINE"] = "config.postgresql"
    return {"default": {**parsed, "CONN_HEALTH_CHECKS": True, "OPTIONS": {**options, "pool": pool}}}


def _sqlite(name: str, sync: str) -> dict[str, Any]:
    """Deferred transactions fail with "database is locked" when two writers meet; IMMEDIATE ones queue."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={sync.upper()};",
        },
    }
