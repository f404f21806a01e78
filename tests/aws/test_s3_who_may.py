"""Buckets belong to a workspace; roles count; another workspace is not even seen."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from accounts.actors import Actor
from runs.models import StoredObject
from tests.aws.server import AwsServer


def test_a_viewer_reads_and_writes_nothing(aws: AwsServer, member: Actor, viewer: Actor) -> None:
    bucket = member.workspace.default_bucket
    aws.client("s3", member).put_object(Bucket=bucket, Key="k", Body=b"x")
    s3 = aws.client("s3", viewer)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
    upload = aws.client("s3", member).create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    part = {"Bucket": bucket, "Key": "m", "UploadId": upload}
    for call in (
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y"),
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y" * 100_000),
        lambda: s3.delete_object(Bucket=bucket, Key="k"),
        lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}]}),
        lambda: s3.copy_object(Bucket=bucket, Key="c", CopySource={"Bucket": bucket, "Key": "k"}),
        lambda: s3.create_multipart_upload(Bucket=bucket, Key="k"),
        lambda: s3.upload_part(**part, PartNumber=1, Body=b"x"),
        lambda: s3.upload_part_copy(**part, PartNumber=1, CopySource={"Bucket": bucket, "Key": "k"}),
        lambda: s3.complete_multipart_upload(**part, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": "x"}]}),
        lambda: s3.abort_multipart_upload(**part),
        lambda: s3.create_bucket(Bucket="of-the-viewer"),
        lambda: s3.delete_bucket(Bucket=bucket),
    ):
        assert code_of(call) == "AccessDenied"
    assert StoredObject.objects.count() == 1


def test_a_stranger_sees_nothing(aws: AwsServer, member: Actor, stranger: Actor) -> None:
    bucket = member.workspace.default_bucket
    mine = aws.client("s3", member)
    mine.put_object(Bucket=bucket, Key="k", Body=b"x")
    upload = mine.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    s3 = aws.client("s3", stranger)
    own = stranger.workspace.default_bucket
    assert [row["Name"] for row in s3.list_buckets()["Buckets"]] == [own]
    for call in (
        lambda: s3.get_object(Bucket=bucket, Key="k"),
        lambda: s3.list_objects_v2(Bucket=bucket),
        lambda: s3.list_multipart_uploads(Bucket=bucket),
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y"),
        lambda: s3.delete_object(Bucket=bucket, Key="k"),
        lambda: s3.delete_bucket(Bucket=bucket),
        lambda: s3.get_bucket_location(Bucket=bucket),
        lambda: s3.copy_object(Bucket=own, Key="c", CopySource={"Bucket": bucket, "Key": "k"}),
    ):
        assert code_of(call) == "NoSuchBucket"
    for call in (
        lambda: s3.abort_multipart_upload(Bucket=bucket, Key="m", UploadId=upload),
        lambda: s3.list_parts(Bucket=bucket, Key="m", UploadId=upload),
        lambda: s3.list_parts(Bucket=own, Key="m", UploadId=upload),
    ):
        assert code_of(call) in {"NoSuchUpload", "NoSuchBucket"}
    assert code_of(lambda: s3.create_bucket(Bucket=bucket)) == "BucketAlreadyExists"
    assert code_of(lambda: s3.head_bucket(Bucket=bucket)) == "404"


def test_an_expected_owner_has_to_be_the_owner(aws: AwsServer, member: Actor) -> None:
    s3, bucket = aws.client("s3", member), member.workspace.default_bucket
    s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=member.workspace.account_id)
    assert code_of(lambda: s3.head_bucket(Bucket=bucket, ExpectedBucketOwner="000000000000")) == "403"


def code_of(call: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])
