"""Registered models: numbered, found again, and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from registry import hooks, selectors
from registry.errors import GroupNotFound, ModelPackageNotFound, RequestInvalid
from registry.models import ModelPackage, ModelPackageGroup
from registry.services.packages import register_model_package
from tests.factories.api import Api


def register(actor: Actor, group: str = "churn", **facts: Any) -> ModelPackage:
    description = {"ModelApprovalStatus": "Approved", "InferenceSpecification": {"Containers": []}}
    return register_model_package(
        actor=actor, group_name=group, request={"Get": "as asked"}, description=description, **facts
    )


def test_versions_count_up_in_a_group_that_is_made_when_missing(member: Actor) -> None:
    first, second, other = register(member), register(member), register(member, "fraud")
    assert [first.version, second.version, other.version] == [1, 2, 1]
    assert ModelPackageGroup.objects.get(name="churn").latest_version == 2
    assert AuditEntry.objects.filter(action="register-model").count() == 3


def test_the_arn_and_the_description_carry_the_number(member: Actor) -> None:
    package = register(member)
    account = member.workspace.account_id
    assert package.arn == f"arn:aws:sagemaker:us-east-1:{account}:model-package/churn/1"
    document = json.loads(package.description)
    assert document["ModelPackageVersion"] == 1
    assert document["ModelPackageArn"] == package.arn
    assert document["ModelPackageGroupName"] == "churn"
    assert json.loads(package.request) == {"Get": "as asked"}


def test_a_step_registers_once_however_often_it_is_decided(member: Actor) -> None:
    first = register(member, source_execution="e" * 12, source_step="Register")
    again = register(member, source_execution="e" * 12, source_step="Register")
    other = register(member, source_execution="e" * 12, source_step="Register-2")
    assert again == first
    assert other.version == 2


@pytest.mark.parametrize("name", ["", "a b", "a_b", "-a", "a" * 64, "../x"])
def test_a_group_name_aws_would_refuse_is_refused(member: Actor, name: str) -> None:
    with pytest.raises(RequestInvalid, match="cannot be the name of a model group"):
        register(member, name)


def test_a_refused_group_name_comes_with_one_that_can_be_typed(member: Actor) -> None:
    with pytest.raises(RequestInvalid) as told:
        register(member, "Kündigungs Modell!")
    assert str(told.value) == (
        'The model cannot be registered: "Kündigungs Modell!" cannot be the name of a model group. '
        "Type 1 to 63 letters (a to z), digits and hyphens, with a letter or digit at both ends, "
        'such as "Kundigungs-Modell".'
    )


def test_an_unknown_approval_status_is_refused_and_names_the_known_ones(member: Actor) -> None:
    with pytest.raises(RequestInvalid, match="PendingManualApproval"):
        register_model_package(
            actor=member, group_name="churn", request={}, description={"ModelApprovalStatus": "Maybe"}
        )
    assert not ModelPackageGroup.objects.exists()


def test_without_a_status_a_model_waits_for_approval(member: Actor) -> None:
    package = register_model_package(actor=member, group_name="churn", request={}, description={})
    assert package.approval_status == "PendingManualApproval"


def test_others_hear_of_it_after_the_commit_only(
    member: Actor, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[ModelPackage] = []
    monkeypatch.setattr(hooks, "_on_registered", [heard.append])
    with django_capture_on_commit_callbacks() as waiting:
        package = register(member)
        assert heard == []
    for callback in waiting:
        callback()
    assert heard == [package]


def test_an_operator_registers_by_running_and_a_viewer_does_not(operator: Actor, viewer: Actor) -> None:
    assert register(operator).version == 1
    with pytest.raises(NotPermitted):
        register(viewer)


def test_a_stranger_sees_no_group_no_version_and_starts_at_one(member: Actor, stranger: Actor) -> None:
    register(member)
    assert list(selectors.groups(stranger)) == []
    with pytest.raises(GroupNotFound):
        selectors.packages(stranger, "churn")
    with pytest.raises(GroupNotFound):
        selectors.package(stranger, "churn", 1)
    assert register(stranger).version == 1


def test_a_version_that_is_not_there(member: Actor) -> None:
    register(member)
    with pytest.raises(ModelPackageNotFound, match="churn/2"):
        selectors.package(member, "churn", 2)


def test_models_over_rest(member: Actor, member_api: Api, stranger_api: Api) -> None:
    register(member, source_execution="e" * 12, source_step="Register")
    register(member)
    groups = member_api.get("model-packages/").json()["results"]
    assert [(one["name"], one["latest_version"]) for one in groups] == [("churn", 2)]
    rows = member_api.get("model-packages/churn/").json()["results"]
    assert [one["version"] for one in rows] == [2, 1]
    one = member_api.get("model-packages/churn/1/").json()
    assert (one["group"], one["source_step"], one["approval_status"]) == ("churn", "Register", "Approved")
    assert one["description"]["ModelPackageVersion"] == 1
    assert stranger_api.get("model-packages/churn/1/").status_code == 404


def test_a_list_of_versions_costs_the_same_for_one_and_for_thirty(
    member: Actor, member_api: Api, django_assert_num_queries: Any
) -> None:
    register(member)
    member_api.get("model-packages/churn/")
    with django_assert_num_queries(4):  # token, member, group, versions
        member_api.get("model-packages/churn/")
    for _ in range(30):
        register(member)
    with django_assert_num_queries(4):
        assert len(member_api.get("model-packages/churn/").json()["results"]) == 31
