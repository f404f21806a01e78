"""Files of the store that nobody will finish: what a killed process was writing, and parts of uploads that are gone."""

from __future__ import annotations

import time
from collections.abc import Callable

from runs.models import MultipartUpload
from runs.stores import blob_store, part_store

#: Far longer than a writer may be silent, so that nothing in use is touched.
STALE_SECONDS = 3600.0


def remove_stale_files(now: float | None = None) -> int:
    """Files and folders removed."""
    before = (time.time() if now is None else now) - STALE_SECONDS
    stale = part_store().older_than(before)
    kept = set(MultipartUpload.objects.filter(pk__in=stale).values_list("pk", flat=True))
    gone = [upload for upload in stale if upload not in kept]
    for upload in gone:
        part_store().remove_all(upload)
    return len(gone) + blob_store().remove_unfinished(before)


class Hourly:
    """Calls `work` at its first turn and then once an hour."""

    def __init__(self, work: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._work, self._clock = work, clock
        self._due = clock()

    def __call__(self) -> None:
        if self._clock() >= self._due:
            self._due = self._clock() + 3600
            self._work()
