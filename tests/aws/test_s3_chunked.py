"""aws-chunked bodies, with and without signatures and trailers."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from accounts.actors import Actor
from aws.s3.chunked import ChunkedBody, ChunkSigner
from aws.s3.errors import S3Refused
from aws.sigv4 import Signed, read_signed
from runs.models import StoredObject
from tests.aws.raw import RawS3
from tests.aws.server import AwsServer
from tests.aws.signing import head_of, signed_request

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"


def signer(secret: str = "secret") -> ChunkSigner:
    signed = Signed(
        access_key_id="AKIA",
        date="20260301",
        region="us-east-1",
        service="s3",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        signed_headers=("host",),
        signature="0" * 64,
    )
    return ChunkSigner(signed=signed, secret=secret)


def coded(data: bytes, size: int, signer: ChunkSigner | None, trailers: dict[str, str] | None = None) -> bytes:
    """The data as a client codes it."""
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    before = signer.signed.signature if signer else ""
    text = b""
    for piece in [*pieces, b""]:
        mark = b""
        if signer:
            before = signer.chunk(before, hashlib.sha256(piece).hexdigest())
            mark = b";chunk-signature=" + before.encode()
        text += b"%x%s\r\n" % (len(piece), mark) + (piece + b"\r\n" if piece else b"")
    for name, value in (trailers or {}).items():
        text += f"{name}:{value}\r\n".encode()
    if signer and trailers is not None:
        text += f"x-amz-trailer-signature:{signer.trailer(before, trailers)}\r\n".encode()
    return text + b"\r\n"


@pytest.mark.parametrize("step", [1, 7, 1000, 10**6])
@pytest.mark.parametrize("with_signer", [True, False])
@pytest.mark.parametrize("trailers", [None, {"x-amz-checksum-crc32": "AAAAAA=="}])
def test_the_coding_is_read_in_any_pieces(step: int, with_signer: bool, trailers: dict[str, str] | None) -> None:
    data = os.urandom(5000)
    text = coded(data, 1500, signer() if with_signer else None, trailers)
    body = ChunkedBody(signer() if with_signer else None, trailers=trailers is not None)
    found = b"".join(piece for start in range(0, len(text), step) for piece in body.decode(text[start : start + step]))
    assert (found, body.finished, body.trailers) == (data, True, trailers or {})


def test_an_empty_body_is_one_last_chunk() -> None:
    body = ChunkedBody(None, trailers=True)
    assert list(body.decode(b"0\r\n\r\n")) == []
    assert body.finished


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"zz\r\n", "InvalidRequest"),
        (b"-1\r\n", "InvalidRequest"),
        (b"ffffffffffff\r\n", "InvalidRequest"),
        (b"3\r\nabcd\r\n", "InvalidRequest"),
        (b"3;chunk-signature=" + b"0" * 64 + b"\r\nabc\r\n", "InvalidRequest"),
        (b"0\r\nno trailer\r\n\r\n", "InvalidRequest"),
        (b"0\r\n\r\nmore", "InvalidRequest"),
        (b"0\r\n" + b"".join(b"a%d:b\r\n" % number for number in range(20)) + b"\r\n", "InvalidRequest"),
        (b"x" * 9000, "InvalidRequest"),
    ],
)
def test_a_wrong_form_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(S3Refused) as refused:
        list(ChunkedBody(None, trailers=True).decode(text))
    assert refused.value.code == code


def test_a_changed_chunk_or_trailer_is_refused() -> None:
    text = coded(b"x" * 100, 40, signer(), {"x-amz-checksum-crc32": "AAAAAA=="})
    for changed in (text.replace(b"xxxx", b"xxxy", 1), text.replace(b"AAAAAA", b"AAAAAB")):
        with pytest.raises(S3Refused) as refused:
            list(ChunkedBody(signer(), trailers=True).decode(changed))
        assert refused.value.code == "SignatureDoesNotMatch"
    with pytest.raises(S3Refused):
        list(ChunkedBody(signer("another"), trailers=True).decode(text))


@pytest.fixture
def raw(aws: AwsServer, member: Actor) -> Iterator[RawS3]:
    with RawS3(aws, member) as connection:
        yield connection


@pytest.fixture
def path(member: Actor) -> str:
    return f"/aws/{member.workspace.default_bucket}/k"


def put(raw: RawS3, path: str, mode: str, text_of: object, size: int, **headers: str) -> tuple[int, bytes]:
    """The answer to a chunked PUT; `text_of` makes the coded body from the head that was signed."""
    given = {"Content-Encoding": "aws-chunked", "x-amz-decoded-content-length": str(size)}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    keys, url = raw.keys, f"http://127.0.0.1:{raw.port}{path}"
    signed = signed_request(url, method="PUT", service="s3", headers=dict(given), keys=keys, payload_hash=mode)
    claim = read_signed(head_of(signed))
    text = text_of(ChunkSigner(signed=claim, secret=keys[1]))  # type: ignore[operator]
    lines = [f"PUT {path} HTTP/1.1", f"Host: 127.0.0.1:{raw.port}", f"Content-Length: {len(text)}"]
    lines += [f"{name}: {value}" for name, value in signed.headers.items()]
    raw.send("\r\n".join([*lines, "", ""]).encode() + text)
    return raw.status()


@pytest.mark.parametrize("size", [0, 10, 200_000])
def test_chunks_are_taken_apart_by_the_server(raw: RawS3, path: str, size: int) -> None:
    data = os.urandom(size)
    crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    trailer = {"x-amz-checksum-crc32": crc}
    named = {"x_amz_trailer": "x-amz-checksum-crc32"}
    for mode, text_of, headers in (
        (SIGNED, lambda signer: coded(data, 65536, signer), {}),
        (f"{SIGNED}-TRAILER", lambda signer: coded(data, 65536, signer, trailer), named),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", lambda signer: coded(data, 65536, None, trailer), named),
    ):
        status, body = put(raw, path, mode, text_of, size, **headers)
        assert status == 200, body
        row = StoredObject.objects.order_by("-pk")[0]
        assert (row.size, row.sha256) == (size, hashlib.sha256(data).hexdigest())
        assert "content-encoding" not in row.headers
        if headers:
            assert row.headers["checksum"]["value"] == crc


@pytest.mark.parametrize(
    ("mode", "size", "data", "trailer", "code"),
    [
        (SIGNED, 10, b"123456789", None, b"IncompleteBody"),
        (SIGNED, 8, b"123456789", None, b"IncompleteBody"),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 9, b"123456789", {"x-amz-checksum-crc32": "AAAAAA=="}, b"BadDigest"),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 9, b"123456789", {"x-amz-checksum-crc32": "A"}, b"InvalidRequest"),
        ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", 9, b"123456789", None, b"InvalidRequest"),
    ],
)
def test_a_promise_that_is_not_kept_stores_nothing(
    raw: RawS3, path: str, mode: str, size: int, data: bytes, trailer: dict[str, str] | None, code: bytes
) -> None:
    named = {"x_amz_trailer": "x-amz-checksum-crc32"} if trailer else {}
    uses_signer = "HMAC" in mode
    status, body = put(
        raw, path, mode, lambda signer: coded(data, 4, signer if uses_signer else None, trailer), size, **named
    )
    assert status == 400
    assert b"<Code>" + code + b"</Code>" in body
    assert not StoredObject.objects.exists()


@pytest.mark.parametrize(
    ("announced", "came"),
    [
        ("x-amz-checksum-crc32", {}),
        ("x-amz-checksum-crc32", {"x-amz-checksum-sha1": "X/5yg9Pb4kr6fuyrpfNR3z8sZ1o="}),
        (None, {"x-amz-checksum-crc32": "AAAAAA=="}),
    ],
)
def test_a_checksum_that_was_announced_comes_and_no_other(
    raw: RawS3, path: str, announced: str | None, came: dict[str, str]
) -> None:
    mode = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    named = {"x_amz_trailer": announced} if announced else {}
    status, body = put(raw, path, mode, lambda signer: coded(b"x", 4, None, came), 1, **named)
    assert (status, b"<Code>MalformedTrailerError</Code>" in body) == (400, True)
    assert not StoredObject.objects.exists()


def test_a_trailer_of_another_kind_is_refused(raw: RawS3, path: str) -> None:
    mode = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    status, body = put(raw, path, mode, lambda signer: coded(b"x", 4, None, {}), 1, x_amz_trailer="x-other")
    assert (status, b"InvalidRequest" in body) == (400, True)
