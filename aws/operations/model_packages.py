"""Model packages: the numbered versions of a group."""

from __future__ import annotations

import json
from dataclasses import replace

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat, LPad

from aws.call import Call, Document
from aws.errors import AwsError, invalid
from aws.facts import user
from aws.idempotency import once
from aws.lookups import group_of, package_of, tags_given
from aws.pagination import created_between, page_of_rows
from registry import selectors
from registry.models import ModelPackage
from registry.services.package_changes import change_model_package, delete_model_package
from registry.services.packages import register_model_package
from registry.services.tags import add_tags, forget_tags
from runs.clock import database_now
from runs.services.model_figures import figures_of

#: What UpdateModelPackage changes by its own name.
_CHANGEABLE = (
    "ModelApprovalStatus",
    "ModelPackageRegistrationType",
    "ApprovalDescription",
    "CustomerMetadataProperties",
    "InferenceSpecification",
    "SourceUri",
    "ModelCard",
    "ModelLifeCycle",
)


def create(call: Call) -> Document:
    if "ModelPackageGroupName" not in call.given:
        raise invalid(
            "ModelPackageGroupName must be given: Clary keeps versions of a group. Create a group first, "
            "or name one that is there."
        )
    group = group_of(call, call["ModelPackageGroupName"])

    def act() -> str:
        request = {key: value for key, value in call.given.items() if key not in ("Tags", "ClientToken")}
        request["ModelPackageGroupName"] = group.name
        package = register_model_package(
            actor=call.actor,
            group_name=group.name,
            request=request,
            description=_described(call, request),
            figures=figures_of(call.actor.workspace.pk, request),
        )
        add_tags(actor=call.actor, arn=package.arn, tags=tags_given(call))
        return package.arn

    return {"ModelPackageArn": once(call, act, member="ClientToken")}


def describe(call: Call) -> Document:
    package = package_of(call, call["ModelPackageName"])
    document: Document = json.loads(package.description)
    return {"CreatedBy": user(package.created_by), **document, "ModelApprovalStatus": package.approval_status}


def list_packages(call: Call) -> Document:
    rows = selectors.all_packages(call.actor)
    if call.get("ModelPackageType") == "Unversioned":
        rows = rows.none()  # every package here is a version of a group
    if name := call.get("ModelPackageGroupName"):
        rows = rows.filter(group=group_of(call, name))
    if status := call.get("ModelApprovalStatus"):
        rows = rows.filter(approval_status=status)
    if text := call.get("NameContains"):
        rows = rows.filter(group__name__icontains=text)
    rows = created_between(call, rows, after="CreationTimeAfter", before="CreationTimeBefore")
    rows, key = _ordered(rows, call.get("SortBy", "CreationTime"))
    page = page_of_rows(call, rows, key=key, descending=call.get("SortOrder", "Ascending") == "Descending")
    return {"ModelPackageSummaryList": [_summary(row) for row in page.results], "NextToken": page.token}


def update(call: Call) -> Document:
    package = package_of(call, call["ModelPackageArn"])

    def act() -> str:
        change_model_package(
            actor=call.actor,
            package_id=package.pk,
            changes={key: call[key] for key in _CHANGEABLE if key in call.given},
            metadata_to_remove=call.get("CustomerMetadataPropertiesToRemove", ()),
            inference_specifications_to_add=call.get("AdditionalInferenceSpecificationsToAdd", ()),
        )
        return package.arn

    return {"ModelPackageArn": once(call, act, member="ClientToken")}


def delete(call: Call) -> Document:
    package = package_of(call, call["ModelPackageName"])
    delete_model_package(actor=call.actor, package_id=package.pk)
    forget_tags(actor=call.actor, arn=package.arn)
    return {}


def batch_describe(call: Call) -> Document:
    found: dict[str, Document] = {}
    errors: dict[str, Document] = {}
    for arn in call["ModelPackageArnList"]:
        try:
            document = describe(replace(call, given={"ModelPackageName": arn}))
        except AwsError as error:
            errors[arn] = {"ErrorCode": error.code, "ErrorResponse": error.message}
        else:
            found[arn] = {"InferenceSpecification": {"Containers": []}, **document}
    return {"ModelPackageSummaries": found, "BatchDescribeModelPackageErrorMap": errors or None}


def _described(call: Call, request: Document) -> Document:
    """DescribeModelPackage of a package that was asked for directly: it is complete at once."""
    return {
        **request,
        "ModelApprovalStatus": request.get("ModelApprovalStatus", ModelPackage.Approval.PENDING.value),
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CreationTime": database_now().timestamp(),
        "CreatedBy": user(call.actor.username),
    }


def _summary(row: ModelPackage) -> Document:
    return {
        "ModelPackageName": f"{row.group.name}/{row.version}",
        "ModelPackageGroupName": row.group.name,
        "ModelPackageVersion": row.version,
        "ModelPackageArn": row.arn,
        "CreationTime": row.created_at,
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": row.approval_status,
    }


def _ordered(rows: QuerySet[ModelPackage], sort_by: str) -> tuple[QuerySet[ModelPackage], str]:
    """Rows with the column they are ordered by; "Name" keeps versions of a group in numeric order."""
    if sort_by == "CreationTime":
        return rows, "created_at"
    number = LPad(Cast("version", CharField()), 9, Value("0"))
    return rows.annotate(full_name=Concat("group__name", Value("/"), number)), "full_name"
