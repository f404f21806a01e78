"""Making and removing buckets."""

from __future__ import annotations

import re

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.buckets import current, has_bucket, require_bucket
from runs.errors import BucketExists, BucketKept, BucketNotEmpty, BucketTaken, KeyInvalid
from runs.models import Bucket, MultipartUpload
from runs.storage.uri import BadUri, check_bucket

_DEFAULT_OF_SOMEBODY = re.compile(r"clary-\d{12}")


def create_bucket(*, actor: Actor, name: str) -> None:
    """A new, empty bucket of the workspace.

    Raises:
        KeyInvalid: no bucket name.
        BucketExists: it has it already.
        BucketTaken: a name kept for another workspace's default bucket.
    """
    require(actor, Permission.WRITE_OBJECTS)
    try:
        check_bucket(name)
    except BadUri as bad:
        raise KeyInvalid(reason=str(bad)) from None
    with transaction.atomic():
        if has_bucket(actor, name):
            raise BucketExists(bucket=name)
        if _DEFAULT_OF_SOMEBODY.fullmatch(name):
            raise BucketTaken(bucket=name)
        _, created = Bucket.objects.get_or_create(workspace=actor.workspace, name=name)
        if not created:
            raise BucketExists(bucket=name)
        audit.record(actor, "bucket.create", name)


def delete_bucket(*, actor: Actor, name: str) -> None:
    """Removes an empty bucket.

    Raises:
        BucketNotFound, BucketNotEmpty: as they say.
        BucketKept: the default bucket.
    """
    require(actor, Permission.WRITE_OBJECTS)
    with transaction.atomic():
        require_bucket(actor, name)
        if current(actor.workspace.pk, name).exists():
            raise BucketNotEmpty(bucket=name)
        if MultipartUpload.objects.filter(workspace=actor.workspace, bucket=name).exists():
            raise BucketNotEmpty(bucket=name)
        if name == actor.workspace.default_bucket:
            raise BucketKept(bucket=name)
        Bucket.objects.filter(workspace=actor.workspace, name=name).delete()
        audit.record(actor, "bucket.delete", name)
