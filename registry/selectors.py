"""Reading registered models. Every query filters by the actor's workspace."""

from __future__ import annotations

import json

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex

from accounts.actors import Actor
from accounts.permissions import Permission, require
from registry.errors import GroupNotFound, ModelNotFound, ModelPackageNotFound
from registry.models import Model, ModelPackage, ModelPackageGroup, Tag


def groups(actor: Actor) -> QuerySet[ModelPackageGroup]:
    """Groups of the workspace."""
    require(actor, Permission.VIEW)
    return ModelPackageGroup.objects.filter(workspace=actor.workspace)


def group(actor: Actor, name: str) -> ModelPackageGroup:
    """One group by name.

    Raises:
        GroupNotFound: unknown, or of another workspace.
    """
    found = groups(actor).filter(name=name).first()
    if found is None:
        raise GroupNotFound(group=name)
    return found


def packages(actor: Actor, group_name: str) -> QuerySet[ModelPackage]:
    """The group's versions without their documents.

    Raises:
        GroupNotFound
    """
    held = group(actor, group_name)
    return ModelPackage.objects.filter(group=held).select_related("group").defer("request", "description")


def package(actor: Actor, group_name: str, version: int) -> ModelPackage:
    """One version with its documents.

    Raises:
        GroupNotFound, ModelPackageNotFound
    """
    held = group(actor, group_name)
    found = ModelPackage.objects.filter(group=held, version=version).select_related("group").first()
    if found is None:
        raise ModelPackageNotFound(package=f"{group_name}/{version}")
    return found


def all_packages(actor: Actor) -> QuerySet[ModelPackage]:
    """Versions of every group, without their documents."""
    require(actor, Permission.VIEW)
    own = ModelPackage.objects.filter(group__workspace=actor.workspace)
    return own.select_related("group").defer("request", "description")


def versions(actor: Actor, *, search: str = "", data: str = "") -> QuerySet[ModelPackage]:
    """Versions of every group with their documents: of groups whose name holds `search`, that keep the file `data`."""
    require(actor, Permission.VIEW)
    found = ModelPackage.objects.filter(group__workspace=actor.workspace).select_related("group").defer("request")
    if search:
        found = found.filter(group__name__icontains=search)
    if data:
        # Documents are kept as json.dumps writes them, so the member is found as a text, letter for letter.
        place = StrIndex("description", Value(f'"ModelDataUrl": {json.dumps(data)}'))
        found = found.alias(place=place).filter(place__gt=0)
    return found


def models(actor: Actor) -> QuerySet[Model]:
    """Models of the workspace, without their documents."""
    require(actor, Permission.VIEW)
    return Model.objects.filter(workspace=actor.workspace).defer("request", "description")


def model(actor: Actor, name: str) -> Model:
    """One model with its documents.

    Raises:
        ModelNotFound: unknown, or of another workspace.
    """
    require(actor, Permission.VIEW)
    found = Model.objects.filter(workspace=actor.workspace, name=name).first()
    if found is None:
        raise ModelNotFound(model=name)
    return found


def tags(actor: Actor, arn: str) -> QuerySet[Tag]:
    """The tags of one resource."""
    require(actor, Permission.VIEW)
    return Tag.objects.filter(workspace=actor.workspace, arn=arn)
