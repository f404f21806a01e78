"""Keys that exist only while something runs count together with their session token."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from accounts import signing
from accounts.actors import Actor
from aws.endpoint import AwsEndpoint
from aws.sigv4 import Head
from tests.aws.signing import head_of, signed_request

KEYS = ("ASIAEXAMPLEEXAMPLE00", "temporary secret")
FORM = b"Action=GetCallerIdentity&Version=2011-06-15"
URL = "http://127.0.0.1:8000/aws"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def temporary(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Actor(user_id=None, username="step Train of abc", workspace=owner.workspace, role=owner.role)

    def identity_of(access_key_id: str) -> signing.SigningIdentity | None:
        if access_key_id != KEYS[0]:
            return None
        return signing.SigningIdentity(secret=KEYS[1], actor=step, session_token="the token")

    monkeypatch.setattr(signing, "_temporary", [identity_of])


def answer_to(head: Head, body: bytes) -> tuple[int, bytes]:
    """(status, body) of the endpoint's answer, without a server around it."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def nobody(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("the request was handed on")

    scope = {
        "type": "http",
        "method": head.method,
        "path": head.path,
        "raw_path": head.path.encode(),
        "query_string": head.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in head.headers.items()],
    }
    asyncio.run(AwsEndpoint(nobody)(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize(("token", "status"), [("the token", 200), ("another", 403), (None, 403)])
def test_a_temporary_key_needs_its_token(token: str | None, status: int) -> None:
    request = signed_request(URL, body=FORM, keys=KEYS, token=token)
    found, body = answer_to(head_of(request), FORM)
    assert found == status
    assert (b"InvalidClientTokenId" in body) is (status == 403)


def test_a_step_is_a_session_of_the_role_of_steps(owner: Actor) -> None:
    request = signed_request(URL, body=FORM, keys=KEYS, token="the token")
    _, body = answer_to(head_of(request), FORM)
    arn = f"arn:aws:sts::{owner.workspace.account_id}:assumed-role/ClaryStep/step-Train-of-abc"
    assert f"<Arn>{arn}</Arn>".encode() in body


@pytest.mark.parametrize(("token", "code"), [("the token", b"NoSuchKey"), (None, b"InvalidToken")])
def test_a_url_presigned_with_a_temporary_key_carries_the_token(owner: Actor, token: str | None, code: bytes) -> None:
    url = f"{URL}/{owner.workspace.default_bucket}/k"
    request = signed_request(url, method="GET", service="s3", keys=KEYS, token=token, expires=60)
    assert b"<Code>" + code + b"</Code>" in answer_to(head_of(request), b"")[1]


def test_a_key_that_has_ended_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "_temporary", [])
    request = signed_request(URL, body=FORM, keys=KEYS, token="the token")
    assert b"InvalidClientTokenId" in answer_to(head_of(request), FORM)[1]
