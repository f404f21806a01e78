"""Choosing a registered model for a step: versions of every group with the address of their file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from accounts.actors import Actor
from engine.steps.jobs.register_model import model_data
from registry.models import ModelPackage
from registry.services.packages import register_model_package
from tests.factories.api import Api

pytestmark = pytest.mark.django_db


def register(actor: Actor, group: str, data: str) -> ModelPackage:
    container = {"Image": "clary/steps:1", "ModelDataUrl": data}
    description = {"ModelApprovalStatus": "Approved", "InferenceSpecification": {"Containers": [container]}}
    return register_model_package(actor=actor, group_name=group, request={}, description=description)


def found(api: Api, **query: str) -> list[tuple[str, int, str]]:
    answer = api.get(f"model-versions/?{urlencode(query)}")
    assert answer.status_code == 200
    return [(one["group"], one["version"], one["data"]) for one in answer.json()["results"]]


@pytest.fixture
def three(member: Actor) -> None:
    for group, name in (("churn", "a"), ("churn", "ü b"), ("fraud", "a_c")):
        register(member, group, f"s3://models/{name}/model.tar.gz")


def test_versions_of_every_group_come_newest_first_with_their_file(three: None, member_api: Api) -> None:
    assert found(member_api) == [
        ("fraud", 1, "s3://models/a_c/model.tar.gz"),
        ("churn", 2, "s3://models/ü b/model.tar.gz"),
        ("churn", 1, "s3://models/a/model.tar.gz"),
    ]


def test_a_part_of_the_groups_name_narrows_them(three: None, member_api: Api) -> None:
    assert [one[:2] for one in found(member_api, search=" CHU ")] == [("churn", 2), ("churn", 1)]
    assert found(member_api, search="nobody") == []


@pytest.mark.parametrize(("name", "expected"), [("a", ("churn", 1)), ("ü b", ("churn", 2)), ("a_c", ("fraud", 1))])
def test_an_address_says_which_version_it_is(three: None, member_api: Api, name: str, expected: Any) -> None:
    assert [one[:2] for one in found(member_api, data=f"s3://models/{name}/model.tar.gz")] == [expected]


@pytest.mark.parametrize(
    "data", ["s3://models/a", "s3://models/A/model.tar.gz", "s3://models/%", 'a"b', "s3://models/axc/model.tar.gz"]
)
def test_another_address_is_no_version(three: None, member_api: Api, data: str) -> None:
    assert found(member_api, data=data) == []


def test_a_stranger_sees_none(three: None, stranger_api: Api) -> None:
    assert found(stranger_api) == []


def test_the_number_of_queries_does_not_grow_with_the_versions(
    three: None, member: Actor, member_api: Api, django_assert_num_queries: Any
) -> None:
    found(member_api)  # a token's first use is noted
    with django_assert_num_queries(3):  # token, member, versions
        found(member_api)
    register(member, "more", "s3://models/m/model.tar.gz")
    with django_assert_num_queries(3):
        found(member_api)


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"InferenceSpecification": 3}, {"InferenceSpecification": {"Containers": [1, {"ModelDataUrl": 2}]}}],
)
def test_a_package_without_a_file_has_no_address(document: Any) -> None:
    assert model_data(document) == ""
