"""Model package groups: making and deleting them by name."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.names import model_package_group_arn
from registry import selectors
from registry.errors import GroupExists, GroupNotEmpty
from registry.models import ModelPackage, ModelPackageGroup


def create_group(*, actor: Actor, name: str, description: str = "") -> ModelPackageGroup:
    """The new, empty group.

    Raises:
        NotPermitted
        GroupExists: the workspace has a group of that name.
    """
    require(actor, Permission.REGISTER_MODEL)
    arn = model_package_group_arn(settings.CLARY_REGION, actor.workspace.account_id, name)
    try:
        with transaction.atomic():
            group = ModelPackageGroup.objects.create(
                workspace=actor.workspace, name=name, arn=arn, description=description, created_by=actor.username
            )
            audit.record(actor, "create-model-package-group", arn)
    except IntegrityError:
        raise GroupExists(group=arn) from None
    return group


def delete_group(*, actor: Actor, name: str) -> None:
    """Takes an empty group away.

    Raises:
        NotPermitted, GroupNotFound
        GroupNotEmpty: it holds versions.
    """
    require(actor, Permission.DELETE_MODEL)
    with transaction.atomic():
        group = selectors.group(actor, name)
        count = ModelPackage.objects.filter(group=group).count()
        if count:
            raise GroupNotEmpty(group=name, count=count)
        arn = group.arn
        group.delete()
        audit.record(actor, "delete-model-package-group", arn)
