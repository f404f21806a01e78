"""Keys of a bucket in the order of their bytes, folded at a delimiter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runs.models import StoredObject

#: Sorts behind every key that begins with what it is put after.
LAST = "\U0010ffff"
_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page: `entries` in order, an object or the text of a common prefix. `next_after` goes into the next page."""

    entries: tuple[StoredObject | str, ...]
    next_after: str | None

    @property
    def objects(self) -> list[StoredObject]:
        return [entry for entry in self.entries if isinstance(entry, StoredObject)]

    @property
    def prefixes(self) -> list[str]:
        return [entry for entry in self.entries if isinstance(entry, str)]


def list_objects(
    workspace_id: str, bucket: str, *, prefix: str = "", delimiter: str = "", after: str = "", limit: int = 1000
) -> Listing:
    """The first `limit` entries behind `after` whose keys begin with `prefix`.

    A common prefix stands for all keys below it and is skipped in one step, however many they are.
    """
    entries: list[StoredObject | str] = []
    last = after
    for entry in _entries(workspace_id, bucket, prefix, delimiter, after):
        if len(entries) == limit:
            return Listing(entries=tuple(entries), next_after=last if limit else None)
        entries.append(entry)
        last = entry if isinstance(entry, str) else entry.key
    return Listing(entries=tuple(entries), next_after=None)


def _entries(workspace_id: str, bucket: str, prefix: str, delimiter: str, after: str) -> Iterator[StoredObject | str]:
    if delimiter and (folded := _fold(after, prefix, delimiter)):
        after = folded + LAST
    while True:
        rows = _batch(workspace_id, bucket, prefix, after)
        seen = after
        for row in rows:
            if row.key <= after or row.key == seen:
                continue
            seen = row.key
            if row.deleted:
                continue
            folded = _fold(row.key, prefix, delimiter)
            if folded:
                yield folded
                after = folded + LAST
            else:
                yield row
        if len(rows) < _BATCH:
            return
        after = max(after, seen)


def _batch(workspace_id: str, bucket: str, prefix: str, after: str) -> list[StoredObject]:
    """Versions behind `after`, the newest of each key first."""
    rows = StoredObject.objects.filter(workspace_id=workspace_id, bucket=bucket, key__gt=after)
    if prefix:
        rows = rows.filter(key__gte=prefix, key__lt=prefix + LAST)
    return list(rows.order_by("key", "-pk")[:_BATCH])


def _fold(key: str, prefix: str, delimiter: str) -> str:
    """The common prefix a key falls under; empty when it stands for itself."""
    if not delimiter or not key.startswith(prefix):
        return ""
    end = key.find(delimiter, len(prefix))
    return key[: end + len(delimiter)] if end >= 0 else ""
