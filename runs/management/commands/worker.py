from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from runs.worker.service import run_worker


class Command(BaseCommand):
    help = "Runs steps. SIGTERM lets running steps finish; SIGINT hands them back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slots", type=int, help="steps that run side by side (CLARY_WORKERS)")

    def handle(self, *args: Any, **options: Any) -> None:
        run_worker(options["slots"])
