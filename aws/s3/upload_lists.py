"""What of uploads in parts is there: the parts of one, and the uploads of a bucket."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.db.models import Q, QuerySet

from aws.s3 import checksums
from aws.s3.buckets import owner
from aws.s3.call import Call, number
from aws.s3.multipart import kind_of
from aws.s3.xml import Node, moment
from aws.wire import AwsAnswer
from runs.buckets import require_bucket
from runs.models import MultipartUpload, UploadedPart
from runs.object_listing import LAST
from runs.services import multipart
from runs.services.multipart import MOST_PARTS

_PAGE = 1000


def list_parts(call: Call, body: bytes) -> AwsAnswer:
    """The parts that came, by number."""
    upload = multipart.upload_of(call.actor, call.bucket, call.key, call.query["uploadId"])
    limit = number(call.query, "max-parts", default=_PAGE, least=0, most=_PAGE)
    after = number(call.query, "part-number-marker", default=0, least=0, most=MOST_PARTS)
    rows = list(upload.parts.filter(number__gt=after).order_by("number")[: limit + 1])
    shown = rows[:limit]
    content: dict[str, Node] = {
        "Bucket": call.bucket,
        "Key": call.key,
        "UploadId": upload.pk,
        "Owner": owner(call),
        "StorageClass": "STANDARD",
        "ChecksumAlgorithm": upload.checksum or None,
        "ChecksumType": kind_of(upload) if upload.checksum else None,
        "PartNumberMarker": after,
        "NextPartNumberMarker": shown[-1].number if shown else after,
        "MaxParts": limit,
        "IsTruncated": len(rows) > limit,
        "Part": [_part_row(upload, part) for part in shown],
    }
    return call.xml("ListPartsResult", content)


def _part_row(upload: MultipartUpload, part: UploadedPart) -> Node:
    row: dict[str, Node] = {
        "PartNumber": part.number,
        "LastModified": moment(part.created_at),
        "ETag": f'"{part.etag}"',
        "Size": part.size,
    }
    if part.checksum:
        row[checksums.element_of(upload.checksum)] = part.checksum
    return row


def list_uploads(call: Call, body: bytes) -> AwsAnswer:
    """The uploads of a bucket that are neither complete nor aborted, by key and id."""
    require_bucket(call.actor, call.bucket)
    limit = number(call.query, "max-uploads", default=_PAGE, least=1, most=_PAGE)
    prefix, marker, after_id = (
        call.query.get(name, "").replace("\0", "") for name in ("prefix", "key-marker", "upload-id-marker")
    )
    rows = list(_uploads(call, prefix, marker, after_id)[: limit + 1])
    shown, truncated = rows[:limit], len(rows) > limit
    url = call.query.get("encoding-type") == "url"
    content: dict[str, Node] = {
        "Bucket": call.bucket,
        "KeyMarker": _spelled(marker, url),
        "UploadIdMarker": after_id,
        "NextKeyMarker": _spelled(shown[-1].key, url) if truncated else None,
        "NextUploadIdMarker": shown[-1].pk if truncated else None,
        "Prefix": _spelled(prefix, url),
        "EncodingType": "url" if url else None,
        "MaxUploads": limit,
        "IsTruncated": truncated,
        "Upload": [_upload_row(upload, url) for upload in shown],
    }
    return call.xml("ListMultipartUploadsResult", content)


def _uploads(call: Call, prefix: str, marker: str, after_id: str) -> QuerySet[MultipartUpload]:
    """Behind the marker; behind the upload of that id too, where one is named."""
    uploads = MultipartUpload.objects.filter(workspace=call.actor.workspace, bucket=call.bucket)
    if prefix:
        uploads = uploads.filter(key__gte=prefix, key__lt=prefix + LAST)
    if marker:
        behind = Q(key__gt=marker)
        uploads = uploads.filter(behind | Q(key=marker, pk__gt=after_id) if after_id else behind)
    return uploads.order_by("key", "pk")


def _upload_row(upload: MultipartUpload, url: bool) -> Node:
    return {
        "Key": _spelled(upload.key, url),
        "UploadId": upload.pk,
        "Initiated": moment(upload.created_at),
        "StorageClass": "STANDARD",
        "ChecksumAlgorithm": upload.checksum or None,
    }


def _spelled(text: str, url: bool) -> str:
    return quote(text, safe="/") if url else text


OPERATIONS: dict[str, Callable[[Call, bytes], AwsAnswer]] = {
    "ListParts": list_parts,
    "ListMultipartUploads": list_uploads,
}
