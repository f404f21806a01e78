"""Whose request it is behind a proxy: X-Forwarded-For counts as far as known proxies wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.middleware import GetResponse

Network = IPv4Network | IPv6Network


class ClientAddressMiddleware:
    """REMOTE_ADDR becomes the address of the client, for the limits that count by it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted = settings.TRUSTED_PROXIES
        if trusted:
            peer = request.META.get("REMOTE_ADDR") or ""
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = client_address(peer, forwarded, trusted)
        return self.get_response(request)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The last address that no trusted proxy vouches for; `peer` where the connection is not a proxy's.

    Each proxy appends whom it heard from, so the list is read from its end, and everything before the first stranger
    is only what that stranger claims.
    """
    address = peer
    for claimed in reversed(forwarded.split(",")):
        known = _parsed(address)
        if known is None or not any(known in network for network in trusted):
            break
        before = _parsed(claimed)
        if before is None:
            break
        address = str(before)
    return address


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Without a port or brackets; an IPv4 address in IPv6 spelling is one of IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
