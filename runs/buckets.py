"""Which buckets a workspace has. Names are per workspace: what another one has is not even seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from runs.errors import BucketNotFound
from runs.models import Bucket, StoredObject
from runs.storage.uri import is_bucket_name


@dataclass(frozen=True, kw_only=True)
class BucketRow:
    name: str
    created_at: datetime


def buckets(actor: Actor) -> list[BucketRow]:
    """The default bucket, those made by name, and those that steps have written to, by name."""
    workspace = actor.workspace
    found = {workspace.default_bucket: workspace.created_at}
    found |= dict(Bucket.objects.filter(workspace=workspace).values_list("name", "created_at"))
    written = StoredObject.objects.filter(workspace=workspace).exclude(bucket__in=found)
    for name in written.order_by().values_list("bucket", flat=True).distinct():
        first = current(workspace.pk, name).order_by("pk").values_list("created_at", flat=True).first()
        if first is not None:
            found[name] = first
    return [BucketRow(name=name, created_at=found[name]) for name in sorted(found)]


def has_bucket(actor: Actor, name: str) -> bool:
    """Whether the workspace has the bucket."""
    workspace = actor.workspace
    return is_bucket_name(name) and (
        name == workspace.default_bucket
        or Bucket.objects.filter(workspace=workspace, name=name).exists()
        or current(workspace.pk, name).exists()
    )


def require_bucket(actor: Actor, name: str) -> None:
    """Returns when the workspace has the bucket.

    Raises:
        BucketNotFound: there is none, or it is another workspace's.
    """
    if not has_bucket(actor, name):
        raise BucketNotFound(bucket=name)


def current(workspace_id: str, bucket: str) -> QuerySet[StoredObject]:
    """The current versions of a bucket's objects."""
    rows = StoredObject.objects.filter(workspace_id=workspace_id, bucket=bucket)
    newer = StoredObject.objects.filter(
        workspace_id=OuterRef("workspace_id"), bucket=OuterRef("bucket"), key=OuterRef("key"), pk__gt=OuterRef("pk")
    )
    return rows.filter(~Exists(newer), deleted=False)
