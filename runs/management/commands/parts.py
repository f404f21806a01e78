from __future__ import annotations

import json
import os
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, IntegrityError, ProgrammingError
from django.utils.module_loading import import_string

from runs.nursery import Nursery, Role, Say


class Command(BaseCommand):
    help = "Parent of web, worker and scheduler. Started by `manage.py up`; not for people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("options")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = json.loads(options["options"])
        answers = os.dup(1)
        os.dup2(2, 1)  # whatever anybody prints is for people, not for the supervisor
        import_what_parts_share()
        door = socket.socket(fileno=chosen["door"])
        door.set_inheritable(False)  # no command that is started here gets it
        others = {
            "prepare": _prepare,
            "count": _count,
            "scheduler": _scheduler,
            "worker": _worker(chosen["workers"]),
        }
        roles = {"web": _web(door), **{name: _without(door, role) for name, role in others.items()}}
        Nursery(roles, commands=0, answers=answers).run()


def import_what_parts_share() -> None:
    """Loads before the first fork what web, worker and scheduler need, so that they share it."""
    import_string(settings.CELERY_APP)
    import_module(settings.ROOT_URLCONF)
    import_module("runs.tasks")


def _prepare(say: Say) -> None:
    from runs.first_start import prepare

    samples = Path(settings.BASE_DIR) / "examples"
    try:
        prepared = prepare(samples=samples)
    except DatabaseError as problem:
        if isinstance(problem, (IntegrityError, ProgrammingError)):
            raise  # ours to mend
        place = settings.DATABASES["default"]["NAME"]
        raise SystemExit(f"The database {place} cannot be used: {problem}.") from problem
    say(event="prepared", link=prepared.link)


def _count(say: Say) -> None:
    from runs.first_start import unfinished_executions

    try:
        count = unfinished_executions()
    except DatabaseError:  # nobody can say; it was told of when it mattered
        count = 0
    say(event="paused", count=count)


def _without(door: socket.socket, role: Role) -> Role:
    """The role in a process that does not listen, nor what it starts."""

    def lean(say: Say) -> None:
        door.close()
        role(say)

    return lean


def _web(door: socket.socket) -> Role:
    def role(say: Say) -> None:
        from runs.web import serve

        environment = settings.ENVIRONMENT
        serve(
            import_string(settings.ASGI_APPLICATION),
            host=environment.host,
            port=environment.port,
            streamed=import_string(settings.STREAMED_BODIES),
            listening=lambda: say(event="listening", part="web"),
            door=door,
        )

    return role


def _scheduler(say: Say) -> None:
    from runs.scheduler import run_scheduler

    run_scheduler()


def _worker(slots: int | None) -> Role:
    def role(say: Say) -> None:
        from runs.worker.service import run_worker

        run_worker(slots, serving=lambda kind, reason: say(event="serving", part="worker", kind=kind, reason=reason))
        sys.stderr.flush()

    return role
