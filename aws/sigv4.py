"""Signature version 4: reading what a request claims, and checking it. No clock, no database.

Source: AWS "Authenticating requests (AWS Signature Version 4)", S3 API reference "Authenticating requests: using query
parameters" and "Signature calculations: transferring payload in multiple chunks".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote, unquote

from aws.signing_faults import Fault, SignatureRefused

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
#: How far the clock of a client may be off.
TOLERANCE = timedelta(minutes=15)
LONGEST_PRESIGNED = 7 * 24 * 3600
_CREDENTIAL = re.compile(r"([\w-]{1,128})/(\d{8})/([\w-]{1,64})/([\w-]{1,64})/aws4_request")
_STAMP = "%Y%m%dT%H%M%SZ"
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("Credential", "SignedHeaders", "Signature")
_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True, kw_only=True)
class Head:
    """A request as it was sent. Header names are lower-case, several of one name joined by a comma."""

    method: str
    path: str  # still percent-encoded
    query: str  # still percent-encoded, without the question mark
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What the request claims: nothing of it is true before `check_signature`."""

    access_key_id: str
    date: str
    region: str
    service: str
    at: datetime
    signed_headers: tuple[str, ...]
    signature: str
    session_token: str = ""
    expires_seconds: int | None = None  # of a presigned URL

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"

    @property
    def stamp(self) -> str:
        return self.at.strftime(_STAMP)


def query_pairs(query: str) -> list[tuple[str, str]]:
    """The decoded parameters in the order they came; `a` is the same as `a=`."""
    parts = (pair.partition("=") for pair in query.split("&") if pair)
    return [(_decoded(name), _decoded(value)) for name, _, value in parts]


def read_signed(head: Head) -> Signed:
    """What the Authorization header or the query of a presigned URL claims.

    Raises:
        SignatureRefused: MISSING, UNSUPPORTED or MALFORMED(_QUERY).
    """
    given = head.headers.get("authorization", "").strip()
    if given:
        return _from_header(given, head.headers)
    query = dict(query_pairs(head.query))
    if "X-Amz-Signature" in query or "X-Amz-Algorithm" in query:
        return _from_query(query)
    raise SignatureRefused(
        Fault.MISSING, "The request carries no signature. Sign it with an access key of this server."
    )


def check_time(signed: Signed, now: datetime) -> None:
    """Returns when the request was signed about now, or its presigned URL still holds.

    Raises:
        SignatureRefused: SKEWED or EXPIRED.
    """
    server = now.strftime(_STAMP)
    if signed.at.strftime("%Y%m%d") != signed.date:
        raise SignatureRefused(Fault.MISMATCH, "The date of the credential scope is not the date of the request.")
    if signed.expires_seconds is not None:
        if signed.at - TOLERANCE > now:
            raise SignatureRefused(Fault.EXPIRED, f"Request is not yet valid: signed {signed.stamp}, it is {server}.")
        if signed.at + timedelta(seconds=signed.expires_seconds) < now:
            raise SignatureRefused(Fault.EXPIRED, f"Request has expired: signed {signed.stamp}, it is {server}.")
    elif signed.at < now - TOLERANCE:
        limit = (now - TOLERANCE).strftime(_STAMP)
        raise SignatureRefused(
            Fault.SKEWED,
            f"Signature expired: {signed.stamp} is now earlier than {limit} ({server} - 15 min.). Check the clock.",
        )
    elif signed.at > now + TOLERANCE:
        limit = (now + TOLERANCE).strftime(_STAMP)
        raise SignatureRefused(
            Fault.SKEWED,
            f"Signature not yet current: {signed.stamp} is still later than {limit} ({server} + 15 min.). "
            "Check the clock.",
        )


def check_signature(signed: Signed, head: Head, *, secret: str, payload_hash: str) -> None:
    """Returns when the holder of `secret` signed exactly this request with this payload hash.

    Raises:
        SignatureRefused: NOT_SIGNED or MISMATCH.
    """
    _check_coverage(signed, head)
    expected = signing_key(secret, signed.date, signed.region, signed.service)
    for path, query in _spellings(signed, head):
        canonical = _canonical_request(signed, head, path, query, payload_hash)
        text = "\n".join([ALGORITHM, signed.stamp, signed.scope, _sha256(canonical)])
        if hmac.compare_digest(hmac.digest(expected, text.encode(), "sha256").hex(), signed.signature):
            return
    raise SignatureRefused(
        Fault.MISMATCH,
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    )


