"""Headers of objects: which are kept with the bytes, and which are sent back with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from aws.s3 import checksums
from aws.s3.errors import S3Refused
from runs.models import StoredObject

DEFAULT_TYPE = "binary/octet-stream"
META = "x-amz-meta-"
_KEPT = ("content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires")
_MOST_METADATA = 2048
_NAME = re.compile(
    r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
)  # what HTTP takes as the name of a header; a presigned URL may differ


def kept_headers(headers: Mapping[str, str]) -> dict[str, Any]:
    """What is stored of an upload's headers.

    Raises:
        S3Refused: MetadataTooLarge, InvalidArgument for what is not UTF-8, NotImplemented for keys of one's own.
    """
    if any(name.startswith("x-amz-server-side-encryption-customer-") for name in headers):
        raise S3Refused("NotImplemented", "Encryption with keys of the client is not implemented by Clary.")
    if headers.get("x-amz-tagging"):
        raise S3Refused("NotImplemented", "Tags of objects are not implemented by Clary.")
    kept = {name: headers[name] for name in _KEPT if headers.get(name)}
    if "content-encoding" in kept:
        codings = [one.strip() for one in kept["content-encoding"].split(",")]
        kept["content-encoding"] = ",".join(one for one in codings if one and one.lower() != "aws-chunked")
        if not kept["content-encoding"]:
            del kept["content-encoding"]
    metadata = {name: value for name, value in headers.items() if name.startswith(META)}
    if any(not _NAME.fullmatch(name) for name in metadata):
        raise S3Refused("InvalidArgument", "A name of metadata may hold letters, digits and !#$%&'*+-.^_`|~ only.")
    if any(
        (sign < " " and sign != "\t") or sign == "\x7f"
        for value in (*kept.values(), *metadata.values())
        for sign in value
    ):
        raise S3Refused("InvalidArgument", "The headers of an object must not hold control characters.")
    try:
        size = sum(len((name[len(META) :] + value).encode()) for name, value in metadata.items())
        "".join(kept.values()).encode()
    except UnicodeEncodeError:
        raise S3Refused("InvalidArgument", "The headers of an object must be UTF-8.") from None
    if size > _MOST_METADATA:
        raise S3Refused("MetadataTooLarge", MaxSizeAllowed=str(_MOST_METADATA), Size=str(size))
    return {**kept, **metadata}


def with_checksum(
    headers: Mapping[str, Any], algorithm: str | None, value: str | None, *, kind: str = "FULL_OBJECT"
) -> dict[str, Any]:
    """The stored headers and the checksum of the object, where it has one."""
    if algorithm is None or value is None:
        return dict(headers)
    return {**headers, "checksum": {"algorithm": algorithm, "value": value, "type": kind}}


def checksum_headers(row: StoredObject) -> dict[str, str]:
    """The object's checksum as headers."""
    checksum = row.headers.get("checksum")
    if not isinstance(checksum, dict):
        return {}
    return {checksums.header_of(checksum["algorithm"]): checksum["value"], "x-amz-checksum-type": checksum["type"]}


def checksum_elements(row: StoredObject) -> dict[str, str]:
    """The object's checksum as XML elements."""
    checksum = row.headers.get("checksum")
    if not isinstance(checksum, dict):
        return {}
    return {checksums.element_of(checksum["algorithm"]): checksum["value"], "ChecksumType": checksum["type"]}


def object_headers(row: StoredObject, overrides: Mapping[str, str]) -> dict[str, str]:
    """What GET and HEAD say about an object; `overrides` are the response-* parameters of the request."""
    found = {"Content-Type": DEFAULT_TYPE}
    for name in _KEPT:
        value = overrides.get(f"response-{name}") or row.headers.get(name)
        if isinstance(value, str) and value:
            found["-".join(part.capitalize() for part in name.split("-"))] = _one_line(value)
    found |= {name: value for name, value in row.headers.items() if name.startswith(META) and isinstance(value, str)}
    return found | {"ETag": f'"{row.etag}"', "Last-Modified": http_date(row), "Accept-Ranges": "bytes"}


def http_date(row: StoredObject) -> str:
    return format_datetime(row.created_at, usegmt=True)


def _one_line(value: str) -> str:
    """A value from a parameter, which may hold what a header cannot."""
    return "".join(sign if sign >= " " and sign != "\x7f" else " " for sign in value)
