"""The body of an upload: what its headers promise, and taking it in while that is checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from aws.exchange import ClientGone, Exchange
from aws.s3 import checksums
from aws.s3.chunked import ChunkedBody, ChunkSigner
from aws.s3.errors import S3Refused
from aws.sigv4 import UNSIGNED, Signed
from aws.threads import hashing

LARGEST_OBJECT = 5 * 1024**3
#: Pieces that are hashed and written at once; what arrives meanwhile waits in the connection's own buffer.
PIECE = 512 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_STREAMING = {
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": (False, True),
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": (True, False),
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": (True, True),
}


class Sink(Protocol):
    """Where the bytes go."""

    @property
    def sha256(self) -> str: ...

    def write(self, data: bytes) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What the headers say about the bytes of the object."""

    size: int
    sha256: str | None
    md5: bytes | None
    algorithm: str | None  # of the checksum that is given, or that is to come in a trailer
    checksum: str | None
    chunk_signed: bool = False
    chunked: bool = False
    trailers: bool = False
    announced: str | None = None  # of the checksum that the trailer has to bring

    def expecting(self, algorithm: str | None) -> Promise:
        """The same, with this checksum computed even where the request brings none."""
        return self if self.algorithm or algorithm is None else replace(self, algorithm=algorithm)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came: every promise was kept."""

    size: int
    md5: str
    algorithm: str | None
    checksum: str | None


def promise_of(headers: Mapping[str, str], payload_hash: str) -> Promise:
    """What is promised about the body.

    Raises:
        S3Refused: a promise that cannot be understood, or a body whose size is not told or too large.
    """
    given = checksums.declared(headers)
    wanted = headers.get("x-amz-sdk-checksum-algorithm")
    if given and wanted and checksums.algorithm_named(wanted) != given[0]:
        raise S3Refused("BadDigest", f"x-amz-sdk-checksum-algorithm says {wanted}, but the checksum is {given[0]}.")
    promise = Promise(
        size=_size(headers, "x-amz-decoded-content-length" if payload_hash in _STREAMING else "content-length"),
        sha256=payload_hash if _SHA256.fullmatch(payload_hash) else None,
        md5=_md5(headers),
        algorithm=given[0] if given else checksums.algorithm_named(wanted) if wanted else None,
        checksum=given[1] if given else None,
    )
    if payload_hash in _STREAMING:
        signed, trailers = _STREAMING[payload_hash]
        announced = _trailing(headers) if trailers else None
        promise = replace(
            promise,
            chunk_signed=signed,
            chunked=True,
            trailers=trailers,
            announced=announced,
            algorithm=announced or promise.algorithm,
        )
    elif payload_hash != UNSIGNED and promise.sha256 is None:
        raise S3Refused(
            "InvalidRequest",
            f"x-amz-content-sha256 must be {UNSIGNED}, {', '.join(_STREAMING)} or a SHA-256 in hexadecimal.",
        )
    if promise.size > LARGEST_OBJECT:
        raise S3Refused("EntityTooLarge", MaxSizeAllowed=str(LARGEST_OBJECT), ProposedSize=str(promise.size))
    return promise


class Intake:
    """Hashes and writes the pieces of one body; runs in a thread, one call at a time."""

    def __init__(self, promise: Promise, sink: Sink, signer: ChunkSigner | None) -> None:
        self.size = 0
        self._promise, self._sink = promise, sink
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._checksum = checksums.ALGORITHMS[promise.algorithm]() if promise.algorithm else None
        self._chunks = ChunkedBody(signer, trailers=promise.trailers) if promise.chunked else None

    def take(self, data: bytes) -> None:
        """One piece as it came.

        Raises:
            S3Refused: more than promised, or a wrong chunk.
            StoreFull: no room left.
        """
        for piece in self._chunks.decode(data) if self._chunks else (data,):
            self.size += len(piece)
            if self.size > self._promise.size:
                raise S3Refused("IncompleteBody", "The body is longer than its headers say.")
            self._sink.write(piece)
            self._md5.update(piece)
            if self._checksum is not None:
                self._checksum.update(piece)

    def end(self) -> Taken:
        """What came in all.

        Raises:
            S3Refused: a promise that was not kept.
        """
        promise = self._promise
        if self.size != promise.size or (self._chunks and not self._chunks.finished):
            raise S3Refused("IncompleteBody")
        self._check_trailers()
        if promise.sha256 is not None and self._sink.sha256 != promise.sha256:
            raise S3Refused("XAmzContentSHA256Mismatch")
        if promise.md5 is not None and self._md5.digest() != promise.md5:
            raise S3Refused("BadDigest", "The Content-MD5 you specified did not match what we received.")
        return Taken(
            size=self.size, md5=self._md5.hexdigest(), algorithm=promise.algorithm, checksum=self._checked_sum()
        )

    def _check_trailers(self) -> None:
        """A checksum that was announced and did not come would pass unchecked, as would one nobody announced."""
        if self._chunks is None or not self._promise.trailers:
            return
        came = {name for name in self._chunks.trailers if name.startswith("x-amz-checksum-")}
        announced = self._promise.announced
        if came != ({checksums.header_of(announced)} if announced else set()):
            raise S3Refused("MalformedTrailerError")

    def _checked_sum(self) -> str | None:
        promise = self._promise
        if self._checksum is None or promise.algorithm is None:
            return None
        found, expected = checksums.encoded(self._checksum), promise.checksum
        if self._chunks is not None and promise.announced is not None:
            expected = self._chunks.trailers[checksums.header_of(promise.announced)]
            checksums.check_value(promise.algorithm, expected)
        if expected is not None and expected != found:
            raise S3Refused(
                "BadDigest", f"The {promise.algorithm} you specified did not match the calculated checksum."
            )
        return found


def signer_of(promise: Promise, signed: Signed | None, secret: str) -> ChunkSigner | None:
    """What checks the signatures of chunks, where there are any.

    Raises:
        S3Refused: InvalidRequest where only the URL is signed, which has no signature chunks could follow.
    """
    if not promise.chunk_signed:
        return None
    if signed is None or signed.expires_seconds is not None:
        raise S3Refused("InvalidRequest", "Signed chunks need an Authorization header.")
    return ChunkSigner(signed=signed, secret=secret)


async def take_body(exchange: Exchange, intake: Intake) -> Taken:
    """Takes the whole body in.

    Raises:
        S3Refused: a promise that was not kept.
        ClientGone: the body was cut off.
    """
    waiting: list[bytes] = []
    held = 0
    async for chunk in exchange.chunks():
        waiting.append(chunk)
        held += len(chunk)
        if held >= PIECE:
            await hashing(intake.take, b"".join(waiting))
            waiting, held = [], 0
    if not exchange.complete:
        raise ClientGone
    return await hashing(_last, intake, b"".join(waiting))


def _last(intake: Intake, data: bytes) -> Taken:
    if data:
        intake.take(data)
    return intake.end()


def _size(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name)
    if text is None:
        raise S3Refused("MissingContentLength", f"You must provide the {name} HTTP header.")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise S3Refused("InvalidArgument", f"{name} must be a number of bytes.")
    return int(text)


def _md5(headers: Mapping[str, str]) -> bytes | None:
    text = headers.get("content-md5")
    if text is None:
        return None
    value = checksums.decoded(text, 16)
    if value is None:
        raise S3Refused("InvalidDigest")
    return value


def _trailing(headers: Mapping[str, str]) -> str | None:
    names = [name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",") if name.strip()]
    wrong = next((name for name in names if name not in checksums.HEADERS), None)
    if wrong is not None or len(names) > 1:
        raise S3Refused("InvalidRequest", "The value specified in the x-amz-trailer header is not supported.")
    return checksums.HEADERS[names[0]] if names else None
