from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from runs.scheduler import run_scheduler


class Command(BaseCommand):
    help = (
        "Starts what is due by the clock and repairs what crashes leave behind. "
        "Run one or more; they do not get in each other's way."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        run_scheduler()
