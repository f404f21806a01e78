"""Registering models and deciding about them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.names import GROUP_NAME, GROUP_NAME_WORDS, usable_group_name
from engine.steps.jobs.register_model import numbered
from registry import hooks, selectors
from registry.errors import RequestInvalid
from registry.models import ModelPackage, ModelPackageGroup

PENDING = ModelPackage.Approval.PENDING.value


def register_model_package(
    *,
    actor: Actor,
    group_name: str,
    request: dict[str, Any],
    description: dict[str, Any],
    source_execution: str = "",
    source_step: str = "",
    figures: Sequence[Mapping[str, Any]] = (),
    make_group: bool = True,
) -> ModelPackage:
    """The next version of the group, which is made when missing. Safe to repeat for one step of one execution.

    `request`: what the step asked for. `description`: DescribeModelPackage without the keys that need a number.
    `figures`: `{"label", "value"}` of the model's quality report, the most telling first.

    Raises:
        NotPermitted
        GroupNotFound: the group is missing and `make_group` is off.
        RequestInvalid: the group's name or the approval status is not one AWS knows.
    """
    require(actor, Permission.REGISTER_MODEL)
    approval = description.get("ModelApprovalStatus", PENDING)
    if not GROUP_NAME.fullmatch(group_name):
        raise RequestInvalid(reason=_unusable(group_name))
    if approval not in ModelPackage.Approval.values:
        known = ", ".join(ModelPackage.Approval.values)
        raise RequestInvalid(reason=f"ModelApprovalStatus is {approval!r}; it must be one of {known}")
    with transaction.atomic():
        if source_execution:
            earlier = ModelPackage.objects.filter(source_execution=source_execution, source_step=source_step)
            if (found := earlier.select_related("group").first()) is not None:
                return found
        group = _group(actor, group_name) if make_group else selectors.group(actor, group_name)
        # One UPDATE takes the number; its row lock makes the next caller wait.
        ModelPackageGroup.objects.filter(pk=group.pk).update(latest_version=F("latest_version") + 1)
        group.refresh_from_db(fields=["latest_version"])
        whole = numbered(
            {**description, "ModelPackageGroupName": group_name},
            arn_prefix=_arn_prefix(actor),
            version=group.latest_version,
        )
        package = ModelPackage.objects.create(
            group=group,
            version=group.latest_version,
            arn=whole["ModelPackageArn"],
            request=json.dumps(request),
            description=json.dumps(whole),
            approval_status=approval,
            figures=list(figures),
            source_execution=source_execution,
            source_step=source_step,
            created_by=actor.username,
        )
        audit.record(actor, "register-model", package.arn, {"execution": source_execution, "step": source_step})
        transaction.on_commit(lambda: hooks.registered(package))
    return package


def _group(actor: Actor, name: str) -> ModelPackageGroup:
    found = ModelPackageGroup.objects.filter(workspace=actor.workspace, name=name).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return ModelPackageGroup.objects.create(
                workspace=actor.workspace,
                name=name,
                arn=f"{_arn_prefix(actor)}:model-package-group/{name}",
                created_by=actor.username,
            )
    except IntegrityError:  # somebody made it meanwhile
        return ModelPackageGroup.objects.get(workspace=actor.workspace, name=name)


def _unusable(name: str) -> str:
    """What is wrong with a group's name, and what to type in its place."""
    usable = usable_group_name(name)
    instead = f', such as "{usable}"' if usable else ""
    return f'"{name[:80]}" cannot be the name of a model group. Type {GROUP_NAME_WORDS}{instead}'


def _arn_prefix(actor: Actor) -> str:
    return f"arn:aws:sagemaker:{settings.CLARY_REGION}:{actor.workspace.account_id}"
