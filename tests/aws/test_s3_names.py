"""Names of buckets and keys cannot leave the store, and cannot break it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.conf import settings

from accounts.actors import Actor
from runs.models import Bucket, StoredObject
from tests.aws.raw import EMPTY, RawS3
from tests.aws.server import AwsServer

GOOD_KEYS = [
    "a",
    "a/b",
    "a/b/c.txt",
    "with space",
    "plus+and&amp;?#%25",
    "percent%2Fencoded%2e%2e",
    "ünïcödé/日本/\U0001f600",
    "~!@$^*()_-=[]{};:',.<>|`\"",
    "...",
    "..a/b..",
    "folder/",
    "a//b",
    "//double",
    "/leading",
    "/",
    "a///",
    "k" * 255,
    "k" * 1024,
    "é" * 512,
    "/".join(["k" * 100] * 10),
]
#: Path as it is sent → the code of a PUT.
BAD_KEYS = {
    "..": "InvalidArgument",
    "../x": "InvalidArgument",
    "a/../../x": "InvalidArgument",
    "a/./x": "InvalidArgument",
    "%2e%2e%2fx": "InvalidArgument",
    "a%2f..%2f..%2fx": "InvalidArgument",
    "..%5cx": "InvalidArgument",
    "a%00b": "InvalidArgument",
    "a%0ab": "InvalidArgument",
    "a%ff": "InvalidURI",
    "%ed%a0%80": "InvalidURI",
    "k" * 1025: "KeyTooLongError",
    "/".join(["k" * 200] * 6): "KeyTooLongError",
    "%F0%9F%98%80/" * 205: "KeyTooLongError",
}
BAD_BUCKETS = [
    "ab", "a" * 64, "Upper", "under_score", "-a-", "a..b", "a.", ".a.", "192.168.0.1", "xn--bucket",
    "a--x-s3", "sthree-x",
]  # fmt: skip


@pytest.fixture
def s3(aws: AwsServer, member: Actor) -> Any:
    return aws.client("s3", member)


def test_every_good_key_is_its_own_object(s3: Any, member: Actor) -> None:
    bucket = member.workspace.default_bucket
    for key in GOOD_KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in GOOD_KEYS:
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    listed = [row["Key"] for row in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == sorted(GOOD_KEYS, key=str.encode)


def test_a_slash_too_many_is_part_of_the_name(s3: Any, member: Actor) -> None:
    bucket = member.workspace.default_bucket
    for key in ("a/b", "a//b", "/a/b", "a//c/d"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    s3.copy_object(Bucket=bucket, Key="copy//b", CopySource={"Bucket": bucket, "Key": "a//b"})
    assert s3.get_object(Bucket=bucket, Key="copy//b")["Body"].read() == b"a//b"
    found = s3.list_objects_v2(Bucket=bucket, Prefix="a/", Delimiter="/")
    assert [row["Key"] for row in found["Contents"]] == ["a/b"]
    assert [row["Prefix"] for row in found["CommonPrefixes"]] == ["a//"]
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a//b"}, {"Key": "/a/b"}]})
    assert [row["Key"] for row in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["a//c/d", "a/b", "copy//b"]


@pytest.mark.parametrize(("path", "code"), BAD_KEYS.items(), ids=[name[:20] for name in BAD_KEYS])
def test_a_bad_key_is_refused_and_reads_as_nothing(aws: AwsServer, member: Actor, path: str, code: str) -> None:
    before = files()
    target = f"/aws/{member.workspace.default_bucket}/{path}"
    with RawS3(aws, member) as raw:
        for body in (b"x", b"x" * 70_000):
            raw.head("PUT", target, {"Content-Length": str(len(body))}, payload_hash=hashlib.sha256(body).hexdigest())
            raw.send(body)
            status, text = raw.status()
            assert (status, f"<Code>{code}</Code>".encode() in text) == (400, True), text
    with RawS3(aws, member) as raw:
        raw.head("GET", target, payload_hash=EMPTY)
        assert raw.status()[0] == (404 if code != "InvalidURI" else 400)
        raw.head("DELETE", target, payload_hash=EMPTY)
        assert raw.status()[0] == (204 if code != "InvalidURI" else 400)
    assert not StoredObject.objects.exists()
    assert files() == before


@pytest.mark.parametrize("name", BAD_BUCKETS)
def test_a_bad_bucket_name_is_refused(aws: AwsServer, member: Actor, name: str) -> None:
    with RawS3(aws, member) as raw:
        raw.head("PUT", f"/aws/{name}", {"Content-Length": "0"}, payload_hash=EMPTY)
        status, text = raw.status()
        assert (status, b"<Code>InvalidBucketName</Code>" in text) == (400, True)
        raw.head("GET", f"/aws/{name}", payload_hash=EMPTY)
        assert raw.status()[0] == 404
    assert not Bucket.objects.exists()


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a%2fb", "a%00b", "a%ff", "%3Cx%3E"])
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE"])
def test_no_spelling_of_a_bucket_is_an_error_of_ours(aws: AwsServer, member: Actor, name: str, method: str) -> None:
    with RawS3(aws, member) as raw:
        raw.head(method, f"/aws/{name}/k", {"Content-Length": "0"} if method == "PUT" else {}, payload_hash=EMPTY)
        if method != "HEAD":
            assert raw.status()[0] in (400, 404)
    assert not StoredObject.objects.exists()


def test_a_bucket_is_made_filled_emptied_and_removed(s3: Any, member: Actor) -> None:
    s3.create_bucket(Bucket="my-own.bucket")
    assert code_of(lambda: s3.create_bucket(Bucket="my-own.bucket")) == "BucketAlreadyOwnedByYou"
    s3.put_object(Bucket="my-own.bucket", Key="k", Body=b"x")
    assert [row["Name"] for row in s3.list_buckets()["Buckets"]] == [member.workspace.default_bucket, "my-own.bucket"]
    assert code_of(lambda: s3.delete_bucket(Bucket="my-own.bucket")) == "BucketNotEmpty"
    s3.delete_object(Bucket="my-own.bucket", Key="k")
    s3.delete_bucket(Bucket="my-own.bucket")
    assert code_of(lambda: s3.head_bucket(Bucket="my-own.bucket")) == "404"
    assert code_of(lambda: s3.delete_bucket(Bucket=member.workspace.default_bucket)) == "AccessDenied"


def test_a_bucket_tells_where_it_is_and_that_it_is_not_versioned(s3: Any, member: Actor) -> None:
    bucket = member.workspace.default_bucket
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert s3.head_bucket(Bucket=bucket)["BucketRegion"] == "us-east-1"
    wrong = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    assert code_of(lambda: s3.create_bucket(Bucket="elsewhere", **wrong)) == "InvalidArgument"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"<Delete></Delete>",
        b"<Other/>",
        b"<Delete><Object><Key/></Object></Delete>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        b"<Delete>" + b"<Object><Key>k</Key></Object>" * 1001 + b"</Delete>",
        b"<a>" * 100_000,
        "<Delete><Object><Key>ä</Key></Object></Delete>".encode("utf-16"),
    ],
    ids=range(9),
)
def test_xml_that_says_nothing_is_refused(aws: AwsServer, member: Actor, body: bytes) -> None:
    with RawS3(aws, member) as raw:
        path = f"/aws/{member.workspace.default_bucket}?delete"
        raw.head("POST", path, {"Content-Length": str(len(body))}, payload_hash=hashlib.sha256(body).hexdigest())
        raw.send(body)
        status, text = raw.status()
        assert (status, b"<Code>MalformedXML</Code>" in text) == (400, True)


def test_a_bucket_may_be_the_first_word_of_the_host(aws: AwsServer, member: Actor) -> None:
    bucket = member.workspace.default_bucket
    s3 = aws.client("s3", member)
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"hello")
    with RawS3(aws, member) as raw:
        for path in ("/aws/a/b", "/a/b"):
            raw.head("GET", path, {"Host": f"{bucket}.localhost:{aws.port}"}, payload_hash=EMPTY)
            assert raw.status() == (200, b"hello")


def files() -> list[Path]:
    """Everything around the store but what the store and the database write."""
    home = Path(settings.CLARY_HOME)
    return sorted(
        one for one in home.rglob("*") if not one.is_relative_to(home / "blobs") and "sqlite3" not in one.name
    )


def code_of(call: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])
