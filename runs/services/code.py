"""Code typed or uploaded in the editor: immutable objects named by their content."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.selectors import pipeline as pipeline_of
from runs import namespace
from runs.clock import database_now
from runs.errors import ObjectNotFound, ObjectNotText, UploadTooLarge, UriInvalid
from runs.models import StoredObject
from runs.storage.uri import BadUri, S3Uri, check_key
from runs.stores import blob_store

TEXT_BYTES = 1024 * 1024
UPLOAD_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class TextObject:
    uri: str
    text: str
    size: int
    sha256: str


def store_code(*, actor: Actor, pipeline_id: str, file_name: str, data: bytes) -> StoredObject:
    """The object at s3://<default bucket>/<pipeline>/code/<sha256>/<file>; the same bytes give the same address.

    Raises:
        NotPermitted, PipelineNotFound, UploadTooLarge: as they say.
        UriInvalid: a file name that is no single, ordinary name.
    """
    require(actor, Permission.EDIT_CODE)
    pipeline = pipeline_of(actor, pipeline_id)
    if len(data) > UPLOAD_BYTES:
        raise UploadTooLarge(limit=UPLOAD_BYTES)
    try:
        if "/" in file_name:
            raise BadUri(f"a file name without slashes was expected, got {file_name!r}")
        check_key(file_name)
    except BadUri as bad:
        raise UriInvalid(reason=str(bad), pointer="/file_name") from bad
    sha256, size = blob_store().put_bytes(data)
    uri = str(S3Uri(actor.workspace.default_bucket, f"{pipeline.name}/code/{sha256}/{file_name}"))
    with transaction.atomic():
        known = namespace.current_object(actor.workspace.pk, uri)
        if known is not None:
            return known
        stored = namespace.store_object(
            workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now()
        )
        audit.record(actor, "code.store", uri, {"sha256": sha256, "size": size})
    return stored


def read_text(*, actor: Actor, uri: str) -> TextObject:
    """The text of a small object.

    Raises:
        UriInvalid, ObjectNotFound: as they say.
        ObjectNotText: larger than 1 MiB, or not UTF-8.
    """
    require(actor, Permission.VIEW)
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
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ObjectNotText(uri=uri, reason="it is not UTF-8.") from None
    return TextObject(uri=uri, text=text, size=stored.size, sha256=stored.sha256)
