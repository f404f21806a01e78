"""Signed nonsense of every kind gets an answer of the service, never one that says we have a bug."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from urllib.parse import quote

import pytest

from accounts.actors import Actor
from accounts.services.tokens import create_access_key
from aws.endpoint import AwsEndpoint
from tests.aws.signing import head_of, signed_request

METHODS = [*["GET", "PUT", "POST", "DELETE", "HEAD"] * 4, "OPTIONS", "PATCH", "TRACE"]
PARAMETERS = [
    "acl", "continuation-token", "delete", "delimiter", "encoding-type", "fetch-owner", "key-marker",
    "list-type", "location", "marker", "max-keys", "max-parts", "max-uploads", "part-number-marker", "partNumber",
    "prefix", "response-content-type", "start-after", "upload-id-marker", "uploadId",
    "uploads", "versionId", "versioning", "X-Amz-Expires", "Action",
]  # fmt: skip
HEADERS = [
    "Content-MD5", "Content-Type", "Content-Encoding", "Content-Length", "Expires", "If-Match", "If-None-Match",
    "If-Modified-Since", "Range", "x-amz-acl", "x-amz-checksum-crc32", "x-amz-checksum-crc32c",
    "x-amz-checksum-mode", "x-amz-checksum-type", "x-amz-checksum-algorithm", "x-amz-copy-source",
    "x-amz-copy-source-range", "x-amz-copy-source-if-match", "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner", "x-amz-meta-a", "x-amz-metadata-directive", "x-amz-mp-object-size",
    "x-amz-sdk-checksum-algorithm", "x-amz-server-side-encryption", "x-amz-target", "x-amz-trailer",
]  # fmt: skip
VALUES = [
    "", "0", "1", "2", "-1", "10001", "9" * 30, "²", "é", "\0", "\n", "\ud7ff", "\U0010ffff", "a" * 2000, "%",
    "%2e%2e", "..", "/", "//", "a/b", "*", '"x"', "bytes=0-1", "bytes=5-", "bytes=-0", "true", "url", "crc32",
    "CRC64NVME", "AAAAAA==", "COPY", "FULL_OBJECT", "COMPOSITE", "null", "2026-01-01", "Mon, 23 Nov 2026 21:01:17 GMT",
    "/bucket/key", "key", "SageMaker.ListPipelines", "Action=GetRole", "x-amz-checksum-crc32",
]  # fmt: skip
BODIES = [
    b"", b"x", b"<Delete/>", b"<a>" * 50, b"{}", b"Action=GetRole&RoleName=%00", b"\xff" * 100, b"0\r\n\r\n",
    b"1\r\nx\r\n",
    b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
    b"<Delete><Object><Key>../x</Key></Object><Object><Key>a</Key></Object></Delete>",
    b"<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>",
]  # fmt: skip
HASHES = [
    *[None] * 12, "UNSIGNED-PAYLOAD",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x", "0" * 64,
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(8))
def test_signed_nonsense_never_ends_in_an_error_of_ours(member: Actor, seed: int) -> None:
    chance = random.Random(seed)
    row, secret = create_access_key(actor=member)
    for _ in range(60):
        sent = asyncio.run(one(chance, member, (row.access_key_id, secret)))
        assert sent["status"] < 500 or sent["status"] == 501, sent


async def one(chance: random.Random, member: Actor, keys: tuple[str, str]) -> dict[str, Any]:
    """The outcome of one request: what it was, and the status of its answer."""
    bucket = chance.choice([member.workspace.default_bucket] * 8 + ["", "no-such-bucket", "a%00b", "%ff"])
    key = chance.choice(["", "key", "key", "key", "key", quote(chance.choice(VALUES), safe="/%")])
    query = "&".join(
        f"{name}={quote(chance.choice(VALUES), safe='')}" for name in chance.sample(PARAMETERS, chance.randint(0, 3))
    )
    headers = {
        name: "".join(sign for sign in chance.choice(VALUES) if sign >= " ")
        for name in chance.sample(HEADERS, chance.randint(0, 4))
    }
    body = chance.choice(BODIES)
    headers.setdefault("Content-Length", str(len(body)))
    service = chance.choice(["s3"] * 24 + ["sts", "iam", "sagemaker", "scheduler", "logs"])
    url = f"http://127.0.0.1:8000/aws/{bucket}" + (f"/{key}" if key else "") + (f"?{query}" if query else "")
    expires = chance.choice([None] * 5 + [60])
    request = signed_request(
        url,
        method=chance.choice(METHODS),
        body=b"" if expires else body,
        service=service,
        headers=headers,
        keys=keys,
        payload_hash=chance.choice(HASHES) if service == "s3" else None,
        expires=expires,
    )
    head = head_of(request)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": head.method,
        "path": "/aws",
        "raw_path": head.path.encode(),
        "query_string": head.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in head.headers.items()],
    }
    await AwsEndpoint(None)(scope, receive, send)  # type: ignore[arg-type]  # nothing is handed on
    answer = b"".join(message.get("body", b"") for message in sent)
    return {"status": sent[0]["status"], "request": (head.method, url, headers, body[:40]), "answer": answer[:300]}
