"""What is in a stored table: found out by a process of its own, kept for everybody with the same bytes."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.files import private_folder
from accounts.permissions import Permission, require
from engine.summaries import clean_summary
from runs import namespace
from runs.clock import database_now
from runs.errors import ObjectNotFound, TableUnreadable, UriInvalid
from runs.models import DatasetVersion, StoredObject, TableSummary
from runs.storage.uri import BadUri
from runs.stores import blob_store
from runs.tables.inspecting import PROFILE, inspect
from runs.tables.options import ReadOptions, Unreadable

logger = logging.getLogger("clary.tables")
#: Counts up when summaries say something else than before.
EDITION = 5
#: Looks at some columns that are kept of one file; the oldest go.
MOST_PARTS = 200
_PART = "part:"
#: A profile that takes longer has died with its process.
PROFILE_AGE = timedelta(seconds=PROFILE.seconds + 60)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Bytes, and how they are read. `places`: of which columns it tells; None for the first ones."""

    sha256: str
    name: str
    options: ReadOptions
    places: tuple[int, ...] | None = None

    @classmethod
    def at(cls, stored: StoredObject, options: ReadOptions) -> Look:
        return cls(sha256=stored.sha256, name=PurePosixPath(stored.key).name, options=options)

    @property
    def way(self) -> str:
        said = [EDITION, self.name, self.options.to_json(), self.places]
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return digest if self.places is None else (_PART + digest)[:64]


def work_folder() -> Path:
    """Where files that are still being looked at lie; on the volume of the state."""
    return private_folder(Path(settings.CLARY_HOME) / "uploads")


def table_at(*, actor: Actor, uri: str, full: bool = False) -> dict[str, Any]:
    """The summary of the table stored at a URI, read as its dataset says where it belongs to one.

    Raises:
        NotPermitted, UriInvalid, ObjectNotFound: as they say.
        TableUnreadable: no table Clary can read.
    """
    stored, options = stored_table(actor, uri)
    return summary_of(stored, options, full=full)


def stored_table(actor: Actor, uri: str) -> tuple[StoredObject, ReadOptions]:
    """The object at a URI, and how its dataset says it is read.

    Raises:
        NotPermitted, UriInvalid, ObjectNotFound: as they say.
    """
    stored = stored_file(actor, uri)
    version = dataset_version(actor, stored, uri)
    return stored, ReadOptions.of(version.options if version else {})


def stored_file(actor: Actor, uri: str) -> StoredObject:
    """The object at a URI.

    Raises:
        NotPermitted, UriInvalid, ObjectNotFound: as they say.
    """
    require(actor, Permission.VIEW)
    try:
        stored = namespace.current_object(actor.workspace.pk, uri)
    except BadUri as bad:
        raise UriInvalid(reason=str(bad), pointer="/uri") from bad
    if stored is None:
        raise ObjectNotFound(uri=uri)
    return stored


def dataset_version(actor: Actor, stored: StoredObject, uri: str) -> DatasetVersion | None:
    """The version of a dataset a stored object is, if it is one."""
    same = DatasetVersion.objects.filter(dataset__workspace=actor.workspace, uri=uri, sha256=stored.sha256)
    return same.order_by("-number").first()


def found_of(stored: StoredObject) -> Mapping[str, Any]:
    """How the file was read when everything was found out; nothing where nobody has looked yet."""
    kept = _kept(Look.at(stored, ReadOptions()), full=False)
    return dict(json.loads(kept.text)["file"]) if kept is not None and kept.text else {}


def summary_of(stored: StoredObject, options: ReadOptions, *, full: bool) -> dict[str, Any]:
    """The summary of a stored object, as `seen` gives it.

    Raises:
        TableUnreadable
    """
    return seen(Look.at(stored, options), full=full)


def figures_of(stored: StoredObject | None) -> dict[str, Any]:
    """`{"rows", "exact", "columns"}` of a table; nulls for what is none. `exact`: rows were counted, not estimated."""
    try:
        found = summary_of(stored, ReadOptions(), full=False) if stored is not None else None
    except TableUnreadable:
        found = None
    if found is None:
        return {"rows": None, "exact": True, "columns": None}
    sample = found["sample"]
    return {"rows": found["rows"], "exact": sample is None or sample["exact"], "columns": len(found["columns"])}


