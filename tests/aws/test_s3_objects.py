"""Objects go in and come out as they are, with what was said about them."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zlib
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from botocore.handlers import validate_ascii_metadata

from accounts.actors import Actor
from accounts.models import AuditEntry
from runs.models import StoredObject
from tests.aws.server import AwsServer
from tests.aws.signing import fetch

MEBIBYTE = 1024 * 1024


@pytest.fixture
def s3(aws: AwsServer, member: Actor) -> Any:
    return aws.client("s3", member)


@pytest.fixture
def bucket(member: Actor) -> str:
    return member.workspace.default_bucket


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3 * MEBIBYTE + 7])
def test_bytes_come_back_as_they_went(s3: Any, bucket: str, size: int) -> None:
    data = os.urandom(size)
    answer = s3.put_object(Bucket=bucket, Key="a/b.bin", Body=data)
    assert answer["ETag"] == f'"{hashlib.md5(data).hexdigest()}"'
    assert answer["ChecksumCRC32"] == base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    found = s3.get_object(Bucket=bucket, Key="a/b.bin")
    assert (found["Body"].read(), found["ContentLength"], found["ETag"]) == (data, size, answer["ETag"])
    row = StoredObject.objects.get()
    assert (row.sha256, row.size) == (hashlib.sha256(data).hexdigest(), size)
    assert AuditEntry.objects.get(action="object.put").target == f"s3://{bucket}/a/b.bin"


def test_headers_and_metadata_are_kept(s3: Any, bucket: str) -> None:
    told = {
        "ContentType": "text/csv; charset=utf-8",
        "CacheControl": "max-age=60",
        "ContentDisposition": "attachment",
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "Metadata": {"colour": "blue", "two-words": "a b"},
    }
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", **told)
    found = s3.head_object(Bucket=bucket, Key="k")
    assert {name: found[name] for name in told} == told


def test_a_browser_gets_bytes_it_cannot_run(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="page.html", Body=b"<script>1</script>", ContentType="text/html")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "page.html"})
    status, headers, _ = fetch(url)
    assert (status, headers["x-content-type-options"]) == (200, "nosniff")
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert fetch(url, headers={"Sec-Fetch-Dest": "script"})[0] == 403


def test_what_is_not_there_is_told_by_its_code(s3: Any, bucket: str) -> None:
    for call, code in (
        (lambda: s3.get_object(Bucket=bucket, Key="no"), "NoSuchKey"),
        (lambda: s3.head_object(Bucket=bucket, Key="no"), "404"),
        (lambda: s3.get_object(Bucket="no-such-bucket", Key="no"), "NoSuchBucket"),
        (lambda: s3.get_object(Bucket=bucket, Key="no", VersionId="x"), "NoSuchVersion"),
        (lambda: s3.put_object(Bucket="no-such-bucket", Key="k", Body=b""), "NoSuchBucket"),
        (lambda: s3.get_object_acl(Bucket=bucket, Key="no"), "NotImplemented"),
        (lambda: s3.get_bucket_policy(Bucket=bucket), "NotImplemented"),
    ):
        assert code_of(call) == code


def test_there_are_no_tags_and_none_can_be_set(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    for call, code in (
        (lambda: s3.get_object_tagging(Bucket=bucket, Key="no"), "NoSuchKey"),
        (lambda: s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": []}), "NotImplemented"),
        (lambda: s3.put_object(Bucket=bucket, Key="t", Body=b"x", Tagging="a=b"), "NotImplemented"),
        (lambda: s3.get_bucket_tagging(Bucket=bucket), "NotImplemented"),
    ):
        assert code_of(call) == code


def test_a_newer_version_covers_the_older_one(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    older = StoredObject.objects.get()
    s3.put_object(Bucket=bucket, Key="k", Body=b"new")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"new"
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=older.version)["Body"].read() == b"old"


def test_a_deleted_object_is_gone_and_may_come_again(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for _ in range(2):
        assert s3.delete_object(Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert code_of(lambda: s3.get_object(Bucket=bucket, Key="k")) == "NoSuchKey"
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    assert StoredObject.objects.count() == 2  # the version an execution may have recorded, and the mark
    s3.put_object(Bucket=bucket, Key="k", Body=b"again")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"again"


def test_many_objects_are_deleted_at_once(s3: Any, bucket: str) -> None:
    keys = [f"k/{number}&<ä>" for number in range(30)]
    for key in keys[:20]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    assert [row["Key"] for row in answer["Deleted"]] == keys
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}], "Quiet": True})
    assert "Deleted" not in quiet


@pytest.mark.parametrize(
    ("given", "expected", "told"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=3-5", b"345", "bytes 3-5/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=5-100", b"56789", "bytes 5-9/10"),
        ("bytes=-100", b"0123456789", "bytes 0-9/10"),
        ("bytes=0-1,3-4", b"0123456789", None),
        ("bytes=5-3", b"0123456789", None),
        ("lines=1-2", b"0123456789", None),
    ],
)
def test_a_range_of_bytes(s3: Any, bucket: str, given: str, expected: bytes, told: str | None) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket=bucket, Key="k", Range=given)
    assert (found["Body"].read(), found.get("ContentRange")) == (expected, told)


def test_a_range_behind_the_end_is_refused(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    for key, given in (("k", "bytes=10-"), ("k", "bytes=-0"), ("empty", "bytes=0-0"), ("empty", "bytes=-1")):
        assert (
            code_of(lambda key=key, given=given: s3.get_object(Bucket=bucket, Key=key, Range=given)) == "InvalidRange"
        )


def test_conditions_of_reading(s3: Any, bucket: str) -> None:
    tag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    modified = s3.head_object(Bucket=bucket, Key="k")["LastModified"]
    assert s3.get_object(Bucket=bucket, Key="k", IfMatch=tag, IfNoneMatch='"other"')["Body"].read() == b"x"
    for condition, code in (
        ({"IfMatch": '"other"'}, "PreconditionFailed"),
        ({"IfNoneMatch": tag}, "304"),
        ({"IfModifiedSince": modified}, "304"),
        ({"IfUnmodifiedSince": modified.replace(year=2000)}, "PreconditionFailed"),
    ):
        assert code_of(lambda given=condition: s3.get_object(Bucket=bucket, Key="k", **given)) == code


def test_conditions_of_writing(s3: Any, bucket: str) -> None:
    tag = s3.put_object(Bucket=bucket, Key="k", Body=b"x", IfNoneMatch="*")["ETag"]
    for condition, code in (
        ({"IfNoneMatch": "*"}, "PreconditionFailed"),
        ({"IfMatch": '"other"'}, "PreconditionFailed"),
        ({"IfNoneMatch": tag}, "NotImplemented"),
    ):
        assert code_of(lambda given=condition: s3.put_object(Bucket=bucket, Key="k", Body=b"y", **given)) == code
    assert code_of(lambda: s3.put_object(Bucket=bucket, Key="none", Body=b"y", IfMatch=tag)) == "NoSuchKey"
    s3.put_object(Bucket=bucket, Key="k", Body=b"y", IfMatch=tag)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"y"


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_checksum_is_kept_and_told_when_asked_for(s3: Any, bucket: str, algorithm: str) -> None:
    given = s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 70_000, ChecksumAlgorithm=algorithm)
    found = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert found[f"Checksum{algorithm}"] == given[f"Checksum{algorithm}"]
    assert found["ChecksumType"] == "FULL_OBJECT"
    assert f"Checksum{algorithm}" not in s3.head_object(Bucket=bucket, Key="k")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ContentMD5": base64.b64encode(b"0" * 16).decode()}, "BadDigest"),
        ({"ContentMD5": "nonsense"}, "InvalidDigest"),
        ({"ChecksumCRC32": "AAAAAA=="}, "BadDigest"),
        ({"ChecksumCRC32C": "AAAAAA=="}, "BadDigest"),
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA="}, "BadDigest"),
        ({"ChecksumSHA256": base64.b64encode(b"0" * 32).decode()}, "BadDigest"),
        ({"ChecksumSHA1": "AAAA"}, "InvalidRequest"),
        ({"ChecksumCRC32": "AAAAAA==", "ChecksumCRC32C": "AAAAAA=="}, "InvalidRequest"),
        ({"ChecksumCRC32": "AAAAAA==", "ChecksumAlgorithm": "SHA256"}, "BadDigest"),
        ({"ChecksumSHA512": base64.b64encode(b"0" * 64).decode()}, "NotImplemented"),
        ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "0" * 32}, "NotImplemented"),
        ({"Metadata": {"a": "x" * 2048}}, "MetadataTooLarge"),
    ],
)
@pytest.mark.parametrize("size", [5, 100_000])
def test_what_does_not_hold_is_refused_and_nothing_is_stored(
    s3: Any, bucket: str, given: dict[str, str], code: str, size: int
) -> None:
    assert code_of(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"x" * size, **given)) == code
    assert not StoredObject.objects.exists()


def test_a_file_of_twenty_megabytes_goes_up_in_parts_and_comes_down(s3: Any, bucket: str) -> None:
    data = os.urandom(20 * MEBIBYTE)
    config = TransferConfig(multipart_threshold=5 * MEBIBYTE, multipart_chunksize=5 * MEBIBYTE, max_concurrency=4)
    s3.upload_fileobj(io.BytesIO(data), bucket, "big.bin", Config=config)
    target = io.BytesIO()
    s3.download_fileobj(bucket, "big.bin", target, Config=config)
    assert target.getvalue() == data
    assert s3.head_object(Bucket=bucket, Key="big.bin")["ETag"].endswith('-4"')


def test_copies_share_their_bytes(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a b/ä+", Body=b"x", ContentType="text/plain", Metadata={"k": "v"})
    source = {"Bucket": bucket, "Key": "a b/ä+"}
    tag = s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)["CopyObjectResult"]["ETag"]
    found = s3.get_object(Bucket=bucket, Key="copy")
    assert (found["Body"].read(), found["ETag"], found["Metadata"]) == (b"x", tag, {"k": "v"})
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, MetadataDirective="REPLACE", Metadata={"n": "1"})
    assert s3.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"n": "1"}
    summed = s3.copy_object(Bucket=bucket, Key="summed", CopySource=source, ChecksumAlgorithm="SHA256")
    assert summed["CopyObjectResult"]["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    for given, code in (
        ({"CopySource": {"Bucket": bucket, "Key": "none"}}, "NoSuchKey"),
        ({"CopySource": {"Bucket": "no-such-bucket", "Key": "x"}}, "NoSuchBucket"),
        ({"CopySource": "nonsense"}, "InvalidArgument"),
        ({"CopySource": source, "CopySourceIfMatch": '"other"'}, "PreconditionFailed"),
        ({"CopySource": source, "Key": source["Key"]}, "InvalidRequest"),
    ):
        assert code_of(lambda given=given: s3.copy_object(**{"Bucket": bucket, "Key": "c", **given})) == code


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_puts_and_gets(aws: AwsServer, member: Actor, bucket: str, version: str) -> None:
    s3 = aws.client("s3", member, config={"signature_version": version})
    place = {"Bucket": bucket, "Key": "a b/ä+&=.txt"}
    assert fetch(s3.generate_presigned_url("put_object", Params=place), method="PUT", body=b"hello")[0] == 200
    url = s3.generate_presigned_url("get_object", Params={**place, "ResponseContentType": "text/x-test"})
    status, headers, body = fetch(url)
    assert (status, headers["content-type"], body) == (200, "text/x-test", b"hello")
    for changed in (url.replace("a%20b", "a%20c"), url[:-3], url.replace("x-test", "html")):
        assert fetch(changed)[0] == 403


def test_a_presigned_form_is_refused_by_name(s3: Any, bucket: str) -> None:
    post = s3.generate_presigned_post(bucket, "k")
    text = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**post["fields"], "file": "x"}.items()
    )
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    status, _, body = fetch(post["url"], method="POST", body=f"{text}--b--\r\n".encode(), headers=kind)
    assert (status, b"presigned POST" in body) == (501, True)
    assert not StoredObject.objects.exists()


def test_reading_one_part_is_refused_by_name(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert code_of(lambda: s3.get_object(Bucket=bucket, Key="k", PartNumber=1)) == "NotImplemented"


@pytest.mark.parametrize("metadata", [{"a": "x\r\nSet-Cookie: y"}, {"a": "\0"}, {"ä": "x"}, {"a b": "x"}])
def test_a_presigned_url_cannot_smuggle_headers_in(
    aws: AwsServer, member: Actor, bucket: str, metadata: dict[str, str]
) -> None:
    s3 = aws.client("s3", member, config={"signature_version": "s3"})
    s3.meta.events.unregister("before-parameter-build.s3.PutObject", validate_ascii_metadata)
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k", "Metadata": metadata})
    assert fetch(url, method="PUT", body=b"x")[0] in (400, 403)
    assert not StoredObject.objects.exists()


def test_an_old_presigned_url_has_ended(aws: AwsServer, member: Actor, bucket: str) -> None:
    s3 = aws.client("s3", member, config={"signature_version": "s3"})
    url = s3.generate_presigned_url("list_objects_v2", Params={"Bucket": bucket}, ExpiresIn=-5)
    status, _, body = fetch(url)
    assert status == 403
    assert b"<Code>AccessDenied</Code>" in body


def code_of(call: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])
