"""Behind a proxy the client's address is what a trusted proxy says it is, and nobody else is believed."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import LoginFailure
from accounts.services.logins import set_password
from config.env import EnvironmentInvalid, read_environment
from config.proxies import client_address

TRUSTED = (ip_network("10.0.0.0/24"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, <script>", "10.0.0.1"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_last_address_no_trusted_proxy_vouches_for_is_the_clients(peer: str, forwarded: str, expected: str) -> None:
    assert client_address(peer, forwarded, TRUSTED) == expected


def guess(forwarded: str) -> int:
    body = {"username": "olive", "password": "guess"}
    headers = {"X-Forwarded-For": forwarded}
    code: int = (
        Client()
        .post("/api/session/", body, content_type="application/json", headers=headers, REMOTE_ADDR="10.0.0.1")
        .status_code
    )
    return code


@pytest.fixture
def protected(owner: Actor) -> Actor:
    set_password(actor=owner, password="correct horse battery")
    return owner


def test_guesses_are_counted_by_client_behind_a_trusted_proxy(protected: Actor, settings: Any) -> None:
    settings.TRUSTED_PROXIES = TRUSTED
    codes = [guess("198.51.100.1") for _ in range(6)]
    assert codes[-1] == 429
    assert guess("198.51.100.2") != 429
    assert set(LoginFailure.objects.values_list("address", flat=True)) == {"198.51.100.1", "198.51.100.2"}


def test_without_the_setting_the_header_changes_nothing(protected: Actor) -> None:
    for number in range(6):
        guess(f"198.51.100.{number}")
    assert set(LoginFailure.objects.values_list("address", flat=True)) == {"10.0.0.1"}


def test_a_proxy_that_is_no_address_is_refused_at_start() -> None:
    assert read_environment({"CLARY_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}).trusted_proxies == (
        ip_network("127.0.0.1/32"),
        ip_network("10.0.0.0/8"),
    )
    with pytest.raises(EnvironmentInvalid, match="addresses or networks"):
        read_environment({"CLARY_TRUSTED_PROXIES": "proxy.example.org"})
