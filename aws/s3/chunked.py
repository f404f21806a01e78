"""The `aws-chunked` coding: a body cut into chunks that may each be signed, and trailers behind it.

Source: S3 API reference, "Signature calculations for the Authorization header: transferring payload in multiple
chunks", with and without trailing headers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws.s3.errors import S3Refused
from aws.sigv4 import EMPTY_SHA256, Signed, signing_key

_HEAD = re.compile(rb"([0-9a-fA-F]{1,10})(?:;chunk-signature=([0-9a-f]{64}))?")
_LONGEST_LINE = 8192
_MOST_TRAILERS = 16


@dataclass(frozen=True, kw_only=True)
class ChunkSigner:
    """Signs each chunk after the one before it; the first after the request itself."""

    signed: Signed
    secret: str

    def chunk(self, before: str, sha256: str) -> str:
        return self._sign("AWS4-HMAC-SHA256-PAYLOAD", before, EMPTY_SHA256, sha256)

    def trailer(self, before: str, trailers: Mapping[str, str]) -> str:
        text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        return self._sign("AWS4-HMAC-SHA256-TRAILER", before, hashlib.sha256(text.encode()).hexdigest())

    def _sign(self, kind: str, before: str, *hashes: str) -> str:
        signed = self.signed
        key = signing_key(self.secret, signed.date, signed.region, signed.service)
        text = "\n".join([kind, signed.stamp, signed.scope, before, *hashes])
        return hmac.digest(key, text.encode(), "sha256").hex()


class ChunkedBody:
    """Takes the coded body in any pieces and gives the bytes of the object."""

    def __init__(self, signer: ChunkSigner | None, *, trailers: bool) -> None:
        self.trailers: dict[str, str] = {}
        self.finished = False
        self._signer = signer
        self._wants_trailers = trailers
        self._before = signer.signed.signature if signer else ""
        self._buffer = bytearray()
        self._left: int | None = None  # bytes of the chunk being read; None between chunks
        self._claimed = ""
        self._digest = hashlib.sha256()
        self._last_seen = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        """The object's bytes in `data`.

        Raises:
            S3Refused: InvalidRequest for a wrong form, SignatureDoesNotMatch for a chunk that was changed.
        """
        self._buffer += data
        while not self.finished:
            if self._left:
                piece = bytes(self._buffer[: self._left])
                if not piece:
                    return
                del self._buffer[: len(piece)]
                self._left -= len(piece)
                if self._signer:
                    self._digest.update(piece)
                yield piece
                continue
            line = self._line()
            if line is None:
                return
            self._step(line)
        if self._buffer:
            raise S3Refused("InvalidRequest", "There are bytes behind the last chunk.")

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise S3Refused("InvalidRequest", "The head of a chunk is too long.")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _step(self, line: bytes) -> None:
        if self._last_seen:
            self._trailer(line)
        elif self._left == 0:
            if line:
                raise S3Refused("InvalidRequest", "A chunk is longer than its head says.")
            self._check_chunk()
            self._left = None
        else:
            self._head(line)

    def _head(self, line: bytes) -> None:
        head = _HEAD.fullmatch(line)
        if head is None or (head[2] is None) == (self._signer is not None):
            raise S3Refused("InvalidRequest", "A chunk must begin with its size in hexadecimal and its signature.")
        self._claimed = (head[2] or b"").decode()
        size = int(head[1], 16)
        if size:
            self._left = size
            return
        self._check_chunk()
        self._last_seen = True

    def _check_chunk(self) -> None:
        if self._signer is None:
            return
        expected = self._signer.chunk(self._before, self._digest.hexdigest())
        self._accept(expected, self._claimed)
        self._digest = hashlib.sha256()

    def _accept(self, expected: str, claimed: str) -> None:
        if not hmac.compare_digest(expected.encode(), claimed.encode()):
            raise S3Refused("SignatureDoesNotMatch", "The signature of a chunk does not match its bytes.")
        self._before = expected

    def _trailer(self, line: bytes) -> None:
        if line:
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon or len(self.trailers) >= _MOST_TRAILERS or not self._wants_trailers:
                raise S3Refused("InvalidRequest", "Expected the end of the body or a trailing header.")
            self.trailers[name.strip().lower()] = value.strip()
            return
        claimed = self.trailers.pop("x-amz-trailer-signature", "")
        if self._signer is not None and self._wants_trailers:
            self._accept(self._signer.trailer(self._before, self.trailers), claimed)
        self.finished = True
