"""Folders of attempts whose worker was killed before it could remove them."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from django.db import connection

from engine.execution.states import TERMINAL_ATTEMPT
from runs.models import StepAttempt
from runs.runners.broom import ENDED


def ended_folders(work: Path) -> list[Path]:
    """Folders below `work` that belong to an ended attempt. Other workers of this machine keep theirs."""
    folders = [path for path in work.iterdir() if path.is_dir()] if work.is_dir() else []
    attempts = {path: path.name.partition(ENDED)[0] for path in folders}
    ended = StepAttempt.objects.filter(pk__in=set(attempts.values()), status__in=TERMINAL_ATTEMPT)
    known = set(ended.values_list("pk", flat=True))
    return [path for path, attempt in attempts.items() if attempt in known]


def clear_leftovers(work: Path) -> threading.Thread:
    """Removes them in a thread of its own: they may be large, and steps are waiting."""

    def clear() -> None:
        try:
            for folder in ended_folders(work):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            connection.close()

    thread = threading.Thread(target=clear, name="leftovers", daemon=True)
    thread.start()
    return thread
