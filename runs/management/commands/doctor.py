from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from runs.doctor import CHECKS


class Command(BaseCommand):
    help = "Checks clock, sandbox, broker, store, migrations and disk, with one fix for each failure."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for name, check in CHECKS.items():
            finding = check()
            failed = failed or not finding.well
            self.stdout.write(f"{'ok  ' if finding.well else 'FAIL'} {name:<11} {finding.text}")
            if finding.fix:
                self.stdout.write(f"     fix: {finding.fix}")
        if failed:
            sys.exit(1)
