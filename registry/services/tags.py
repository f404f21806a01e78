"""Tags: keys and values on anything that has an ARN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from registry.errors import TooManyTags
from registry.models import Tag

MOST_TAGS = 50  # AWS: per resource


def add_tags(*, actor: Actor, arn: str, tags: Mapping[str, str]) -> None:
    """Sets these keys; keys the resource has already get the new value, others stay. Safe to repeat.

    Raises:
        NotPermitted
        TooManyTags: the resource would have more than 50.
    """
    require(actor, Permission.TAG)
    if not tags:
        return
    with transaction.atomic():
        held = set(Tag.objects.filter(workspace=actor.workspace, arn=arn).values_list("key", flat=True))
        if len(held | set(tags)) > MOST_TAGS:
            raise TooManyTags(arn=arn, count=len(held | set(tags)), limit=MOST_TAGS)
        rows = [Tag(workspace=actor.workspace, arn=arn, key=key, value=value) for key, value in tags.items()]
        Tag.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["workspace", "arn", "key"], update_fields=["value"]
        )
        audit.record(actor, "add-tags", arn, dict(tags))


def remove_tags(*, actor: Actor, arn: str, keys: Sequence[str]) -> None:
    """Takes these keys off; keys the resource lacks are nothing. Safe to repeat.

    Raises:
        NotPermitted
    """
    require(actor, Permission.TAG)
    with transaction.atomic():
        removed, _ = Tag.objects.filter(workspace=actor.workspace, arn=arn, key__in=keys).delete()
        if removed:
            audit.record(actor, "remove-tags", arn, {"keys": list(keys)})


def forget_tags(*, actor: Actor, arn: str) -> None:
    """Takes every tag off a resource that is being deleted; part of that deletion's transaction and audit entry.

    Raises:
        NotPermitted
    """
    require(actor, Permission.TAG)
    Tag.objects.filter(workspace=actor.workspace, arn=arn).delete()
