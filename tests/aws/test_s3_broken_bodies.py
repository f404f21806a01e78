"""A body that breaks off, is too long, or is not what was signed leaves nothing behind."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.actors import Actor
from runs.models import StoredObject, UploadedPart
from tests.aws.raw import EMPTY, RawS3
from tests.aws.server import AwsServer

UNSIGNED = "UNSIGNED-PAYLOAD"


@pytest.fixture
def raw(aws: AwsServer, member: Actor) -> Iterator[RawS3]:
    with RawS3(aws, member) as connection:
        yield connection


@pytest.fixture
def path(member: Actor) -> str:
    return f"/aws/{member.workspace.default_bucket}/k"


@pytest.mark.parametrize("size", [1000, 300_000])
def test_a_body_cut_off_leaves_nothing(raw: RawS3, path: str, size: int) -> None:
    raw.head("PUT", path, {"Content-Length": str(size)}, payload_hash=UNSIGNED)
    raw.send(b"x" * (size - 1))
    raw.close()
    nothing_is_left()


def test_a_part_cut_off_leaves_nothing(aws: AwsServer, raw: RawS3, path: str, member: Actor) -> None:
    bucket = member.workspace.default_bucket
    upload = aws.client("s3", member).create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    raw.head("PUT", f"{path}?partNumber=1&uploadId={upload}", {"Content-Length": "300000"}, payload_hash=UNSIGNED)
    raw.send(b"x" * 200_000)
    raw.close()
    nothing_is_left()
    assert not UploadedPart.objects.exists()


def test_another_body_than_was_signed_is_refused(raw: RawS3, path: str) -> None:
    for size in (10, 300_000):
        raw.head("PUT", path, {"Content-Length": str(size)}, payload_hash=hashlib.sha256(b"x" * size).hexdigest())
        raw.send(b"y" * size)
        status, body = raw.status()
        assert status == 400
        assert b"<Code>XAmzContentSHA256Mismatch</Code>" in body
    nothing_is_left()


@pytest.mark.parametrize("size", [10, 300_000])
def test_a_client_that_asks_first_is_told_to_go_on(raw: RawS3, path: str, size: int) -> None:
    raw.head("PUT", path, {"Content-Length": str(size), "Expect": "100-continue"}, payload_hash=UNSIGNED)
    assert raw.status() == (100, b"")
    raw.send(b"x" * size)
    assert raw.status()[0] == 200
    assert StoredObject.objects.get().size == size


def test_a_client_that_asks_first_hears_the_refusal_instead(aws: AwsServer, member: Actor, viewer: Actor) -> None:
    path = f"/aws/{member.workspace.default_bucket}/k"
    headers = {"Content-Length": "5000000", "Expect": "100-continue"}
    with RawS3(aws, viewer) as raw:
        raw.head("PUT", path, headers, payload_hash=UNSIGNED)
        assert raw.status()[0] == 403
    with RawS3(aws, member) as raw:
        raw.head("PUT", "/aws/no-such-bucket/k", headers, payload_hash=UNSIGNED)
        assert raw.status()[0] == 404


def test_a_refused_body_that_comes_anyway_does_not_hurt_the_answer(aws: AwsServer, viewer: Actor) -> None:
    with RawS3(aws, viewer) as raw:
        path = f"/aws/{viewer.workspace.default_bucket}/k"
        raw.head("PUT", path, {"Content-Length": "3000000"}, payload_hash=UNSIGNED)
        raw.send(b"x" * 3_000_000)
        status, body = raw.status()
        assert status == 403
        assert b"<Code>AccessDenied</Code>" in body


def test_a_body_of_untold_size_is_refused(raw: RawS3, path: str) -> None:
    raw.head("PUT", path, {"Transfer-Encoding": "chunked"}, payload_hash=UNSIGNED)
    raw.send(b"3\r\nabc\r\n0\r\n\r\n")
    status, body = raw.status()
    assert status == 411
    assert b"<Code>MissingContentLength</Code>" in body


def test_more_than_five_gibibytes_are_refused_before_they_come(raw: RawS3, path: str) -> None:
    raw.head("PUT", path, {"Content-Length": str(5 * 1024**3 + 1)}, payload_hash=UNSIGNED)
    status, body = raw.status()
    assert status == 400
    assert b"<Code>EntityTooLarge</Code>" in body


def test_a_connection_is_used_again_after_every_kind_of_answer(raw: RawS3, path: str) -> None:
    for method, target, status in (
        ("PUT", path, 200),
        ("GET", path, 200),
        ("HEAD", path, 200),
        ("GET", f"{path}x", 404),
        ("DELETE", path, 204),
        ("GET", "/aws/", 200),
    ):
        raw.head(method, target, {"Content-Length": "0"} if method == "PUT" else {}, payload_hash=EMPTY)
        if method == "HEAD":
            assert raw.is_silent() is False
            raw._rest = b""
            continue
        assert raw.status()[0] == status


def nothing_is_left() -> None:
    """No object, and no file that is still being written."""
    deadline = time.monotonic() + 5
    while True:
        blobs = Path(settings.CLARY_HOME) / "blobs"
        files = [one for folder in ("incoming", "uploads") for one in (blobs / folder).rglob("*") if one.is_file()]
        if not files:
            break
        assert time.monotonic() < deadline, files
        time.sleep(0.05)
    assert not StoredObject.objects.exists()
