"""Uploads in parts, except the moving of their bytes and the listings."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

from accounts.permissions import Permission, require
from aws.s3 import checksums
from aws.s3.call import Call, number
from aws.s3.conditions import write_condition
from aws.s3.errors import S3Refused
from aws.s3.headers import checksum_elements, kept_headers, with_checksum
from aws.s3.objects import copy_source
from aws.s3.ranges import copied_range
from aws.s3.xml import Node, moment, parse
from aws.wire import AwsAnswer
from runs.buckets import require_bucket
from runs.models import MultipartUpload, StoredObject, UploadedPart
from runs.services import multipart
from runs.services.multipart import MOST_PARTS, PartClaim
from runs.storage.writing import HashedFile
from runs.stores import blob_store, part_store

_PAGE = 1000
_CHUNK = 1024 * 1024
#: Algorithms whose sums of parts cannot be put together to that of the object, and those where nothing else exists.
_ONLY_COMPOSITE, _ONLY_FULL = frozenset({"SHA1", "SHA256"}), frozenset({"CRC64NVME"})


def create_upload(call: Call, body: bytes) -> AwsAnswer:
    """A new upload and its id."""
    name = call.headers.get("x-amz-checksum-algorithm", "")
    algorithm = checksums.algorithm_named(name) if name else ""
    upload = multipart.start_upload(
        actor=call.actor,
        bucket=call.bucket,
        key=call.key,
        headers=kept_headers(call.headers),
        checksum=algorithm,
        full_checksum=_is_full(call, algorithm),
    )
    headers = {"x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": kind_of(upload)} if algorithm else {}
    content: dict[str, Node] = {"Bucket": call.bucket, "Key": call.key, "UploadId": upload.pk}
    return call.xml("InitiateMultipartUploadResult", content, headers)


def _is_full(call: Call, algorithm: str) -> bool:
    given = call.headers.get("x-amz-checksum-type", "").upper()
    if given not in ("", "COMPOSITE", "FULL_OBJECT") or (given and not algorithm):
        raise S3Refused("InvalidRequest", "The x-amz-checksum-type needs an algorithm and is COMPOSITE or FULL_OBJECT.")
    full = given == "FULL_OBJECT" or algorithm in _ONLY_FULL
    if (full and algorithm in _ONLY_COMPOSITE) or (given == "COMPOSITE" and algorithm in _ONLY_FULL):
        raise S3Refused("InvalidRequest", f"The {given} checksum type cannot be used with the {algorithm} algorithm.")
    return full


def kind_of(upload: MultipartUpload) -> str:
    return "FULL_OBJECT" if upload.full_checksum else "COMPOSITE"


def part_target(call: Call) -> tuple[MultipartUpload, int]:
    """The upload and the number of the part the request is about, for somebody who may write.

    Raises:
        S3Refused: InvalidArgument for a number out of range.
        NotPermitted, BucketNotFound, UploadNotFound: as they say.
    """
    require(call.actor, Permission.WRITE_OBJECTS)
    require_bucket(call.actor, call.bucket)
    text = call.query.get("partNumber", "")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= MOST_PARTS and len(text) < 6):
        raise S3Refused(
            "InvalidArgument",
            f"Part number must be an integer between 1 and {MOST_PARTS}, inclusive.",
            ArgumentName="partNumber",
        )
    return multipart.upload_of(call.actor, call.bucket, call.key, call.query["uploadId"]), int(text)


def copy_part(call: Call, body: bytes) -> AwsAnswer:
    """A part of bytes that are stored already."""
    upload, part = part_target(call)
    row = copy_source(call)
    text = call.headers.get("x-amz-copy-source-range")
    first, behind = copied_range(text, row.size) if text else (0, row.size)
    writer = part_store().writer(upload.pk)
    running = checksums.ALGORITHMS[upload.checksum]() if upload.checksum else None
    md5 = hashlib.md5(usedforsecurity=False)
    try:
        _copy_bytes(row, first, behind, writer, [md5, *([running] if running else [])])
        writer.commit()
        checksum = checksums.encoded(running) if running else ""
        multipart.keep_part(
            actor=call.actor,
            upload=upload,
            number=part,
            file=writer.name,
            size=writer.size,
            etag=md5.hexdigest(),
            checksum=checksum,
        )
    except BaseException:
        writer.discard()
        raise
    content: dict[str, Node] = {"LastModified": moment(row.created_at), "ETag": f'"{md5.hexdigest()}"'}
    if checksum:
        content[checksums.element_of(upload.checksum)] = checksum
    return call.xml("CopyPartResult", content)


def _copy_bytes(row: StoredObject, first: int, behind: int, writer: HashedFile, sums: list[checksums.Running]) -> None:
    with blob_store().open(row.sha256) as source:
        source.seek(first)
        left = behind - first
        while left and (piece := source.read(min(left, _CHUNK))):
            left -= len(piece)
            writer.write(piece)
            for one in sums:
                one.update(piece)


def complete_upload(call: Call, body: bytes) -> AwsAnswer:
    """The object, made of the parts that are named."""
    require(call.actor, Permission.WRITE_OBJECTS)
    require_bucket(call.actor, call.bucket)
    upload = multipart.upload_of(call.actor, call.bucket, call.key, call.query["uploadId"])
    parts = multipart.chosen_parts(upload, _claims(body, upload.checksum))
    size = sum(part.size for part in parts)
    if number(call.headers, "x-amz-mp-object-size", default=size, least=0, most=2**60) != size:
        raise S3Refused("InvalidRequest", f"The parts have {size} bytes, not as many as x-amz-mp-object-size says.")
    full = checksums.ALGORITHMS[upload.checksum]() if upload.full_checksum else None
    content = multipart.join_parts(upload, parts, full.update if full else lambda piece: None)
    value = checksums.encoded(full) if full else _composite(upload, parts)
    _check_whole(call, upload, value)
    headers = with_checksum(content.headers, upload.checksum or None, value, kind=kind_of(upload))
    row = multipart.finish_upload(
        actor=call.actor,
        upload=upload,
        content=replace(content, headers=headers),
        condition=write_condition(call.headers),
    )
    answer: dict[str, Node] = {
        "Location": f"/aws/{quote(call.bucket)}/{quote(call.key)}",
        "Bucket": call.bucket,
        "Key": call.key,
        "ETag": f'"{row.etag}"',
    }
    return call.xml("CompleteMultipartUploadResult", answer | dict(checksum_elements(row)))


def _check_whole(call: Call, upload: MultipartUpload, value: str | None) -> None:
    """A client may send the checksum of the object, of the parts' checksums with or without their number."""
    kind = call.headers.get("x-amz-checksum-type", "").upper()
    if kind and (not upload.checksum or kind != kind_of(upload)):
        begun = f"{upload.checksum} {kind_of(upload)}" if upload.checksum else "none"
        raise S3Refused("BadDigest", f"The upload was begun with the checksum type {begun}, not {kind}.")
    expected = call.headers.get(checksums.header_of(upload.checksum)) if upload.checksum else None
    if expected is not None and value is not None and expected not in (value, value.partition("-")[0]):
        raise S3Refused("BadDigest", f"The {upload.checksum} you specified did not match the calculated checksum.")


