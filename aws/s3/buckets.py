"""Buckets and what lists them and their objects."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from urllib.parse import quote

from django.conf import settings

from aws.s3.call import Call, number
from aws.s3.errors import S3Refused
from aws.s3.xml import Node, moment
from aws.s3.xml import parse as parse_xml
from aws.wire import AwsAnswer
from runs.buckets import buckets, require_bucket
from runs.models import StoredObject
from runs.object_listing import LAST, Listing, list_objects
from runs.services import buckets as services
from runs.storage.uri import BadUri, check_bucket

MOST_KEYS = 1000


def list_buckets(call: Call, body: bytes) -> AwsAnswer:
    """Every bucket of the workspace."""
    prefix = call.query.get("prefix", "")
    rows: list[Node] = [
        {"Name": row.name, "CreationDate": moment(row.created_at), "BucketRegion": settings.CLARY_REGION}
        for row in buckets(call.actor)
        if row.name.startswith(prefix)
    ]
    return call.xml("ListAllMyBucketsResult", {"Owner": owner(call), "Buckets": {"Bucket": rows}})


def create_bucket(call: Call, body: bytes) -> AwsAnswer:
    """A new bucket. In us-east-1 making one's own bucket again is no error, as on AWS."""
    if body.strip():
        wanted = parse_xml(body, "CreateBucketConfiguration").findtext("LocationConstraint") or settings.CLARY_REGION
        if wanted != settings.CLARY_REGION:
            raise S3Refused("InvalidArgument", f"This server is the region {settings.CLARY_REGION}, not {wanted[:64]}.")
    try:
        check_bucket(call.bucket)
    except BadUri as bad:
        raise S3Refused("InvalidBucketName", str(bad), BucketName=call.bucket) from None
    services.create_bucket(actor=call.actor, name=call.bucket)
    return call.answer(200, {"Location": f"/{call.bucket}"})


def head_bucket(call: Call, body: bytes) -> AwsAnswer:
    require_bucket(call.actor, call.bucket)
    return call.answer(200, {"x-amz-bucket-region": settings.CLARY_REGION, "Content-Type": "application/xml"})


def delete_bucket(call: Call, body: bytes) -> AwsAnswer:
    services.delete_bucket(actor=call.actor, name=call.bucket)
    return call.answer(204)


def get_bucket_location(call: Call, body: bytes) -> AwsAnswer:
    """The region; us-east-1 is written as nothing."""
    require_bucket(call.actor, call.bucket)
    region = "" if settings.CLARY_REGION == "us-east-1" else settings.CLARY_REGION
    answer = call.xml("LocationConstraint", {})
    return call.answer(200, answer.headers, answer.body.replace(b"></L", f">{region}</L".encode()))


def get_bucket_versioning(call: Call, body: bytes) -> AwsAnswer:
    """Nothing: it was never configured."""
    require_bucket(call.actor, call.bucket)
    return call.xml("VersioningConfiguration", {})


def list_objects_v2(call: Call, body: bytes) -> AwsAnswer:
    token = call.query.get("continuation-token")
    after = _decoded_token(token) if token is not None else call.query.get("start-after", "")
    page = _Page(call)
    listing = page.read(after)
    content: dict[str, Node] = {
        **page.echo(),
        "KeyCount": len(listing.entries),
        "StartAfter": page.spelled(call.query["start-after"]) if "start-after" in call.query else None,
        "ContinuationToken": token,
        "NextContinuationToken": _token(listing.next_after) if listing.next_after else None,
    }
    with_owner = call.query.get("fetch-owner", "").lower() == "true"
    return call.xml("ListBucketResult", content | page.rows(listing, with_owner=with_owner))


def list_objects_v1(call: Call, body: bytes) -> AwsAnswer:
    marker = call.query.get("marker", "")
    page = _Page(call)
    listing = page.read(marker)
    content: dict[str, Node] = {
        **page.echo(),
        "Marker": page.spelled(marker),
        "NextMarker": page.spelled(listing.next_after) if listing.next_after else None,
    }
    return call.xml("ListBucketResult", content | page.rows(listing, with_owner=True))


class _Page:
    """What both versions of the listing have in common."""

    def __init__(self, call: Call) -> None:
        require_bucket(call.actor, call.bucket)
        self._call = call
        self._prefix = call.query.get("prefix", "")
        self._delimiter = call.query.get("delimiter", "")
        self._limit = number(call.query, "max-keys", default=MOST_KEYS, least=0, most=MOST_KEYS)
        coding = call.query.get("encoding-type")
        if coding not in (None, "url"):
            raise S3Refused(
                "InvalidArgument", "Invalid Encoding Method specified in Request", ArgumentName="encoding-type"
            )
        self._url = coding == "url"

    def read(self, after: str) -> Listing:
        if "\0" in self._prefix or len(self._prefix.encode()) > 1024:
            return Listing(entries=(), next_after=None)  # no key begins so
        return list_objects(
            self._call.actor.workspace.pk,
            self._call.bucket,
            prefix=self._prefix,
            delimiter=self._delimiter,
            after=after.replace("\0", ""),
            limit=self._limit,
        )

    def echo(self) -> dict[str, Node]:
        return {
            "Name": self._call.bucket,
            "Prefix": self.spelled(self._prefix),
            "Delimiter": self.spelled(self._delimiter) if self._delimiter else None,
            "MaxKeys": self._limit,
            "EncodingType": "url" if self._url else None,
        }

    def rows(self, listing: Listing, *, with_owner: bool) -> dict[str, Node]:
        held_by = owner(self._call) if with_owner else None
        return {
            "IsTruncated": listing.next_after is not None,
            "Contents": [self._content(row, held_by) for row in listing.objects],
            "CommonPrefixes": [{"Prefix": self.spelled(prefix)} for prefix in listing.prefixes],
        }

    def spelled(self, text: str) -> str:
        return quote(text, safe="/") if self._url else text

    def _content(self, row: StoredObject, held_by: Mapping[str, Node] | None) -> Node:
        checksum = row.headers.get("checksum")
        algorithm = checksum["algorithm"] if isinstance(checksum, dict) else None
        return {
            "Key": self.spelled(row.key),
            "LastModified": moment(row.created_at),
            "ETag": f'"{row.etag}"',
            "ChecksumAlgorithm": algorithm,
            "Size": row.size,
            "Owner": held_by,
            "StorageClass": "STANDARD",
        }


def owner(call: Call) -> dict[str, Node]:
    return {"ID": call.actor.workspace.account_id, "DisplayName": call.actor.workspace.name}


def _token(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode()


def _decoded_token(token: str) -> str:
    try:
        after = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise S3Refused("InvalidArgument", "The continuation token provided is incorrect") from None
    if len(after) > 1024 + len(LAST):
        raise S3Refused("InvalidArgument", "The continuation token provided is incorrect")
    return after


OPERATIONS: dict[str, Callable[[Call, bytes], AwsAnswer]] = {
    "ListBuckets": list_buckets,
    "CreateBucket": create_bucket,
    "HeadBucket": head_bucket,
    "DeleteBucket": delete_bucket,
    "GetBucketLocation": get_bucket_location,
    "GetBucketVersioning": get_bucket_versioning,
    "ListObjectsV2": list_objects_v2,
    "ListObjects": list_objects_v1,
}
