"""Objects that arrive in parts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.clock import database_now
from runs.errors import PartInvalid, PartsUnordered, PartTooSmall, UploadNotFound
from runs.models import MultipartUpload, StoredObject, UploadedPart
from runs.services.objects import Condition, Content, check_condition, require_writable, write_object
from runs.stores import blob_store, part_store

LEAST_PART = 5 * 1024 * 1024
MOST_PARTS = 10_000
#: An upload nobody completed for so long is forgotten when the workspace begins another one.
ABANDONED = timedelta(days=7)
_CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class PartClaim:
    """A part as the completing client remembers it; `checksum` may be empty."""

    number: int
    etag: str
    checksum: str = ""


def start_upload(
    *, actor: Actor, bucket: str, key: str, headers: Mapping[str, Any], checksum: str, full_checksum: bool
) -> MultipartUpload:
    """A new upload without parts.

    Raises:
        NotPermitted, BucketNotFound, KeyInvalid: as they say.
    """
    require_writable(actor, bucket, key)
    now = database_now()
    with transaction.atomic():
        old = MultipartUpload.objects.filter(workspace=actor.workspace, created_at__lt=now - ABANDONED)
        abandoned = list(old.values_list("pk", flat=True))
        old.delete()
        upload = MultipartUpload.objects.create(
            workspace=actor.workspace,
            bucket=bucket,
            key=key,
            headers=dict(headers),
            checksum=checksum,
            full_checksum=full_checksum,
            started_by=actor.username,
            created_at=now,
        )
        audit.record(actor, "upload.start", str(upload), {"abandoned": abandoned})
    for gone in abandoned:
        part_store().remove_all(gone)
    return upload


def upload_of(actor: Actor, bucket: str, key: str, upload_id: str) -> MultipartUpload:
    """The upload of this object.

    Raises:
        UploadNotFound: completed, aborted, or never begun.
    """
    uploads = MultipartUpload.objects.filter(workspace=actor.workspace, bucket=bucket, key=key)
    upload = uploads.filter(pk=upload_id).first() if upload_id.isalnum() else None
    if upload is None:
        raise UploadNotFound(upload=upload_id[:64])
    return upload


def keep_part(
    *, actor: Actor, upload: MultipartUpload, number: int, file: str, size: int, etag: str, checksum: str
) -> None:
    """Remembers the part; one of the same number that came before is forgotten.

    Raises:
        UploadNotFound: the upload ended while the part came.
    """
    require(actor, Permission.WRITE_OBJECTS)
    values = {"file": file, "size": size, "etag": etag, "checksum": checksum, "created_at": database_now()}
    try:
        with transaction.atomic():
            if not MultipartUpload.objects.select_for_update().filter(pk=upload.pk).exists():
                raise UploadNotFound(upload=upload.pk)
            before = UploadedPart.objects.filter(upload=upload, number=number).first()
            UploadedPart.objects.update_or_create(upload=upload, number=number, defaults=values)
    except IntegrityError:
        raise UploadNotFound(upload=upload.pk) from None
    if before is not None:
        part_store().remove(upload.pk, before.file)


def abort_upload(*, actor: Actor, bucket: str, key: str, upload_id: str) -> None:
    """Forgets the upload and its parts.

    Raises:
        NotPermitted, UploadNotFound: as they say.
    """
    require(actor, Permission.WRITE_OBJECTS)
    upload = upload_of(actor, bucket, key, upload_id)
    with transaction.atomic():
        target = str(upload)
        upload.delete()
        audit.record(actor, "upload.abort", target)
    part_store().remove_all(upload_id)


def chosen_parts(upload: MultipartUpload, claims: Sequence[PartClaim]) -> list[UploadedPart]:
    """The parts the object is made of, checked.

    Raises:
        PartsUnordered, PartInvalid, PartTooSmall: as they say.
    """
    numbers = [claim.number for claim in claims]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise PartsUnordered()
    known = {part.number: part for part in upload.parts.all()}
    parts = []
    for claim in claims:
        part = known.get(claim.number)
        if part is None or part.etag != claim.etag or (claim.checksum and claim.checksum != part.checksum):
            raise PartInvalid(number=claim.number)
        parts.append(part)
    for part in parts[:-1]:
        if part.size < LEAST_PART:
            raise PartTooSmall(number=part.number, size=part.size, least=LEAST_PART)
    return parts


def join_parts(upload: MultipartUpload, parts: Sequence[UploadedPart], also: Callable[[bytes], None]) -> Content:
    """The parts as one blob; every piece of it is given to `also` too.

    Raises:
        UploadNotFound: the upload ended meanwhile.
        StoreFull: no room left.
    """
    writer = blob_store().writer()
    try:
        for part in parts:
            with part_store().open(upload.pk, part.file) as source:
                while piece := source.read(_CHUNK):
                    writer.write(piece)
                    also(piece)
        sha256, size = writer.commit()
    except FileNotFoundError:
        raise UploadNotFound(upload=upload.pk) from None
    finally:
        writer.discard()
    joined = hashlib.md5(b"".join(bytes.fromhex(part.etag) for part in parts), usedforsecurity=False)
    return Content(sha256=sha256, size=size, etag=f"{joined.hexdigest()}-{len(parts)}", headers=upload.headers)


def finish_upload(
    *, actor: Actor, upload: MultipartUpload, content: Content, condition: Condition | None
) -> StoredObject:
    """The object that was uploaded, as its new current version; the upload ends.

    Raises:
        NotPermitted, BucketNotFound, KeyInvalid, UploadNotFound: as they say; and whatever `condition` raises.
    """
    require_writable(actor, upload.bucket, upload.key)
    upload_id = upload.pk
    with transaction.atomic():
        if condition is not None:
            check_condition(actor, upload.bucket, upload.key, condition)
        gone, _ = MultipartUpload.objects.filter(pk=upload_id).delete()
        if not gone:
            raise UploadNotFound(upload=upload_id)
        row = write_object(actor, upload.bucket, upload.key, content, action="object.upload")
    part_store().remove_all(upload_id)
    return row
