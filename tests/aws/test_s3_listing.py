"""Listings fold at a delimiter, go on where they stopped, and keep the order of bytes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.utils import timezone

from accounts.actors import Actor
from runs.models import StoredObject
from runs.object_listing import list_objects
from tests.aws.server import AwsServer

KEYS = ["a", "a/b", "a/b/c", "a/d", "b/1", "b/2", "b0", "c d/é&<>", "z", "é", "\U0001f600"]


@pytest.fixture
def bucket(member: Actor) -> str:
    return member.workspace.default_bucket


def store(member: Actor, keys: list[str], *, deleted: bool = False) -> None:
    bucket = member.workspace.default_bucket
    for key in keys:
        StoredObject.objects.create(
            workspace=member.workspace,
            bucket=bucket,
            key=key,
            sha256="0" * 64,
            size=1,
            etag="x",
            deleted=deleted,
            created_at=timezone.now(),
        )


@pytest.fixture
def s3(aws: AwsServer, member: Actor) -> Any:
    store(member, KEYS)
    return aws.client("s3", member)


def test_keys_come_in_the_order_of_their_bytes(s3: Any, bucket: str) -> None:
    for found in (s3.list_objects_v2(Bucket=bucket), s3.list_objects(Bucket=bucket)):
        assert [row["Key"] for row in found["Contents"]] == sorted(KEYS, key=str.encode)
        assert found["IsTruncated"] is False
    raw = s3.list_objects_v2(Bucket=bucket, EncodingType="url")
    assert "c%20d/%C3%A9%26%3C%3E" in [row["Key"] for row in raw["Contents"]]


@pytest.mark.parametrize(
    ("given", "keys", "prefixes"),
    [
        ({"Delimiter": "/"}, ["a", "b0", "z", "é", "\U0001f600"], ["a/", "b/", "c d/"]),
        ({"Delimiter": "/", "Prefix": "a/"}, ["a/b", "a/d"], ["a/b/"]),
        ({"Delimiter": "/", "Prefix": "a"}, ["a"], ["a/"]),
        ({"Prefix": "b"}, ["b/1", "b/2", "b0"], []),
        ({"Prefix": "nothing"}, [], []),
        ({"Prefix": "a\0"}, [], []),
        ({"StartAfter": "b/1", "Prefix": "b"}, ["b/2", "b0"], []),
        ({"StartAfter": "a/b", "Delimiter": "/", "Prefix": "a"}, [], []),
        ({"Delimiter": "d"}, ["a", "a/b", "a/b/c", "b/1", "b/2", "b0", "z", "é", "\U0001f600"], ["a/d", "c d"]),
        ({"MaxKeys": 0}, [], []),
    ],
)
def test_prefix_and_delimiter(
    s3: Any, bucket: str, given: dict[str, Any], keys: list[str], prefixes: list[str]
) -> None:
    found = s3.list_objects_v2(Bucket=bucket, **given)
    assert [row["Key"] for row in found.get("Contents", [])] == keys
    assert [row["Prefix"] for row in found.get("CommonPrefixes", [])] == prefixes
    assert found["KeyCount"] == len(keys) + len(prefixes)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("given", [{}, {"Delimiter": "/"}, {"Prefix": "a", "Delimiter": "/"}])
def test_pages_joined_are_the_whole(s3: Any, bucket: str, size: int, given: dict[str, str]) -> None:
    whole = s3.list_objects_v2(Bucket=bucket, **given)
    for operation in ("list_objects_v2", "list_objects"):
        pages = list(s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": size}, **given))
        for member in ("Contents", "CommonPrefixes"):
            assert [
                row["Key" if member == "Contents" else "Prefix"] for page in pages for row in page.get(member, [])
            ] == [row["Key" if member == "Contents" else "Prefix"] for row in whole.get(member, [])]
        assert all(len(page.get("Contents", [])) + len(page.get("CommonPrefixes", [])) <= size for page in pages)


@pytest.mark.parametrize(
    "given",
    [
        {"ContinuationToken": "no token"},
        {"ContinuationToken": "/////w=="},
        {"EncodingType": "rot13"},
        {"MaxKeys": -1},
    ],
)
def test_parameters_that_mean_nothing_are_refused(s3: Any, bucket: str, given: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refused:
        s3.list_objects_v2(Bucket=bucket, **given)
    assert refused.value.response["Error"]["Code"] == "InvalidArgument"


@pytest.mark.django_db
def test_versions_and_marks_do_not_show(member: Actor) -> None:
    store(member, ["a", "b", "b", "c"])
    store(member, ["a", "c"], deleted=True)
    store(member, ["c"])
    found = list_objects(member.workspace.pk, member.workspace.default_bucket)
    assert [row.key for row in found.objects] == ["b", "c"]
    assert found.objects[1].pk == StoredObject.objects.latest("pk").pk


@pytest.mark.django_db
def test_a_thousand_keys_below_one_prefix_cost_as_little_as_one(
    member: Actor, django_assert_max_num_queries: Any
) -> None:
    bucket = member.workspace.default_bucket
    rows = [
        StoredObject(
            workspace=member.workspace,
            bucket=bucket,
            key=f"{folder}/{number:05d}",
            sha256="0" * 64,
            size=1,
            created_at=timezone.now(),
        )
        for folder in "abc"
        for number in range(1500)
    ]
    StoredObject.objects.bulk_create(rows)
    with django_assert_max_num_queries(5):
        found = list_objects(member.workspace.pk, bucket, delimiter="/")
    assert found.prefixes == ["a/", "b/", "c/"]
    whole = list_objects(member.workspace.pk, bucket, limit=10_000)
    assert len(whole.objects) == 4500