def seen(look: Look, *, full: bool) -> dict[str, Any]:
    """What a look finds. A full one that is not there yet is begun; until then the short one is given.

    `profile` tells of the full one: "ready" (this is it), "running", "none" (it can be asked for), "failed".

    Raises:
        TableUnreadable
    """
    done = _kept(look, full=True)
    if done is not None and done.text:
        return _shown(json.loads(done.text), "ready")
    summary = _short(look)
    if summary["sample"] is None:
        return _shown(summary, "ready")
    if done is not None and done.failure:
        return {**_shown(summary, "failed"), "profile_failure": done.failure["message"]}
    if not full:
        return _shown(summary, "running" if done is not None and not _is_dead(done) else "none")
    _begin_profile(look)
    return _shown(summary, "running")


def keep_summary(look: Look, summary: dict[str, Any]) -> None:
    """Remembers a summary somebody has just made."""
    full = summary["sample"] is None
    _keep(look, full=full, text=json.dumps(summary, ensure_ascii=False, separators=(",", ":")))


def _shown(summary: dict[str, Any], profile: str) -> dict[str, Any]:
    """As every summary in Clary is shown, and what only stored files have."""
    sample = summary["sample"]
    return {
        **clean_summary({**summary, "sampled": sample is not None}),
        "sample": sample,
        "file": summary["file"],
        "profile": profile,
    }


def _short(look: Look) -> dict[str, Any]:
    """The summary of the first rows, or of all where they are few; as the reader gives it.

    Raises:
        TableUnreadable
    """
    kept = _kept(look, full=False)
    if kept is not None and kept.failure:
        raise TableUnreadable(message=kept.failure["message"], reason=kept.failure["code"])
    if kept is not None and kept.text:
        return dict(json.loads(kept.text))
    try:
        with local_file(look.sha256) as path:
            summary = inspect(path, look.name, look.options, work=work_folder(), places=look.places)
    except Unreadable as refused:
        _keep(look, full=False, failure={"code": refused.code, "message": refused.message})
        raise TableUnreadable(message=refused.message, reason=refused.code) from None
    keep_summary(look, summary)
    return summary


def _begin_profile(look: Look) -> None:
    """Starts reading all of it behind the caller's back, unless some process is at it already."""
    now = database_now()
    with transaction.atomic():
        row, made = TableSummary.objects.select_for_update().get_or_create(
            sha256=look.sha256, way=look.way, full=True, defaults={"begun_at": now}
        )
        if not made:
            if row.text or not _is_dead(row):
                return
            TableSummary.objects.filter(pk=row.pk).update(begun_at=now, failure=None)
    begin(_profile, look)


def begin(work: Callable[..., None], *args: Any) -> None:
    """Has it done in a thread of its own."""
    threading.Thread(target=work, args=args, name="table-profile", daemon=True).start()


def _profile(look: Look) -> None:
    try:
        with local_file(look.sha256) as path:
            summary = inspect(path, look.name, look.options, work=work_folder(), full=True, places=look.places)
        keep_summary(look, summary)
        if look.places is None:
            _tell_versions(look, summary)
    except Unreadable as refused:
        _keep(look, full=True, failure={"code": refused.code, "message": refused.message})
    finally:
        connection.close()  # this thread's own


def _tell_versions(look: Look, summary: dict[str, Any]) -> None:
    """Every version with these bytes, read like this, now knows its rows exactly."""
    same = [
        version.pk
        for version in DatasetVersion.objects.filter(sha256=look.sha256, file_name=look.name)
        if ReadOptions.of(version.options) == look.options
    ]
    facts = {"rows": summary["rows"], "rows_exact": True, "warnings": len(summary["warnings"])}
    DatasetVersion.objects.filter(pk__in=same).update(**facts)


@contextmanager
def local_file(sha256: str) -> Iterator[Path]:
    """A file with these bytes, to read only."""
    path = blob_store().local_path(sha256)
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        copy = Path(folder) / "copy"
        blob_store().copy_to(sha256, copy)
        yield copy


def _kept(look: Look, *, full: bool) -> TableSummary | None:
    return TableSummary.objects.filter(sha256=look.sha256, way=look.way, full=full).first()


def _keep(look: Look, *, full: bool, text: str = "", failure: dict[str, str] | None = None) -> None:
    values = {"text": text, "failure": failure, "begun_at": database_now()}
    TableSummary.objects.update_or_create(sha256=look.sha256, way=look.way, full=full, defaults=values)
    if look.places is not None:
        parts = TableSummary.objects.filter(sha256=look.sha256, way__startswith=_PART).order_by("-begun_at", "-pk")
        TableSummary.objects.filter(pk__in=list(parts.values_list("pk", flat=True)[MOST_PARTS:])).delete()


def _is_dead(row: TableSummary) -> bool:
    return not row.text and not row.failure and row.begun_at < database_now() - PROFILE_AGE
