"""Model package groups."""

from __future__ import annotations

from aws.call import Call, Document
from aws.facts import user
from aws.lookups import group_of, tags_given
from aws.pagination import created_between, page_of_rows
from registry import selectors
from registry.models import ModelPackageGroup
from registry.services import groups as services
from registry.services.tags import add_tags, forget_tags


def create(call: Call) -> Document:
    group = services.create_group(
        actor=call.actor,
        name=call["ModelPackageGroupName"],
        description=call.get("ModelPackageGroupDescription", ""),
    )
    add_tags(actor=call.actor, arn=group.arn, tags=tags_given(call))
    return {"ModelPackageGroupArn": group.arn}


def describe(call: Call) -> Document:
    return _facts(group_of(call, call["ModelPackageGroupName"]))


def list_groups(call: Call) -> Document:
    rows = selectors.groups(call.actor)
    if call.get("CrossAccountFilterOption") == "CrossAccount":
        rows = rows.none()
    if text := call.get("NameContains"):
        rows = rows.filter(name__icontains=text)
    rows = created_between(call, rows, after="CreationTimeAfter", before="CreationTimeBefore")
    key = {"Name": "name", "CreationTime": "created_at"}[call.get("SortBy", "CreationTime")]
    page = page_of_rows(call, rows, key=key, descending=call.get("SortOrder", "Ascending") == "Descending")
    return {"ModelPackageGroupSummaryList": [_facts(row) for row in page.results], "NextToken": page.token}


def delete(call: Call) -> Document:
    group = group_of(call, call["ModelPackageGroupName"])
    services.delete_group(actor=call.actor, name=group.name)
    forget_tags(actor=call.actor, arn=group.arn)
    return {}


def _facts(group: ModelPackageGroup) -> Document:
    return {
        "ModelPackageGroupName": group.name,
        "ModelPackageGroupArn": group.arn,
        "ModelPackageGroupDescription": group.description or None,
        "CreationTime": group.created_at,
        "CreatedBy": user(group.created_by),
        "ModelPackageGroupStatus": "Completed",
    }