@lru_cache(maxsize=64)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of one day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _from_header(given: str, headers: Mapping[str, str]) -> Signed:
    scheme, _, rest = given.partition(" ")
    if scheme != ALGORITHM:
        raise SignatureRefused(Fault.UNSUPPORTED, f"The authorization scheme is not supported. Please use {ALGORITHM}.")
    pairs = list(_assignments(rest))
    fields = dict(pairs)
    missing = [name for name in _FIELDS if not fields.get(name)]
    if missing:
        raise SignatureRefused(
            Fault.MALFORMED, f"Authorization header requires {' and '.join(repr(name) for name in missing)} parameter."
        )
    if len(pairs) != len(_FIELDS):
        raise SignatureRefused(Fault.MALFORMED, f"Authorization header takes {', '.join(_FIELDS)} once each.")
    return _signed(
        Fault.MALFORMED,
        credential=fields["Credential"],
        stamp=headers.get("x-amz-date", ""),
        signed_headers=fields["SignedHeaders"],
        signature=fields["Signature"],
        session_token=headers.get("x-amz-security-token", ""),
    )


def _from_query(query: Mapping[str, str]) -> Signed:
    if query.get("X-Amz-Algorithm") != ALGORITHM:
        raise SignatureRefused(Fault.MALFORMED_QUERY, f'X-Amz-Algorithm only supports "{ALGORITHM}".')
    expires = query.get("X-Amz-Expires", "")
    if not expires.isascii() or not expires.isdecimal() or len(expires) > 9:
        raise SignatureRefused(Fault.MALFORMED_QUERY, "X-Amz-Expires should be a number of seconds.")
    if int(expires) > LONGEST_PRESIGNED:
        raise SignatureRefused(
            Fault.MALFORMED_QUERY, "X-Amz-Expires must be less than a week (in seconds); that is, at most 604800."
        )
    return _signed(
        Fault.MALFORMED_QUERY,
        credential=query.get("X-Amz-Credential", ""),
        stamp=query.get("X-Amz-Date", ""),
        signed_headers=query.get("X-Amz-SignedHeaders", ""),
        signature=query.get("X-Amz-Signature", ""),
        session_token=query.get("X-Amz-Security-Token", ""),
        expires_seconds=int(expires),
    )


def _signed(
    fault: Fault,
    *,
    credential: str,
    stamp: str,
    signed_headers: str,
    signature: str,
    session_token: str,
    expires_seconds: int | None = None,
) -> Signed:
    parts = _CREDENTIAL.fullmatch(credential)
    if parts is None:
        raise SignatureRefused(
            fault, "The Credential must be <access key id>/<yyyymmdd>/<region>/<service>/aws4_request."
        )
    try:
        at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise SignatureRefused(fault, "X-Amz-Date must be in the format YYYYMMDDTHHMMSSZ.") from None
    names = tuple(name.strip().lower() for name in signed_headers.split(";"))
    if not _SIGNATURE.fullmatch(signature):
        raise SignatureRefused(Fault.MISMATCH, "The signature is not 64 hexadecimal digits.")
    return Signed(
        access_key_id=parts[1],
        date=parts[2],
        region=parts[3],
        service=parts[4],
        at=at,
        signed_headers=names,
        signature=signature,
        session_token=session_token,
        expires_seconds=expires_seconds,
    )


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        if name:
            yield name, value


def _check_coverage(signed: Signed, head: Head) -> None:
    """The host and every x-amz header have to be signed, or somebody on the way could change them."""
    unsigned = [name for name in head.headers if name.startswith("x-amz-") and name not in signed.signed_headers]
    if "host" not in signed.signed_headers:
        unsigned.insert(0, "host")
    if unsigned:
        raise SignatureRefused(
            Fault.NOT_SIGNED, f"There were headers present in the request which were not signed: {', '.join(unsigned)}"
        )


def _spellings(signed: Signed, head: Head) -> list[tuple[str, str]]:
    """The canonical path and query: as sent, and as the rules would spell it, where that is another text."""
    raw = "&".join(sorted(_without_signature(head.query)))
    coded = "&".join(
        sorted(
            f"{_coded(name)}={_coded(value)}" for name, value in query_pairs(head.query) if name != "X-Amz-Signature"
        )
    )
    if signed.service == "s3":
        paths = [head.path or "/", _coded(_decoded(head.path) or "/", "/")]
    else:
        paths = [quote(_normal_path(head.path), safe="/~"), quote(head.path or "/", safe="/~")]
    return list(dict.fromkeys([(paths[0], raw), (paths[1], coded), (paths[0], coded), (paths[1], raw)]))


def _without_signature(query: str) -> Iterator[str]:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and name != "X-Amz-Signature":
            yield f"{name}={value}"


def _normal_path(path: str) -> str:
    """Without `.`, `..` and empty segments, as every service but S3 has it."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")


def _canonical_request(signed: Signed, head: Head, path: str, query: str, payload_hash: str) -> str:
    headers = [f"{name}:{_SPACES.sub(' ', head.headers.get(name, '').strip())}\n" for name in signed.signed_headers]
    lines = [head.method, path, query, "".join(headers), ";".join(signed.signed_headers), payload_hash]
    return "\n".join(lines)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _coded(text: str, safe: str = "") -> str:
    return quote(text, safe=f"{safe}-_.~", errors="surrogateescape")


def _decoded(text: str) -> str:
    return unquote(text, errors="surrogateescape")
