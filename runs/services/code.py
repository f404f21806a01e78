"""Code and data brought in by the editor: immutable objects named by their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.selectors import pipeline as pipeline_of
from runs import namespace
from runs.clock import database_now
from runs.errors import ObjectNotFound, ObjectNotText, UploadTooLarge, UriInvalid
from runs.models import StoredObject
from runs.services.code_archive import pack_script, script_in
from runs.storage.uri import BadUri, S3Uri, check_file_name
from runs.stores import blob_store

TEXT_BYTES = 1024 * 1024
UPLOAD_BYTES = 32 * 1024 * 1024
FILE_BYTES = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class TextObject:
    uri: str
    text: str
    size: int
    sha256: str


def store_code(
    *, actor: Actor, pipeline_id: str, file_name: str, data: bytes, archive: str | None = None
) -> StoredObject:
    """The object at s3://<default bucket>/<pipeline>/code/<sha256>/<file>; the same bytes give the same address.

    `archive` ("sourcedir.tar.gz"): the file goes into a tar.gz of that name, as framework images expect their code.

    Raises:
        NotPermitted, PipelineNotFound, UploadTooLarge: as they say.
        UriInvalid: a file name that is no single, ordinary name.
    """
    require(actor, Permission.EDIT_CODE)
    pipeline = pipeline_of(actor, pipeline_id)
    if len(data) > UPLOAD_BYTES:
        raise UploadTooLarge(limit=UPLOAD_BYTES)
    _check_name(file_name, "/file_name")
    if archive is not None:
        _check_name(archive, "/archive")
        file_name, data = archive, pack_script(file_name, data)
    sha256, size = blob_store().put_bytes(data)
    return _keep(actor, f"{pipeline.name}/code/{sha256}/{file_name}", sha256, size, action="code.store")


def store_file(*, actor: Actor, pipeline_id: str, file_name: str, stream: BinaryIO, size: int) -> StoredObject:
    """The object at s3://<default bucket>/<pipeline>/files/<sha256>/<file>, whatever its bytes are.

    `size` is what the caller announced; more is refused before a byte is read.

    Raises:
        NotPermitted, PipelineNotFound, UploadTooLarge: as they say.
        UriInvalid: a file name that is no single, ordinary name.
    """
    require(actor, Permission.EDIT_CODE)
    pipeline = pipeline_of(actor, pipeline_id)
    if size > FILE_BYTES:
        raise UploadTooLarge(limit=FILE_BYTES)
    _check_name(file_name, "/file_name")
    sha256, size = blob_store().put_stream(stream)
    return _keep(actor, f"{pipeline.name}/files/{sha256}/{file_name}", sha256, size, action="file.store")


def _keep(actor: Actor, key: str, sha256: str, size: int, *, action: str) -> StoredObject:
    """The stored object under this key of the default bucket; what is there already is left alone."""
    uri = str(S3Uri(actor.workspace.default_bucket, key))
    with transaction.atomic():
        known = namespace.current_object(actor.workspace.pk, uri)
        if known is not None:
            return known
        stored = namespace.store_object(
            workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now()
        )
        audit.record(actor, action, uri, {"sha256": sha256, "size": size})
    return stored


def _check_name(name: str, pointer: str) -> None:
    try:
        check_file_name(name)
    except BadUri as bad:
        raise UriInvalid(reason=str(bad), pointer=pointer) from bad


def read_text(*, actor: Actor, uri: str, member: str | None = None) -> TextObject:
    """The text of a small object, or of one file inside a code archive.

    Raises:
        UriInvalid, ObjectNotFound: as they say.
        ObjectNotText: larger than 1 MiB, or not UTF-8.
    """
    require(actor, Permission.VIEW)
    if "//" in uri.removeprefix("s3://"):  # S3 keeps such names; to a step this one and the plain one are one file
        raise UriInvalid(reason=f"an address without empty parts was expected, got {uri[:200]!r}", pointer="/uri")
    try:
        stored = namespace.current_object(actor.workspace.pk, uri)
    except BadUri as bad:
        raise UriInvalid(reason=str(bad), pointer="/uri") from bad
    if stored is None:
        raise ObjectNotFound(uri=uri)
    if stored.size > TEXT_BYTES:
        raise ObjectNotText(uri=uri, reason=f"it has {stored.size} bytes, {TEXT_BYTES} are shown at most.")
    with blob_store().open(stored.sha256) as blob:
        data = blob.read()
    if member is not None:
        inside = script_in(data, member)
        if inside is None:
            raise ObjectNotText(uri=uri, reason=f"it is no archive with a readable file {member!r}.")
        data = inside
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ObjectNotText(uri=uri, reason="it is not UTF-8.") from None
    return TextObject(uri=uri, text=text, size=stored.size, sha256=stored.sha256)
