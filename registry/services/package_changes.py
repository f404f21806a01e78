"""Deciding about a registered model, and changing what is written about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from registry.errors import ModelPackageNotFound, RequestInvalid
from registry.models import ModelPackage

MOST_METADATA = 50  # AWS: CustomerMetadataProperties


def change_model_package(
    *,
    actor: Actor,
    package_id: str,
    changes: Mapping[str, Any],
    metadata_to_remove: Sequence[str] = (),
    inference_specifications_to_add: Sequence[Mapping[str, Any]] = (),
) -> ModelPackage:
    """The package with `changes` (members of DescribeModelPackage) made. CustomerMetadataProperties are merged.

    Raises:
        NotPermitted: approving needs another right than writing.
        ModelPackageNotFound: unknown, or of another workspace.
        RequestInvalid: more than 50 metadata properties.
    """
    require(actor, Permission.DECIDE_APPROVAL if "ModelApprovalStatus" in changes else Permission.REGISTER_MODEL)
    with transaction.atomic():
        package = _locked(actor, package_id)
        document = json.loads(package.description)
        metadata = {**document.get("CustomerMetadataProperties", {}), **changes.get("CustomerMetadataProperties", {})}
        kept = {key: value for key, value in metadata.items() if key not in set(metadata_to_remove)}
        if len(kept) > MOST_METADATA:
            raise RequestInvalid(reason=f"{len(kept)} metadata properties; {MOST_METADATA} are allowed")
        document |= changes
        if kept or "CustomerMetadataProperties" in document:
            document["CustomerMetadataProperties"] = kept
        if inference_specifications_to_add:
            held = document.get("AdditionalInferenceSpecifications", [])
            document["AdditionalInferenceSpecifications"] = [*held, *inference_specifications_to_add]
        document["LastModifiedTime"] = timezone.now().timestamp()
        document["LastModifiedBy"] = {"UserProfileName": actor.username}
        package.description = json.dumps(document)
        package.approval_status = document.get("ModelApprovalStatus", package.approval_status)
        package.save(update_fields=["description", "approval_status"])
        audit.record(actor, "change-model-package", package.arn, {"members": sorted(changes), **_decision(changes)})
    return package


def delete_model_package(*, actor: Actor, package_id: str) -> None:
    """Takes one version away; its number is not given again.

    Raises:
        NotPermitted, ModelPackageNotFound
    """
    require(actor, Permission.DELETE_MODEL)
    with transaction.atomic():
        package = _locked(actor, package_id)
        arn = package.arn
        package.delete()
        audit.record(actor, "delete-model-package", arn)


def _locked(actor: Actor, package_id: str) -> ModelPackage:
    rows = ModelPackage.objects.select_for_update(of=("self",)).select_related("group")
    package = rows.filter(group__workspace=actor.workspace, pk=package_id).first()
    if package is None:
        raise ModelPackageNotFound(package=package_id)
    return package


def _decision(changes: Mapping[str, Any]) -> dict[str, Any]:
    if "ModelApprovalStatus" not in changes:
        return {}
    return {"status": changes["ModelApprovalStatus"], "why": changes.get("ApprovalDescription", "")}
