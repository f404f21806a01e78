"""Short-lived links to bytes users and steps wrote."""

from __future__ import annotations

import mimetypes
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

LIFETIME_SECONDS = 60
#: Bytes of users are an opaque origin: no scripts, no requests, nothing of ours in reach.
POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_PACKED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
_SCRIPTS = frozenset({"javascript", "x-javascript", "ecmascript", "wasm"})
_signer = TimestampSigner(salt="runs.artifacts")


def artifact_url(stored_id: int, key: str) -> str:
    """A link to one object version that works for a minute, for whoever holds it."""
    name = quote(key.rpartition("/")[2], safe="")
    origin = settings.ENVIRONMENT.artifact_origin or ""
    return f"{origin}/artifacts/{_signer.sign(str(stored_id))}/{name}"


def read_signature(signed: str) -> int | None:
    """The object a link stands for; None when it is forged or too old."""
    try:
        return int(_signer.unsign(signed, max_age=LIFETIME_SECONDS))
    except (BadSignature, ValueError):
        return None


def media_type(key: str) -> str:
    """What a browser is told it gets. Scripts are plain text, so that no page of ours can be made to run one."""
    kind, packed = mimetypes.guess_type(key)
    if packed is not None:
        return _PACKED.get(packed, "application/octet-stream")
    if kind is not None and kind.partition("/")[2] in _SCRIPTS:
        return "text/plain"
    return kind or "application/octet-stream"


def headers(key: str, *, show: bool = True) -> dict[str, Any]:
    """What every answer with user bytes carries; without `show` the browser saves them."""
    name = quote(key.rpartition("/")[2], safe="")
    return {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"{'inline' if show else 'attachment'}; filename*=UTF-8''{name}",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "cross-origin" if settings.ENVIRONMENT.artifact_origin else "same-origin",
    }
