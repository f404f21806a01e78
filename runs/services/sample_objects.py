"""The files samples and templates bring, put where their definitions look for them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs import namespace
from runs.clock import database_now
from runs.samples import SampleObject
from runs.storage.uri import S3Uri
from runs.stores import blob_store


def upload_objects(actor: Actor, objects: Iterable[SampleObject]) -> None:
    """Stores each under its address in the default bucket; what is there already is left alone.

    Raises:
        NotPermitted
    """
    require(actor, Permission.WRITE_OBJECTS)
    for item in objects:
        sha256, size = blob_store().put_bytes(item.read())
        uri = str(S3Uri(actor.workspace.default_bucket, item.key))
        with transaction.atomic():
            known = namespace.current_object(actor.workspace.pk, uri)
            if known is None or known.sha256 != sha256:
                namespace.store_object(
                    workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now()
                )
