"""Requests signed by botocore, to be changed on their way."""

from __future__ import annotations

import http.client
from datetime import datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aws.sigv4 import Head

KEY, SECRET = "AKIAEXAMPLEEXAMPLE00", "secret/of+the/example"


def signed_request(
    url: str,
    *,
    method: str = "POST",
    body: bytes = b"",
    service: str = "sts",
    region: str = "us-east-1",
    headers: dict[str, str] | None = None,
    at: datetime | None = None,
    keys: tuple[str, str] = (KEY, SECRET),
    token: str | None = None,
    expires: int | None = None,
    payload_hash: str | None = None,
) -> AWSRequest:
    """A request with an Authorization header, or presigned when it `expires`."""
    request = AWSRequest(method=method, url=url, data=body, headers=headers or {})
    credentials = Credentials(*keys, token)
    s3 = service == "s3"
    signer: Any
    if expires is not None:
        signer = (botocore.auth.S3SigV4QueryAuth if s3 else botocore.auth.SigV4QueryAuth)(
            credentials, service, region, expires=expires
        )
    else:
        signer = (botocore.auth.S3SigV4Auth if s3 else botocore.auth.SigV4Auth)(credentials, service, region)
    if payload_hash is not None:
        signer.payload = lambda request: payload_hash
    if at is None:
        signer.add_auth(request)
    else:
        with patch("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: at.replace(tzinfo=None)):
            signer.add_auth(request)
    return request


def head_of(request: AWSRequest, method: str | None = None) -> Head:
    """What a server sees of it."""
    parts = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers.setdefault("host", parts.netloc)
    return Head(method=method or request.method, path=parts.path, query=parts.query, headers=headers)


def send(request: AWSRequest, body: bytes | None = None) -> tuple[int, str]:
    """(status, text) of the answer to the request, with another body when one is given."""
    parts = urlsplit(request.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(request.method, target, request.data if body is None else body, dict(request.headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def fetch(
    url: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of a plain request."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()
