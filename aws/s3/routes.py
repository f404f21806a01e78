"""What of S3 a request is about: a bucket, a key, and the operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from aws.hosts import bucket_of_host
from aws.s3.errors import S3Refused
from aws.sigv4 import Head, query_pairs

PREFIX = "/aws"


@dataclass(frozen=True, kw_only=True)
class Route:
    """`bucket` and `key` are decoded and may be empty; `resource` is /bucket/key as it was sent."""

    bucket: str
    key: str
    resource: str
    query: Mapping[str, str]


#: Parameters that name a part of a bucket or object we do not have.
_LACKING = frozenset(
    {
        "accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory",
        "legal-hold", "lifecycle", "logging", "metadataTable", "metrics", "notification", "object-lock",
        "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment", "restore",
        "retention", "select", "select-type", "session", "tagging", "torrent", "versions", "website",
    }
)  # fmt: skip


def route_of(head: Head) -> Route:
    """Bucket and key of a request below /aws, or to <bucket>.<host>.

    Raises:
        S3Refused: InvalidURI for what is not UTF-8.
    """
    path = head.path
    if path == PREFIX or path.startswith(f"{PREFIX}/"):
        path = path[len(PREFIX) :]
    bucket = bucket_of_host(head.headers.get("host", ""))
    if bucket is not None:
        path = f"/{bucket}{path or '/'}"
    name, _, key = path.removeprefix("/").partition("/")
    query = dict(query_pairs(head.query))
    try:
        "".join([*query, *query.values()]).encode()
        return Route(
            bucket=unquote_to_bytes(name).decode(), key=unquote_to_bytes(key).decode(), resource=path, query=query
        )
    except UnicodeError:
        raise S3Refused("InvalidURI", "The path and the parameters must be UTF-8.") from None


def is_form(head: Head) -> bool:
    """Whether a browser's form uploads a file: what signs it stands in the form, not in the head."""
    kind = head.headers.get("content-type", "").lower()
    elsewhere = "authorization" in head.headers or "X-Amz-Signature" in dict(query_pairs(head.query))
    return head.method == "POST" and kind.startswith("multipart/form-data") and not elsewhere


def operation_of(method: str, route: Route, headers: Mapping[str, str]) -> str:
    """The name of the operation, as the API reference spells it.

    Raises:
        S3Refused: NotImplemented or MethodNotAllowed.
    """
    lacking = sorted(_LACKING & route.query.keys())
    if lacking == ["tagging"] and route.key and method == "GET":
        return "GetObjectTagging"
    if lacking and route.bucket:
        raise S3Refused("NotImplemented", f"The part '{lacking[0]}' of a bucket or object is not implemented by Clary.")
    if not route.bucket:
        found = "ListBuckets" if method == "GET" else None
    elif not route.key:
        found = _bucket_operation(method, route.query)
    else:
        found = _object_operation(method, route.query, "x-amz-copy-source" in headers)
    if found is None:
        raise S3Refused("MethodNotAllowed", Method=method)
    return found


def _bucket_operation(method: str, query: Mapping[str, str]) -> str | None:
    if method == "GET":
        for part, name in (
            ("location", "GetBucketLocation"),
            ("versioning", "GetBucketVersioning"),
            ("uploads", "ListMultipartUploads"),
        ):
            if part in query:
                return name
        return "ListObjectsV2" if query.get("list-type") == "2" else "ListObjects"
    if method == "POST":
        return "DeleteObjects" if "delete" in query else None
    if method == "PUT" and "versioning" in query:
        raise S3Refused("NotImplemented", "Versions of objects are kept, but cannot be configured.")
    return {"HEAD": "HeadBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}.get(method)


def _object_operation(method: str, query: Mapping[str, str], copies: bool) -> str | None:
    upload = "uploadId" in query
    if method == "POST":
        return "CreateMultipartUpload" if "uploads" in query else "CompleteMultipartUpload" if upload else None
    if method == "PUT":
        if upload:
            return "UploadPartCopy" if copies else "UploadPart"
        return "CopyObject" if copies else "PutObject"
    if method == "GET" and upload:
        return "ListParts"
    if method in ("GET", "HEAD") and "partNumber" in query:
        raise S3Refused("NotImplemented", "Objects are not read by the parts they came in. Use the Range header.")
    if method == "DELETE" and upload:
        return "AbortMultipartUpload"
    return {"GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}.get(method)
