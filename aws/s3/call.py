"""One S3 request whose sender is known, and the small answers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from accounts.actors import Actor
from accounts.permissions import Permission, require
from aws.identity import key_holder, verified
from aws.s3.errors import S3Refused
from aws.s3.routes import Route
from aws.s3.xml import Node, document
from aws.sigv2 import check_presigned, read_presigned, signed_headers
from aws.sigv4 import UNSIGNED, Head, Signed
from aws.wire import AwsAnswer
from runs.artifacts import POLICY

#: What every answer carries: bytes of users are an opaque origin, and no page of ours can be made to run them.
SAFE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: What a browser would do with the bytes that a stored Content-Type must not decide.
_ACTIVE = frozenset({"script", "style", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """`secret` and `signed` are what chunk signatures are checked with."""

    head: Head
    headers: Mapping[str, str]
    route: Route
    actor: Actor
    signed: Signed | None
    secret: str
    request_id: str

    @property
    def bucket(self) -> str:
        return self.route.bucket

    @property
    def key(self) -> str:
        return self.route.key

    @property
    def query(self) -> Mapping[str, str]:
        return self.route.query

    def answer(self, status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"") -> AwsAnswer:
        """An answer with the headers all have."""
        return AwsAnswer(status=status, headers={**self.base_headers(), **(headers or {})}, body=body)

    def xml(self, root: str, content: Mapping[str, Node], headers: Mapping[str, str] | None = None) -> AwsAnswer:
        """A document as the answer."""
        return self.answer(200, {"Content-Type": "application/xml", **(headers or {})}, document(root, content))

    def base_headers(self) -> dict[str, str]:
        return {"x-amz-request-id": self.request_id, **SAFE_HEADERS}


def authenticated(head: Head, route: Route, signed: Signed | None, payload_hash: str, request_id: str) -> Call:
    """The call, when its signature holds and its sender may at least look; asks the database.

    Raises:
        SignatureRefused: it is not signed by a key of this server.
        S3Refused: AccessDenied for a page that wants to run the bytes, or for another account's bucket.
    """
    now = datetime.now(UTC)
    if signed is None:
        claim = read_presigned(head)
        secret, actor = key_holder(claim.access_key_id, claim.session_token)
        check_presigned(claim, head, secret=secret, now=now, resource=route.resource)
        headers = signed_headers(head)
    else:
        secret, actor = verified(signed, head, payload_hash=payload_hash, region=settings.CLARY_REGION, now=now)
        headers = head.headers
    require(actor, Permission.VIEW)
    expected = headers.get("x-amz-expected-bucket-owner")
    if expected is not None and expected != actor.workspace.account_id:
        raise S3Refused("AccessDenied", "The bucket is not of the account the request expects.")
    if headers.get("sec-fetch-dest", "").lower() in _ACTIVE:
        raise S3Refused("AccessDenied", "What people and steps stored is not run by pages.")
    return Call(
        head=head, headers=headers, route=route, actor=actor, signed=signed, secret=secret, request_id=request_id
    )


def payload_hash_of(head: Head, signed: Signed | None) -> str:
    """What the signature says about the body.

    Raises:
        S3Refused: InvalidRequest when a signed header leaves it open.
    """
    given = head.headers.get("x-amz-content-sha256")
    if given is not None:
        return given
    if signed is None or signed.expires_seconds is not None:
        return UNSIGNED
    raise S3Refused("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")


def number(values: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number among the parameters, cut to `most`.

    Raises:
        S3Refused: InvalidArgument.
    """
    text = values.get(name, "")
    if text == "":
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 12) or int(text) < least:
        raise S3Refused("InvalidArgument", f"{name} must be a whole number from {least}.", ArgumentName=name)
    return min(int(text), most)
