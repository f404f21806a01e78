"""Whose request it is: the claim of a signature checked against the clock and the keys of this server."""

from __future__ import annotations

import hmac
from datetime import datetime

from accounts.actors import Actor
from accounts.selectors import signing_identity
from aws.protocols import GLOBAL_SERVICES
from aws.signing_faults import Fault, SignatureRefused
from aws.sigv4 import Head, Signed, check_signature, check_time


def verified(signed: Signed, head: Head, *, payload_hash: str, region: str, now: datetime) -> tuple[str, Actor]:
    """(secret, actor) of the key that signed this request for this region, about now.

    Raises:
        SignatureRefused: whatever does not hold, in the order AWS tells it.
    """
    secret, actor = key_holder(signed.access_key_id, signed.session_token)
    allowed = {region, "us-east-1"} if signed.service in GLOBAL_SERVICES else {region}
    if signed.region not in allowed:
        raise SignatureRefused(
            Fault.WRONG_SCOPE,
            f"Credential should be scoped to a valid region: the region '{signed.region}' is wrong; "
            f"expecting '{region}'",
        )
    check_time(signed, now)
    check_signature(signed, head, secret=secret, payload_hash=payload_hash)
    return secret, actor


def key_holder(access_key_id: str, session_token: str) -> tuple[str, Actor]:
    """(secret, actor) of a usable key whose session token, if it has one, is the given one.

    Raises:
        SignatureRefused: UNKNOWN_KEY or BAD_TOKEN.
    """
    identity = signing_identity(access_key_id)
    if identity is None:
        raise SignatureRefused(
            Fault.UNKNOWN_KEY, "The security token included in the request is invalid: no such access key is in use."
        )
    expected = (identity.session_token or "").encode()
    if not hmac.compare_digest(expected, session_token.encode(errors="surrogateescape")):
        raise SignatureRefused(Fault.BAD_TOKEN, "The session token is not the one of this access key.")
    return identity.secret, identity.actor
