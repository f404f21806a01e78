"""What can be wrong with an installation, and the one thing to do about each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError

from runs import hints
from runs.clock import database_now
from runs.first_start import needs_migration
from runs.runners import catalog
from runs.storage.base import StoreFull
from runs.stores import blob_store
from runs.worker.service import LOOPBACK, runner_settings

CLOCK_SECONDS = 2.0
LEAST_FREE_SHARE = 0.05


@dataclass(frozen=True, kw_only=True)
class Finding:
    well: bool
    text: str
    fix: str = ""


def database() -> Finding:
    try:
        missing = needs_migration()
    except DatabaseError as away:
        return Finding(well=False, text=f"The database cannot be reached: {away}", fix="Check DATABASE_URL.")
    if missing:
        return Finding(well=False, text="Tables are missing.", fix="python manage.py migrate")
    return Finding(well=True, text="The database answers and its tables are complete.")


def clock() -> Finding:
    try:
        apart = abs((database_now() - datetime.now(UTC)).total_seconds())
    except DatabaseError as away:
        return Finding(well=False, text=f"The database cannot be asked for its time: {away}", fix="Check DATABASE_URL.")
    if apart > CLOCK_SECONDS:
        text = f"This host and the database are {apart:.0f} s apart; leases go by the database, shown times by both."
        return Finding(well=False, text=text, fix="Turn time synchronisation (NTP) on for both.")
    return Finding(well=True, text="This host and the database agree about the time.")


def broker() -> Finding:
    url = hints.redis_url(settings.ENVIRONMENT.broker_url or f"unix://{settings.ENVIRONMENT.socket_folder}/broker.sock")
    if url is None:
        text = "An AMQP broker is set; live views poll once a second unless CLARY_CHANNEL_URL is set."
        return Finding(well=True, text=text)
    try:
        redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2).ping()
    except redis.RedisError as away:
        fix = "Start Clary (python manage.py up), or check CLARY_BROKER_URL."
        return Finding(well=False, text=f"The broker does not answer: {away}", fix=fix)
    return Finding(well=True, text="The broker answers.")


def store() -> Finding:
    data = b"doctor"
    try:
        sha256, _ = blob_store().put_bytes(data)
        with blob_store().open(sha256) as blob:
            same = blob.read() == data
    except (OSError, StoreFull) as broken:
        return Finding(well=False, text=f"The store cannot be written: {broken}", fix="Check CLARY_STORAGE_URL.")
    if not same:
        return Finding(well=False, text="The store gives other bytes than it got.", fix="Check the disk of the store.")
    return Finding(well=True, text="The store keeps what it is given.")


def disk() -> Finding:
    home = Path(settings.CLARY_HOME)
    usage = shutil.disk_usage(home)
    share = usage.free / usage.total
    text = f"{usage.free / 2**30:.1f} GiB free ({share:.0%}) on the volume of {home}."
    if share < LEAST_FREE_SHARE:
        return Finding(well=False, text=text, fix="Free some space, or move CLARY_HOME to a larger volume.")
    return Finding(well=True, text=text)


def sandbox() -> Finding:
    """Which runner a worker would choose."""
    loopback = settings.ENVIRONMENT.host in LOOPBACK
    wanted = settings.ENVIRONMENT.runner
    try:
        runner, choice = catalog.choose(runner_settings(Path(settings.CLARY_HOME)), wanted, loopback_only=loopback)
    except catalog.RunnerRefused as refused:
        return Finding(well=False, text=str(refused), fix="Install bubblewrap, or start Docker, or bind to 127.0.0.1.")
    runner.close()
    if choice.trusted_only:
        fix = "Install bubblewrap (Debian: apt-get install bubblewrap) and allow user namespaces."
        if choice.as_root:
            fix = "Start Clary as an ordinary user. " + fix
        return Finding(well=wanted == choice.kind and not choice.as_root, text=choice.reason, fix=fix)
    return Finding(well=True, text=f"{choice.kind}: {choice.reason}")


CHECKS: Mapping[str, Callable[[], Finding]] = {
    "migrations": database,
    "clock": clock,
    "broker": broker,
    "store": store,
    "disk": disk,
    "sandbox": sandbox,
}
