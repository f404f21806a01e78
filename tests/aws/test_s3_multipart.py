"""Uploads in parts: what is in order becomes an object, everything else is refused and changes nothing."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.conf import settings
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AuditEntry
from runs.models import MultipartUpload, StoredObject, UploadedPart
from tests.aws.server import AwsServer

FIVE = 5 * 1024 * 1024


@pytest.fixture
def s3(aws: AwsServer, member: Actor) -> Any:
    return aws.client("s3", member)


@pytest.fixture
def place(member: Actor) -> dict[str, str]:
    return {"Bucket": member.workspace.default_bucket, "Key": "big"}


def begin(s3: Any, place: dict[str, str], **given: Any) -> dict[str, str]:
    return {**place, "UploadId": s3.create_multipart_upload(**place, **given)["UploadId"]}


def put(s3: Any, upload: dict[str, str], number: int, data: bytes, **given: Any) -> dict[str, Any]:
    answer = s3.upload_part(**upload, PartNumber=number, Body=data, **given)
    checksums = {
        name: value for name, value in answer.items() if name.startswith("Checksum") and name != "ChecksumType"
    }
    return {"PartNumber": number, "ETag": answer["ETag"], **checksums}


def complete(s3: Any, upload: dict[str, str], parts: list[dict[str, Any]], **given: Any) -> Any:
    return s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, **given)


def test_parts_in_any_order_of_arrival_become_one_object(s3: Any, place: dict[str, str]) -> None:
    pieces = {3: os.urandom(FIVE), 7: os.urandom(FIVE), 9: b"the end"}
    upload = begin(s3, place, ContentType="text/plain", Metadata={"a": "b"})
    parts = [put(s3, upload, number, pieces[number]) for number in (9, 3, 7)]
    answer = complete(s3, upload, sorted(parts, key=lambda part: part["PartNumber"]))
    data = b"".join(pieces[number] for number in (3, 7, 9))
    found = s3.get_object(**place)
    assert found["Body"].read() == data
    assert (found["ContentType"], found["Metadata"]) == ("text/plain", {"a": "b"})
    sums = b"".join(hashlib.md5(pieces[number]).digest() for number in (3, 7, 9))
    assert answer["ETag"] == found["ETag"] == f'"{hashlib.md5(sums).hexdigest()}-3"'
    assert not MultipartUpload.objects.exists()
    assert not part_files()


def test_a_part_sent_again_counts_as_it_came_last(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place)
    old = put(s3, upload, 1, b"old")
    new = put(s3, upload, 1, b"new")
    assert code_of(lambda: complete(s3, upload, [old])) == "InvalidPart"
    complete(s3, upload, [new])
    assert s3.get_object(**place)["Body"].read() == b"new"


def test_what_is_out_of_order_is_refused_and_nothing_is_stored(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place, ChecksumAlgorithm="CRC32")
    one, two = put(s3, upload, 1, b"x" * FIVE), put(s3, upload, 2, b"small")
    three = put(s3, upload, 3, b"last")
    for parts, code in (
        ([two, one], "InvalidPartOrder"),
        ([one, one], "InvalidPartOrder"),
        ([one, two, three], "EntityTooSmall"),
        ([one, {**two, "ETag": '"00"'}], "InvalidPart"),
        ([one, {"PartNumber": 4, "ETag": one["ETag"]}], "InvalidPart"),
        ([{**one, "ChecksumCRC32": "AAAAAA=="}], "InvalidPart"),
        ([], "MalformedXML"),
    ):
        assert code_of(lambda parts=parts: complete(s3, upload, parts)) == code
    assert code_of(lambda: complete(s3, upload, [one], MpuObjectSize=3)) == "InvalidRequest"
    assert code_of(lambda: complete(s3, upload, [one], IfMatch='"x"')) == "NoSuchKey"
    assert not StoredObject.objects.exists()
    complete(s3, upload, [one, two], IfNoneMatch="*")
    assert s3.head_object(**place)["ContentLength"] == FIVE + 5


@pytest.mark.parametrize("number", [0, 10_001, -1])
def test_a_part_needs_a_number_from_1_to_10000(s3: Any, place: dict[str, str], number: int) -> None:
    upload = begin(s3, place)
    assert code_of(lambda: put(s3, upload, number, b"x")) == "InvalidArgument"


@pytest.mark.parametrize("upload_id", ["nothere", "../../etc", "a" * 500, "é", "\0"])
def test_an_upload_that_does_not_exist(s3: Any, place: dict[str, str], upload_id: str) -> None:
    upload = {**place, "UploadId": upload_id}
    for call in (
        lambda: put(s3, upload, 1, b"x"),
        lambda: complete(s3, upload, [{"PartNumber": 1, "ETag": "x"}]),
        lambda: s3.abort_multipart_upload(**upload),
        lambda: s3.list_parts(**upload),
    ):
        assert code_of(call) == "NoSuchUpload"


def test_an_aborted_upload_leaves_nothing(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place)
    put(s3, upload, 1, b"x" * 100_000)
    assert part_files()
    s3.abort_multipart_upload(**upload)
    assert [row.action for row in AuditEntry.objects.order_by("-sequence")[:2]] == ["upload.abort", "upload.start"]
    assert not part_files()
    assert not UploadedPart.objects.exists()
    assert code_of(lambda: s3.abort_multipart_upload(**upload)) == "NoSuchUpload"


def test_an_abandoned_upload_goes_when_another_begins(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place)
    put(s3, upload, 1, b"x")
    MultipartUpload.objects.update(created_at=timezone.now() - timedelta(days=8))
    begin(s3, place)
    assert not part_files()
    assert MultipartUpload.objects.count() == 1


def test_a_part_that_is_not_what_was_promised_is_refused(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place)
    for given, code in (
        ({"ChecksumSHA256": base64.b64encode(b"0" * 32).decode()}, "BadDigest"),
        ({"ContentMD5": base64.b64encode(b"0" * 16).decode()}, "BadDigest"),
    ):
        assert code_of(lambda given=given: put(s3, upload, 1, b"x", **given)) == code
    assert not UploadedPart.objects.exists()
    assert not part_files()


def test_parts_are_copied_from_objects(s3: Any, place: dict[str, str]) -> None:
    s3.put_object(**{**place, "Key": "source"}, Body=b"0123456789" * 600_000)
    source = {"Bucket": place["Bucket"], "Key": "source"}
    upload = begin(s3, place)
    parts = []
    for number, bounds in ((1, "bytes=0-5999999"), (2, "bytes=10-12")):
        answer = s3.upload_part_copy(**upload, PartNumber=number, CopySource=source, CopySourceRange=bounds)
        parts.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
    for bounds, code in (
        ("bytes=5-", "InvalidArgument"),
        ("bytes=0-6000000", "InvalidRange"),
        ("x", "InvalidArgument"),
    ):
        given = {**upload, "PartNumber": 3, "CopySource": source, "CopySourceRange": bounds}
        assert code_of(lambda given=given: s3.upload_part_copy(**given)) == code
    complete(s3, upload, parts)
    assert s3.get_object(**place, Range="bytes=-5")["Body"].read() == b"89012"


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA256"])
def test_the_checksum_of_parts_is_the_checksum_of_checksums(s3: Any, place: dict[str, str], algorithm: str) -> None:
    upload = begin(s3, place, ChecksumAlgorithm=algorithm)
    parts = [
        put(s3, upload, 1, b"x" * FIVE, ChecksumAlgorithm=algorithm),
        put(s3, upload, 2, b"y", ChecksumAlgorithm=algorithm),
    ]
    answer = complete(s3, upload, parts)
    joined = b"".join(base64.b64decode(part[f"Checksum{algorithm}"]) for part in parts)
    total = hashlib.sha256(joined).digest() if algorithm == "SHA256" else zlib.crc32(joined).to_bytes(4, "big")
    assert answer[f"Checksum{algorithm}"] == base64.b64encode(total).decode() + "-2"
    assert answer["ChecksumType"] == "COMPOSITE"


def test_a_checksum_of_the_whole_is_computed_when_that_is_wanted(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    parts = [put(s3, upload, 1, b"x" * FIVE), put(s3, upload, 2, b"y")]
    expected = base64.b64encode(zlib.crc32(b"x" * FIVE + b"y").to_bytes(4, "big")).decode()
    wrong = {"ChecksumCRC32": "AAAAAA==", "ChecksumType": "FULL_OBJECT"}
    assert code_of(lambda: complete(s3, upload, parts, **wrong)) == "BadDigest"
    assert code_of(lambda: complete(s3, upload, parts, ChecksumType="COMPOSITE")) == "BadDigest"
    answer = complete(s3, upload, parts, ChecksumCRC32=expected, ChecksumType="FULL_OBJECT")
    assert (answer["ChecksumCRC32"], answer["ChecksumType"]) == (expected, "FULL_OBJECT")
    impossible = {"ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"}
    assert code_of(lambda: begin(s3, place, **impossible)) == "InvalidRequest"


def test_parts_and_uploads_are_listed_in_pages(s3: Any, place: dict[str, str]) -> None:
    upload = begin(s3, place)
    for number in (1, 2, 3, 5):
        put(s3, upload, number, b"x" * number)
    pages = list(s3.get_paginator("list_parts").paginate(**upload, PaginationConfig={"PageSize": 3}))
    assert [(part["PartNumber"], part["Size"]) for page in pages for part in page["Parts"]] == [
        (1, 1),
        (2, 2),
        (3, 3),
        (5, 5),
    ]
    for key in ("a", "big", "z/1", "z/2"):
        begin(s3, {**place, "Key": key})
    for prefix, keys in (("", ["a", "big", "big", "z/1", "z/2"]), ("z/", ["z/1", "z/2"])):
        given = {"Bucket": place["Bucket"], "Prefix": prefix, "PaginationConfig": {"PageSize": 1}}
        pages = list(s3.get_paginator("list_multipart_uploads").paginate(**given))
        assert [row["Key"] for page in pages for row in page["Uploads"]] == keys


def part_files() -> list[Path]:
    return [one for one in (Path(settings.CLARY_HOME) / "blobs" / "uploads").rglob("*") if one.is_file()]


def code_of(call: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])
