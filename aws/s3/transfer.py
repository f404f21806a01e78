"""PUT and GET: bytes that stream between the client and the stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from aws.exchange import Exchange
from aws.s3 import checksums
from aws.s3.call import Call, payload_hash_of
from aws.s3.conditions import is_unchanged, write_condition
from aws.s3.errors import S3Refused
from aws.s3.headers import kept_headers, object_headers, with_checksum
from aws.s3.multipart import part_target
from aws.s3.objects import answer_headers, found_object, put_headers
from aws.s3.payload import Intake, Promise, Taken, promise_of, signer_of, take_body
from aws.s3.ranges import range_of
from aws.threads import hashing, in_thread
from aws.wire import AwsAnswer
from runs.models import MultipartUpload
from runs.services import multipart, objects
from runs.services.objects import Content, require_writable
from runs.storage.base import BlobWriter
from runs.storage.writing import HashedFile
from runs.stores import blob_store, part_store

#: Pieces of an answer. What is smaller is read in one go, together with the row that names it.
PIECE = 512 * 1024


class _Small:
    """Bytes of an object that fit into one piece; hashed by the store when they are kept."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    @property
    def sha256(self) -> str:
        running = checksums.ALGORITHMS["SHA256"]()
        running.update(self.data)
        return running.digest().hex()

    @property
    def data(self) -> bytes:
        return b"".join(self._parts)

    def write(self, data: bytes) -> None:
        self._parts.append(data)


def put_small(call: Call, body: bytes) -> AwsAnswer:
    """An object whose whole body is here: one visit to a thread."""
    promise = promise_of(call.headers, payload_hash_of(call.head, call.signed))
    require_writable(call.actor, call.bucket, call.key)
    sink = _Small()
    intake = Intake(promise, sink, signer_of(promise, call.signed, call.secret))
    intake.take(body)
    taken = intake.end()
    sha256, size = blob_store().put_bytes(sink.data)
    return _put(call, taken, sha256, size)


async def put_object(exchange: Exchange, call: Call) -> None:
    """An object of any size; nothing of it shows before all its promises were kept."""
    promise, writer = await in_thread(_begin_put, call)
    try:
        intake = Intake(promise, writer, signer_of(promise, call.signed, call.secret))
        taken = await take_body(exchange, intake)
        answer = await in_thread(_finish_put, call, taken, writer)
    finally:
        await hashing(writer.discard)
    await exchange.answer(answer)


def _begin_put(call: Call) -> tuple[Promise, BlobWriter]:
    require_writable(call.actor, call.bucket, call.key)
    kept_headers(call.headers)
    write_condition(call.headers)
    return promise_of(call.headers, payload_hash_of(call.head, call.signed)), blob_store().writer()


def _finish_put(call: Call, taken: Taken, writer: BlobWriter) -> AwsAnswer:
    sha256, size = writer.commit()
    return _put(call, taken, sha256, size)


def _put(call: Call, taken: Taken, sha256: str, size: int) -> AwsAnswer:
    headers = with_checksum(kept_headers(call.headers), taken.algorithm, taken.checksum)
    row = objects.put_object(
        actor=call.actor,
        bucket=call.bucket,
        key=call.key,
        content=Content(sha256=sha256, size=size, etag=taken.md5, headers=headers),
        condition=write_condition(call.headers),
    )
    return call.answer(200, put_headers(row))


async def upload_part(exchange: Exchange, call: Call) -> None:
    """One part; it counts once all of it came and its promises were kept."""
    upload, number, promise, writer = await in_thread(_begin_part, call)
    kept = False
    try:
        intake = Intake(promise, writer, signer_of(promise, call.signed, call.secret))
        taken = await take_body(exchange, intake)
        answer = await in_thread(_finish_part, call, upload, number, taken, writer)
        kept = True
    finally:
        if not kept:
            await hashing(writer.discard)
    await exchange.answer(answer)


def _begin_part(call: Call) -> tuple[MultipartUpload, int, Promise, HashedFile]:
    upload, number = part_target(call)
    promise = promise_of(call.headers, payload_hash_of(call.head, call.signed))
    if upload.checksum and promise.algorithm not in (None, upload.checksum):
        raise S3Refused(
            "InvalidRequest", f"Checksum Type mismatch occurred, expected checksum Type: {upload.checksum}."
        )
    return upload, number, promise.expecting(upload.checksum or None), part_store().writer(upload.pk)


def _finish_part(call: Call, upload: MultipartUpload, number: int, taken: Taken, writer: HashedFile) -> AwsAnswer:
    writer.commit()
    checksum = taken.checksum if taken.algorithm == upload.checksum else None
    multipart.keep_part(
        actor=call.actor,
        upload=upload,
        number=number,
        file=writer.name,
        size=taken.size,
        etag=taken.md5,
        checksum=checksum or "",
    )
    headers = {"ETag": f'"{taken.md5}"'}
    if taken.algorithm and taken.checksum:
        headers[checksums.header_of(taken.algorithm)] = taken.checksum
    return call.answer(200, headers)


async def get_object(exchange: Exchange, authenticate: Callable[[], Call]) -> None:
    """The object or a range of it. Small ones are read by the thread that finds them."""
    answer, source, left = await in_thread(_begin_get, authenticate)
    if source is None:
        await exchange.answer(answer)
        return
    try:
        await exchange.begin(answer.status, answer.headers)
        while left:
            data = await hashing(source.read, min(PIECE, left))
            if not data:
                raise OSError("a blob is shorter than its row says")
            left -= len(data)
            await exchange.write(data, more=left > 0)
    finally:
        await hashing(source.close)


def _begin_get(authenticate: Callable[[], Call]) -> tuple[AwsAnswer, BinaryIO | None, int]:
    """The head of the answer, and the open blob with the bytes to send of it; no blob where the answer is whole."""
    call = authenticate()
    row = found_object(call, call.bucket, call.key, call.query.get("versionId"))
    headers = answer_headers(call, row)
    if is_unchanged(row, call.headers):
        return call.answer(304, object_headers(row, {})), None, 0
    part = range_of(call.headers.get("range"), row.size)
    first, behind = part or (0, row.size)
    status = 206 if part else 200
    if part:
        headers["Content-Range"] = f"bytes {first}-{behind - 1}/{row.size}"
        for name in [name for name in headers if name.startswith("x-amz-checksum-")]:
            del headers[name]  # it is the whole object's
    if row.size == 0:
        return call.answer(status, headers), None, 0
    source = blob_store().open(row.sha256)
    source.seek(first)
    if behind - first <= PIECE:
        with source:
            return call.answer(status, headers, source.read(behind - first)), None, 0
    headers["Content-Length"] = str(behind - first)
    return call.answer(status, headers), source, behind - first
