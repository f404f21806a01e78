"""HEAD, DELETE and copies of objects; GET and PUT move bytes and are in `transfer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from aws.s3 import checksums
from aws.s3.call import Call
from aws.s3.conditions import check_source, is_unchanged, write_condition
from aws.s3.errors import S3Refused
from aws.s3.headers import checksum_elements, checksum_headers, kept_headers, object_headers, with_checksum
from aws.s3.xml import Node, moment, parse
from aws.wire import AwsAnswer
from runs.buckets import require_bucket
from runs.errors import KeyInvalid
from runs.models import StoredObject
from runs.namespace import current_version
from runs.services import objects
from runs.services.objects import Content, check_object_key
from runs.stores import blob_store

MOST_DELETED = 1000
_CHUNK = 1024 * 1024


def found_object(call: Call, bucket: str, key: str, version: str | None) -> StoredObject:
    """The current version, or the one that is named.

    Raises:
        BucketNotFound: as it says.
        S3Refused: NoSuchKey, NoSuchVersion.
    """
    require_bucket(call.actor, bucket)
    try:
        check_object_key(key)
    except KeyInvalid:
        raise S3Refused("NoSuchKey", Key=key) from None
    if version in (None, "", "null"):
        row = current_version(call.actor.workspace.pk, bucket, key)
        if row is None:
            raise S3Refused("NoSuchKey", Key=key)
        return row
    if "\0" in version:
        raise S3Refused("NoSuchVersion")
    versions = StoredObject.objects.filter(workspace=call.actor.workspace, bucket=bucket, key=key, deleted=False)
    row = versions.filter(version=version).first()
    if row is None:
        raise S3Refused("NoSuchVersion", Key=key)
    return row


def head_object(call: Call, body: bytes) -> AwsAnswer:
    """What GET would say, without the bytes."""
    row = found_object(call, call.bucket, call.key, call.query.get("versionId"))
    headers = answer_headers(call, row)
    if is_unchanged(row, call.headers):
        return call.answer(304, object_headers(row, {}))
    return call.answer(200, {**headers, "Content-Length": str(row.size)})


def get_object_tagging(call: Call, body: bytes) -> AwsAnswer:
    """No tags: none can be set. The AWS CLI asks before it copies a large object."""
    found_object(call, call.bucket, call.key, call.query.get("versionId"))
    return call.xml("Tagging", {"TagSet": ""})


def answer_headers(call: Call, row: StoredObject) -> dict[str, str]:
    """The headers of GET and HEAD; the checksum only when it is asked for."""
    headers = object_headers(row, call.query)
    if call.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
        headers |= checksum_headers(row)
    return headers


def delete_object(call: Call, body: bytes) -> AwsAnswer:
    """Nothing is there afterwards, whether or not something was before."""
    _delete(call, [call.key])
    return call.answer(204)


def delete_objects(call: Call, body: bytes) -> AwsAnswer:
    """Up to 1,000 objects at once; one row per key in the answer unless it is to be quiet."""
    root = parse(body, "Delete")
    keys = [element.findtext("Key", default="") for element in root.findall("Object")]
    if not keys or len(keys) > MOST_DELETED or "" in keys:
        raise S3Refused("MalformedXML", f"Expected 1 to {MOST_DELETED} objects, each with its Key.")
    _delete(call, keys)
    quiet = root.findtext("Quiet", default="").strip().lower() == "true"
    content: dict[str, Node] = {} if quiet else {"Deleted": [{"Key": key} for key in keys]}
    return call.xml("DeleteResult", content)


def _delete(call: Call, keys: list[str]) -> None:
    objects.delete_objects(actor=call.actor, bucket=call.bucket, keys=[key for key in keys if _is_key(key)])


def _is_key(key: str) -> bool:
    try:
        check_object_key(key)
    except KeyInvalid:
        return False
    return True


def copy_object(call: Call, body: bytes) -> AwsAnswer:
    """A new object of the source's bytes, with its headers or with new ones."""
    row = copy_source(call)
    directive = call.headers.get("x-amz-metadata-directive", "COPY").upper()
    if directive not in ("COPY", "REPLACE"):
        raise S3Refused("InvalidArgument", "Unknown metadata directive.")
    if directive == "COPY" and (row.bucket, row.key) == (call.bucket, call.key):
        raise S3Refused(
            "InvalidRequest", "This copy request is illegal because it copies an object to itself without a change."
        )
    headers = dict(row.headers)
    if directive == "REPLACE":
        checksum = {"checksum": row.headers["checksum"]} if "checksum" in row.headers else {}
        headers = kept_headers(call.headers) | checksum
    wanted = call.headers.get("x-amz-checksum-algorithm")
    if wanted:
        headers = _summed(row, headers, checksums.algorithm_named(wanted))
    made = objects.put_object(
        actor=call.actor,
        bucket=call.bucket,
        key=call.key,
        content=Content(sha256=row.sha256, size=row.size, etag=row.etag, headers=headers),
        condition=write_condition(call.headers),
    )
    content: dict[str, Node] = {"ETag": f'"{made.etag}"', "LastModified": moment(made.created_at)}
    return call.xml("CopyObjectResult", content | dict(checksum_elements(made)))


def _summed(row: StoredObject, headers: dict[str, Any], algorithm: str) -> dict[str, Any]:
    """The headers with a checksum of this algorithm, computed where the source has another one or none."""
    if headers.get("checksum", {}).get("algorithm") == algorithm:
        return headers
    running = checksums.ALGORITHMS[algorithm]()
    with blob_store().open(row.sha256) as source:
        while piece := source.read(_CHUNK):
            running.update(piece)
    return with_checksum(headers, algorithm, checksums.encoded(running))


def copy_source(call: Call) -> StoredObject:
    """The object x-amz-copy-source names.

    Raises:
        S3Refused: InvalidArgument for what names none, NoSuchKey, NoSuchVersion, PreconditionFailed.
    """
    text, _, query = call.headers.get("x-amz-copy-source", "").partition("?")
    try:
        path = unquote_to_bytes(text.encode(errors="surrogateescape")).decode()
    except UnicodeDecodeError:
        path = ""
    bucket, slash, key = path.removeprefix("/").partition("/")
    if not slash or not bucket or not key:
        raise S3Refused("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
    row = found_object(call, bucket, key, query.removeprefix("versionId=") if query else None)
    check_source(row, call.headers)
    return row


def put_headers(row: StoredObject) -> dict[str, str]:
    """What a client is told about the object it has written."""
    return {"ETag": f'"{row.etag}"', **checksum_headers(row)}


Small = Callable[[Call, bytes], AwsAnswer]
OPERATIONS: dict[str, Small] = {
    "HeadObject": head_object,
    "GetObjectTagging": get_object_tagging,
    "DeleteObject": delete_object,
    "DeleteObjects": delete_objects,
    "CopyObject": copy_object,
}
