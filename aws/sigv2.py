"""Presigned URLs of signature version 2, which boto3 still makes for S3 unless it is told otherwise.

Source: S3 developer guide, "Signing and authenticating REST requests (signature version 2)", query string alternative.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from aws.signing_faults import Fault, SignatureRefused
from aws.sigv4 import Head, query_pairs

#: Parameters that belong to the resource and are signed with it.
_SIGNED_PARAMETERS = frozenset(
    {
        "acl", "accelerate", "analytics", "cors", "delete", "inventory", "lifecycle", "location", "logging", "metrics",
        "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment",
        "response-cache-control", "response-content-disposition", "response-content-encoding",
        "response-content-language", "response-content-type", "response-expires", "restore", "select", "select-type",
        "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Presigned:
    """What such a URL claims."""

    access_key_id: str
    signature: str
    expires: str
    session_token: str


def is_presigned(head: Head) -> bool:
    """Whether the URL is signed in the old way."""
    names = {name for name, _ in query_pairs(head.query)}
    return {"AWSAccessKeyId", "Signature"} <= names and "authorization" not in head.headers


def read_presigned(head: Head) -> Presigned:
    """What the URL claims.

    Raises:
        SignatureRefused: MALFORMED_QUERY, UNKNOWN_KEY.
    """
    query = dict(query_pairs(head.query))
    expires = query.get("Expires", "")
    if not (expires.isascii() and expires.isdecimal() and len(expires) <= 12):
        raise SignatureRefused(Fault.MALFORMED_QUERY, "Expires should be a number of seconds since 1970.")
    if not (query["AWSAccessKeyId"].isascii() and query["AWSAccessKeyId"].isalnum()):
        raise SignatureRefused(Fault.UNKNOWN_KEY, "AWSAccessKeyId is no access key.")
    return Presigned(
        access_key_id=query["AWSAccessKeyId"],
        signature=query["Signature"],
        expires=expires,
        session_token=query.get("x-amz-security-token", ""),
    )


def check_presigned(claim: Presigned, head: Head, *, secret: str, now: datetime, resource: str) -> None:
    """Returns when the holder of `secret` signed this URL and it still holds. `resource`: /bucket/key as it was sent.

    Raises:
        SignatureRefused: EXPIRED or MISMATCH.
    """
    if datetime.fromtimestamp(min(int(claim.expires), 2**36), UTC) < now:
        raise SignatureRefused(Fault.EXPIRED, "Request has expired.")
    headers = signed_headers(head)
    lines = [head.method, headers.get("content-md5", ""), headers.get("content-type", ""), claim.expires]
    lines += [f"{name}:{headers[name].strip()}" for name in sorted(headers) if name.startswith("x-amz-")]
    for path in dict.fromkeys((resource, head.path)):
        text = "\n".join([*lines, path + _signed_query(head.query)])
        expected = base64.b64encode(hmac.digest(secret.encode(), text.encode(errors="surrogateescape"), "sha1"))
        if hmac.compare_digest(expected, claim.signature.encode(errors="surrogateescape")):
            return
    raise SignatureRefused(
        Fault.MISMATCH,
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
        "method.",
    )


def signed_headers(head: Head) -> Mapping[str, str]:
    """The headers, those among them that the URL carries as parameters included."""
    query = {name.lower(): value for name, value in query_pairs(head.query)}
    carried = {name: value for name, value in query.items() if name.startswith("x-amz-") or name in _CARRIED}
    return {**head.headers, **carried}


_CARRIED = frozenset({"content-md5", "content-type"})


def _signed_query(query: str) -> str:
    pairs = [pair.split("=", 1) for pair in query.split("&") if pair]
    kept = sorted((pair for pair in pairs if pair[0] in _SIGNED_PARAMETERS), key=lambda pair: pair[0])
    parts = ["=".join([pair[0], *(unquote(value) for value in pair[1:])]) for pair in kept]
    return f"?{'&'.join(parts)}" if parts else ""
