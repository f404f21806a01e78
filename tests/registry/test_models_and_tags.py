"""Models, tags and groups: made once, found again, gone when deleted, and nobody else's."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from registry import selectors
from registry.errors import (
    GroupExists,
    GroupNotEmpty,
    GroupNotFound,
    ModelExists,
    ModelNotFound,
    ModelPackageNotFound,
    RequestInvalid,
    TooManyTags,
)
from registry.models import ModelPackage, ModelPackageGroup
from registry.services.groups import create_group, delete_group
from registry.services.models import create_model, delete_model
from registry.services.package_changes import change_model_package, delete_model_package
from registry.services.packages import register_model_package
from registry.services.tags import add_tags, forget_tags, remove_tags

ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/churn"


def package(actor: Actor, **facts: object) -> ModelPackage:
    return register_model_package(actor=actor, group_name="churn", request={}, description=dict(facts))


def test_a_model_is_described_as_it_was_asked_for(member: Actor) -> None:
    model = create_model(actor=member, name="m-1", request={"PrimaryContainer": {"Image": "i"}})
    document = json.loads(selectors.model(member, "m-1").description)
    assert document["PrimaryContainer"] == {"Image": "i"}
    assert document["ModelArn"] == model.arn == f"arn:aws:sagemaker:us-east-1:{member.workspace.account_id}:model/m-1"
    assert AuditEntry.objects.filter(action="create-model", target=model.arn).exists()


def test_a_name_is_used_once_and_free_after_deleting(member: Actor) -> None:
    create_model(actor=member, name="m", request={})
    with pytest.raises(ModelExists):
        create_model(actor=member, name="m", request={})
    delete_model(actor=member, name="m")
    with pytest.raises(ModelNotFound):
        selectors.model(member, "m")
    create_model(actor=member, name="m", request={})


def test_a_step_makes_its_model_once(member: Actor) -> None:
    first = create_model(actor=member, name="a", request={}, source_execution="e" * 12, source_step="M")
    assert create_model(actor=member, name="b", request={}, source_execution="e" * 12, source_step="M") == first


def test_a_stranger_finds_nothing_and_a_viewer_changes_nothing(member: Actor, stranger: Actor, viewer: Actor) -> None:
    create_model(actor=member, name="m", request={})
    held = package(member)
    add_tags(actor=member, arn=ARN, tags={"a": "1"})
    with pytest.raises(ModelNotFound):
        delete_model(actor=stranger, name="m")
    with pytest.raises(ModelPackageNotFound):
        change_model_package(actor=stranger, package_id=held.pk, changes={})
    with pytest.raises(GroupNotFound):
        delete_group(actor=stranger, name="churn")
    assert not selectors.tags(stranger, ARN).exists()
    for refused in (
        lambda: create_model(actor=viewer, name="x", request={}),
        lambda: delete_model(actor=viewer, name="m"),
        lambda: add_tags(actor=viewer, arn=ARN, tags={"b": "2"}),
        lambda: remove_tags(actor=viewer, arn=ARN, keys=["a"]),
        lambda: create_group(actor=viewer, name="g"),
        lambda: delete_group(actor=viewer, name="churn"),
        lambda: change_model_package(actor=viewer, package_id=held.pk, changes={}),
        lambda: delete_model_package(actor=viewer, package_id=held.pk),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_tags_are_set_by_key_and_taken_off_by_key(member: Actor) -> None:
    add_tags(actor=member, arn=ARN, tags={"team": "risk", "stage": "dev"})
    add_tags(actor=member, arn=ARN, tags={"stage": "prod"})
    assert dict(selectors.tags(member, ARN).values_list("key", "value")) == {"team": "risk", "stage": "prod"}
    remove_tags(actor=member, arn=ARN, keys=["team", "nothing"])
    assert list(selectors.tags(member, ARN).values_list("key", flat=True)) == ["stage"]
    forget_tags(actor=member, arn=ARN)
    assert not selectors.tags(member, ARN).exists()


def test_the_51st_tag_is_refused_and_nothing_is_kept_of_it(member: Actor) -> None:
    add_tags(actor=member, arn=ARN, tags={f"k{n}": "" for n in range(50)})
    add_tags(actor=member, arn=ARN, tags={"k3": "again"})
    with pytest.raises(TooManyTags):
        add_tags(actor=member, arn=ARN, tags={"one-more": ""})
    assert selectors.tags(member, ARN).count() == 50


def test_a_group_goes_only_when_it_is_empty(member: Actor) -> None:
    create_group(actor=member, name="churn", description="who leaves")
    with pytest.raises(GroupExists):
        create_group(actor=member, name="churn")
    held = package(member)
    with pytest.raises(GroupNotEmpty):
        delete_group(actor=member, name="churn")
    delete_model_package(actor=member, package_id=held.pk)
    delete_group(actor=member, name="churn")
    assert not ModelPackageGroup.objects.exists()


def test_a_missing_group_is_made_only_where_that_is_asked_for(member: Actor) -> None:
    with pytest.raises(GroupNotFound):
        register_model_package(actor=member, group_name="new", request={}, description={}, make_group=False)


def test_approving_is_written_into_the_row_and_the_document(member: Actor) -> None:
    held = package(member)
    changed = change_model_package(
        actor=member, package_id=held.pk, changes={"ModelApprovalStatus": "Approved", "ApprovalDescription": "good"}
    )
    document = json.loads(changed.description)
    assert changed.approval_status == document["ModelApprovalStatus"] == "Approved"
    assert document["LastModifiedBy"] == {"UserProfileName": "miles"}
    entry = AuditEntry.objects.get(action="change-model-package")
    assert "good" in entry.detail


def test_metadata_is_merged_and_taken_away_by_key(member: Actor) -> None:
    held = package(member, CustomerMetadataProperties={"a": "1", "b": "2"})
    changed = change_model_package(
        actor=member,
        package_id=held.pk,
        changes={"CustomerMetadataProperties": {"c": "3"}},
        metadata_to_remove=["a"],
    )
    assert json.loads(changed.description)["CustomerMetadataProperties"] == {"b": "2", "c": "3"}
    too_many = {"CustomerMetadataProperties": {f"k{n}": "" for n in range(60)}}
    with pytest.raises(RequestInvalid):
        change_model_package(actor=member, package_id=held.pk, changes=too_many)