def _claims(body: bytes, algorithm: str) -> list[PartClaim]:
    elements = parse(body, "CompleteMultipartUpload").findall("Part")
    if not elements or len(elements) > MOST_PARTS:
        raise S3Refused("MalformedXML", f"Expected 1 to {MOST_PARTS} parts.")
    return [_claim(element, algorithm) for element in elements]


def _claim(element: ElementTree.Element, algorithm: str) -> PartClaim:
    text = element.findtext("PartNumber", default="").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise S3Refused("MalformedXML", "Each part needs its PartNumber.")
    etag = element.findtext("ETag", default="").strip().strip('"')
    checksum = element.findtext(checksums.element_of(algorithm), default="").strip() if algorithm else ""
    return PartClaim(number=int(text), etag=etag, checksum=checksum)


def _composite(upload: MultipartUpload, parts: list[UploadedPart]) -> str | None:
    """The checksum of the parts' checksums, as far as all have one."""
    if not upload.checksum or not all(part.checksum for part in parts):
        return None
    running = checksums.ALGORITHMS[upload.checksum]()
    running.update(b"".join(base64.b64decode(part.checksum) for part in parts))
    return f"{checksums.encoded(running)}-{len(parts)}"


def abort_upload(call: Call, body: bytes) -> AwsAnswer:
    multipart.abort_upload(actor=call.actor, bucket=call.bucket, key=call.key, upload_id=call.query["uploadId"])
    return call.answer(204)


OPERATIONS: dict[str, Callable[[Call, bytes], AwsAnswer]] = {
    "CreateMultipartUpload": create_upload,
    "UploadPartCopy": copy_part,
    "CompleteMultipartUpload": complete_upload,
    "AbortMultipartUpload": abort_upload,
}
