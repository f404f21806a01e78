"""Datasets: tables people bring, kept under a name, version by version."""

from __future__ import annotations

import re
import tempfile
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs import namespace
from runs.clock import database_now
from runs.errors import (
    DatasetNameInUse,
    DatasetNameInvalid,
    DatasetNotFound,
    DatasetVersionNotFound,
    TableUnreadable,
    UploadIncomplete,
    UriInvalid,
)
from runs.models import Dataset, DatasetVersion, StoredObject
from runs.services.tables import Look, keep_summary, local_file, work_folder
from runs.storage.uri import BadUri, S3Uri, check_file_name
from runs.storage.writing import room_checked
from runs.stores import blob_store
from runs.tables.inspecting import inspect, unpack
from runs.tables.options import ReadOptions, Unreadable

LONGEST_NAME = 128
_FOUND = ("delimiter", "encoding", "header", "decimal")
_CHUNK = 1024 * 1024
_ABANDONED_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a sample comes from; empty for what people bring."""

    sample: str = ""
    source: str = ""
    licence: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """`unchanged`: the newest version has these bytes already, so none was made."""

    dataset: Dataset
    version: DatasetVersion
    unchanged: bool = False


def upload_dataset(
    *, actor: Actor, file_name: str, stream: BinaryIO, size: int, name: str | None = None, new: bool = False
) -> Upload:
    """The next version of the dataset `name` (else the file's own), made of the bytes of `stream`.

    Nothing is kept unless all of it has come and is a table. `size` is what the caller announced; `new` refuses a name
    that is in use instead of adding a version.

    Raises:
        NotPermitted, DatasetNameInvalid, DatasetNameInUse, UriInvalid: before a byte is read.
        UploadIncomplete, StoreFull: as they say.
        TableUnreadable: no table, a damaged one, or one without rows; says what to do.
    """
    require(actor, Permission.EDIT_DATA)
    _check_file_name(file_name)
    name = _checked_name(name if name is not None else PurePosixPath(file_name).stem)
    if new and _named(actor, name) is not None:
        raise DatasetNameInUse(name=name, pointer="/name")
    with tempfile.TemporaryDirectory(dir=_swept(work_folder())) as folder:
        received = Path(folder) / "received"
        _receive(stream, received, size)
        return keep_file(actor=actor, path=received, file_name=file_name, name=name, new=new)


def keep_file(
    *, actor: Actor, path: Path, file_name: str, name: str, new: bool = False, origin: Origin | None = None
) -> Upload:
    """As `upload_dataset`, of a file in a work folder, which is taken.

    Raises:
        NotPermitted, DatasetNameInUse, TableUnreadable
    """
    require(actor, Permission.EDIT_DATA)
    try:
        file_name, path = _table_in(path, file_name)
        known = _named(actor, name)
        options = _options_for(known)
        summary = inspect(path, file_name, options, work=path.parent)
    except Unreadable as refused:
        raise TableUnreadable(message=refused.message, reason=refused.code) from None
    if summary["rows"] == 0:
        raise TableUnreadable(
            message=f"{file_name} has column names, but no rows below them. A dataset needs at least one row.",
            reason="table-without-rows",
        )
    sha256, size = blob_store().put_file(path, move=True)
    with transaction.atomic():
        dataset = _dataset(actor, name, new=new, origin=origin or Origin())
        newest = dataset.versions.order_by("-number").first()
        if newest is not None and newest.sha256 == sha256:
            return Upload(dataset=dataset, version=newest, unchanged=True)
        version = _add_version(actor, dataset, newest, file_name, sha256, size, options, summary)
        detail = {"name": dataset.name, "version": version.number, "sha256": sha256, "size": size}
        audit.record(actor, "dataset.upload", dataset.pk, detail)
    keep_summary(Look(sha256=sha256, name=file_name, options=options), summary)
    return Upload(dataset=dataset, version=version)


def change_dataset(*, actor: Actor, dataset_id: str, changes: dict[str, Any]) -> Dataset:
    """The dataset with another `name` or `description`. Its files stay where they are.

    Raises:
        NotPermitted, DatasetNotFound, DatasetNameInvalid, DatasetNameInUse
    """
    require(actor, Permission.EDIT_DATA)
    with transaction.atomic():
        dataset = _own(actor, dataset_id)
        before = dataset.name
        if "name" in changes:
            dataset.name = _checked_name(changes["name"])
        dataset.description = changes.get("description", dataset.description)
        dataset.updated_at = database_now()
        try:
            with transaction.atomic():
                dataset.save(update_fields=["name", "description", "updated_at"])
        except IntegrityError:
            raise DatasetNameInUse(name=dataset.name, pointer="/name") from None
        audit.record(actor, "dataset.change", dataset.pk, {"from": before, "name": dataset.name})
    return dataset


def change_reading(*, actor: Actor, dataset_id: str, number: int, options: ReadOptions) -> DatasetVersion:
    """The version, read another way. What people say about a file is kept with it.

    Raises:
        NotPermitted, DatasetNotFound, DatasetVersionNotFound
        TableUnreadable: read like this it is no table; nothing is changed.
    """
    require(actor, Permission.EDIT_DATA)
    version = _version(_own(actor, dataset_id, lock=False), number)
    try:
        with local_file(version.sha256) as path:
            summary = inspect(path, version.file_name, options, work=work_folder())
    except Unreadable as refused:
        raise TableUnreadable(message=refused.message, reason=refused.code) from None
    with transaction.atomic():
        dataset = _own(actor, dataset_id)
        version = _version(dataset, number)
        version.options = options.to_json()
        _describe(version, summary)
        version.save(update_fields=["options", "found", "rows", "rows_exact", "column_count", "warnings"])
        audit.record(actor, "dataset.read", dataset.pk, {"version": number, "options": version.options})
    keep_summary(Look(sha256=version.sha256, name=version.file_name, options=options), summary)
    return version


def delete_dataset(*, actor: Actor, dataset_id: str) -> None:
    """Takes the dataset and its files away. Steps that name them find nothing from now on.

    Raises:
        NotPermitted, DatasetNotFound
    """
    require(actor, Permission.EDIT_DATA)
    with transaction.atomic():
        dataset = _own(actor, dataset_id)
        uris = [S3Uri(actor.workspace.default_bucket, _key(dataset, one)) for one in dataset.versions.all()]
        StoredObject.objects.filter(
            workspace=actor.workspace, bucket=actor.workspace.default_bucket, key__in=[uri.key for uri in uris]
        ).delete()
        audit.record(actor, "dataset.delete", dataset.pk, {"name": dataset.name, "versions": len(uris)})
        dataset.delete()


def _receive(stream: BinaryIO, target: Path, size: int) -> None:
    received = 0
    with room_checked(target.parent), target.open("wb") as file:
        while part := stream.read(_CHUNK):
            received += len(part)
            file.write(part)
    if received != size:
        raise UploadIncomplete(received=received, expected=size)


def _swept(folder: Path) -> Path:
    """The folder without what uploads of processes that died left in it."""
    for left in folder.iterdir():
        if left.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
            for path in sorted(left.rglob("*"), reverse=True) if left.is_dir() else []:
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
            left.rmdir() if left.is_dir() else left.unlink(missing_ok=True)
    return folder


def _table_in(path: Path, file_name: str) -> tuple[str, Path]:
    """The file itself, or the one table inside a zip."""
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return file_name, path
    inner, found = unpack(path, file_name, path.parent)
    _check_file_name(inner)
    return inner, found


def _options_for(dataset: Dataset | None) -> ReadOptions:
    """A new version is read as the one before it was told to be; types are found out anew."""
    newest = dataset.versions.order_by("-number").first() if dataset is not None else None
    if newest is None:
        return ReadOptions()
    return ReadOptions.of({**newest.options, "types": {}})


def _dataset(actor: Actor, name: str, *, new: bool, origin: Origin) -> Dataset:
    """The dataset of that name, locked; made when there is none."""
    found = Dataset.objects.select_for_update().filter(workspace=actor.workspace, name=name).first()
    if found is not None:
        if new:
            raise DatasetNameInUse(name=name, pointer="/name")
        return found
    now = database_now()
    try:
        with transaction.atomic():
            return Dataset.objects.create(
                workspace=actor.workspace,
                name=name,
                folder=_free_folder(actor, name),
                description=origin.description,
                sample=origin.sample,
                source=origin.source,
                licence=origin.licence,
                created_by=actor.username,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError:  # somebody else was first
        return Dataset.objects.select_for_update().get(workspace=actor.workspace, name=name)


def _add_version(
    actor: Actor,
    dataset: Dataset,
    newest: DatasetVersion | None,
    file_name: str,
    sha256: str,
    size: int,
    options: ReadOptions,
    summary: dict[str, Any],
) -> DatasetVersion:
    now = database_now()
    version = DatasetVersion(
        dataset=dataset,
        number=1 + (newest.number if newest is not None else 0),
        file_name=file_name,
        sha256=sha256,
        size=size,
        kind=summary["file"]["kind"],
        options=options.to_json(),
        created_by=actor.username,
        created_at=now,
    )
    version.uri = str(S3Uri(actor.workspace.default_bucket, _key(dataset, version)))
    _describe(version, summary)
    version.save(force_insert=True)
    namespace.store_object(workspace_id=actor.workspace.pk, uri=version.uri, sha256=sha256, size=size, now=now)
    Dataset.objects.filter(pk=dataset.pk).update(updated_at=now)
    dataset.updated_at = now
    return version


def _describe(version: DatasetVersion, summary: dict[str, Any]) -> None:
    sample = summary["sample"]
    version.found = {name: summary["file"][name] for name in _FOUND if name in summary["file"]}
    version.rows = summary["rows"]
    version.rows_exact = sample is None or sample["exact"]
    version.column_count = len(summary["columns"])
    version.warnings = len(summary["warnings"])


def _key(dataset: Dataset, version: DatasetVersion) -> str:
    return f"datasets/{dataset.folder}/v{version.number}/{version.file_name}"


def _free_folder(actor: Actor, name: str) -> str:
    """A folder name in plain letters that no dataset of the workspace has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100] or "table"
    taken = set(
        Dataset.objects.filter(workspace=actor.workspace, folder__startswith=stem).values_list("folder", flat=True)
    )
    folder, number = stem, 2
    while folder in taken:
        folder, number = f"{stem}-{number}", number + 1
    return folder


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    odd = any(character == "/" or unicodedata.category(character).startswith("C") for character in name)
    if not name or len(name) > LONGEST_NAME or odd:
        raise DatasetNameInvalid(name=name[:LONGEST_NAME], pointer="/name")
    return name


def _check_file_name(name: str) -> None:
    try:
        check_file_name(name)
    except BadUri as bad:
        raise UriInvalid(reason=str(bad), pointer="/file_name") from bad


def _named(actor: Actor, name: str) -> Dataset | None:
    return Dataset.objects.filter(workspace=actor.workspace, name=name).first()


def _own(actor: Actor, dataset_id: str, *, lock: bool = True) -> Dataset:
    rows = Dataset.objects.select_for_update() if lock else Dataset.objects.all()
    found = rows.filter(workspace=actor.workspace, pk=dataset_id).first()
    if found is None:
        raise DatasetNotFound(dataset=dataset_id)
    return found


def _version(dataset: Dataset, number: int) -> DatasetVersion:
    found = dataset.versions.filter(number=number).first()
    if found is None:
        raise DatasetVersionNotFound(dataset=dataset.name, number=number)
    return found
