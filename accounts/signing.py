"""Whose key signed a request, for keys that are stored and for keys that exist only while something runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actors import Actor


@dataclass(frozen=True, kw_only=True)
class SigningIdentity:
    """`secret` is what the signature was made with. A temporary key only counts together with its `session_token`."""

    secret: str
    actor: Actor
    session_token: str | None = None


_temporary: list[Callable[[str], SigningIdentity | None]] = []


def provide(read: Callable[[str], SigningIdentity | None]) -> None:
    """`read(access_key_id)` answers for temporary keys of another room; None for keys it does not know."""
    _temporary.append(read)


def temporary_identity(access_key_id: str) -> SigningIdentity | None:
    """The identity behind a temporary key that is still valid, else None."""
    found = (read(access_key_id) for read in _temporary)
    return next((identity for identity in found if identity is not None), None)
