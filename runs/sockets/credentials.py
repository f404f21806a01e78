"""Who opens a socket: a session cookie of our own page, a bearer header, or a bearer subprotocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings

from accounts.actors import Actor
from accounts.selectors import actor_for_session, actor_for_token

PROTOCOL = "clary.v1"
TOKEN_PROTOCOL = "bearer."


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """`who` asks the database again, each time: a revoked token or a finished session ends the socket.

    `protocol` is the subprotocol to accept with.
    """

    who: Callable[[], Actor | None]
    protocol: str | None


def credentials_of(scope: dict[str, Any]) -> Credentials | None:
    """None when the handshake proves nothing. A cookie counts only beside an Origin (checked before us): a client
    without one is no browser and has to bring a token."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
    offered = list(scope.get("subprotocols") or ())
    protocol = PROTOCOL if PROTOCOL in offered else None
    scheme, _, token = headers.get(b"authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = next((name[len(TOKEN_PROTOCOL) :] for name in offered if name.startswith(TOKEN_PROTOCOL)), "")
    if token.strip():
        return Credentials(who=lambda: actor_for_token(token.strip()), protocol=protocol)
    if b"origin" not in headers:
        return None
    session = _cookie(headers.get(b"cookie", ""))
    return Credentials(who=lambda: actor_for_session(session), protocol=protocol) if session else None


def _cookie(text: str) -> str | None:
    try:
        found = SimpleCookie(text).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return found.value if found else None
