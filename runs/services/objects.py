"""Writing the namespace by hand: put, copy and delete objects whose bytes are in the blob store already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import Workspace
from accounts.permissions import Permission, require
from runs import sql
from runs.buckets import require_bucket
from runs.clock import database_now
from runs.errors import KeyInvalid
from runs.models import StoredObject
from runs.namespace import current_version
from runs.storage.uri import BadUri, check_key

#: Raises when the current version, None without one, is not what the writer expects.
Condition = Callable[[StoredObject | None], None]


@dataclass(frozen=True, kw_only=True)
class Content:
    """Bytes that are a blob already, and the headers they are served with."""

    sha256: str
    size: int
    etag: str
    headers: Mapping[str, Any]


def check_object_key(key: str) -> None:
    """Returns for a key an object may have.

    Raises:
        KeyInvalid: otherwise.
    """
    try:
        check_key(key)
    except BadUri as bad:
        raise KeyInvalid(reason=str(bad)) from None


def require_writable(actor: Actor, bucket: str, key: str) -> None:
    """Returns when the actor may write an object under this key; asked before its bytes are taken.

    Raises:
        NotPermitted, BucketNotFound, KeyInvalid: as they say.
    """
    require(actor, Permission.WRITE_OBJECTS)
    require_bucket(actor, bucket)
    check_object_key(key)


def put_object(
    *, actor: Actor, bucket: str, key: str, content: Content, condition: Condition | None = None
) -> StoredObject:
    """The new current version. Earlier ones stay for the executions that recorded them.

    Raises:
        NotPermitted, BucketNotFound, KeyInvalid: as they say; and whatever `condition` raises.
    """
    require_writable(actor, bucket, key)
    with transaction.atomic():
        if condition is not None:
            check_condition(actor, bucket, key, condition)
        return write_object(actor, bucket, key, content, action="object.put")


def check_condition(actor: Actor, bucket: str, key: str, condition: Condition) -> None:
    """Asks `condition` about the current version while no other conditional write of the workspace does."""
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    condition(current_version(actor.workspace.pk, bucket, key))


def write_object(actor: Actor, bucket: str, key: str, content: Content, *, action: str) -> StoredObject:
    """The new version and its audit entry, inside the caller's transaction."""
    row = StoredObject(
        workspace=actor.workspace,
        bucket=bucket,
        key=key,
        sha256=content.sha256,
        size=content.size,
        etag=content.etag,
        headers=dict(content.headers),
        created_at=database_now(),
    )
    sql.insert(StoredObject, [row])
    audit.record(actor, action, row.uri, {"sha256": content.sha256, "size": content.size})
    return row


def delete_objects(*, actor: Actor, bucket: str, keys: Iterable[str]) -> None:
    """Ends every named object that is there. Deleting nothing is no error.

    Raises:
        NotPermitted, BucketNotFound: as they say.
    """
    require(actor, Permission.WRITE_OBJECTS)
    require_bucket(actor, bucket)
    with transaction.atomic():
        gone = []
        for key in dict.fromkeys(keys):
            row = current_version(actor.workspace.pk, bucket, key)
            if row is not None:
                gone.append(_marker(actor, row))
        sql.insert(StoredObject, gone)
        if len(gone) == 1:
            audit.record(actor, "object.delete", gone[0].uri)
        elif gone:
            audit.record(actor, "object.delete", f"s3://{bucket}/", {"keys": [row.key for row in gone]})


def _marker(actor: Actor, row: StoredObject) -> StoredObject:
    return StoredObject(
        workspace=actor.workspace,
        bucket=row.bucket,
        key=row.key,
        sha256="",
        size=0,
        headers={},
        deleted=True,
        created_at=database_now(),
    )
