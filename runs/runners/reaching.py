"""How a container calls the machine it runs on: its loopback address is its own."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

#: The name Docker gives its host; our web process must listen on an address that a container can reach.
THIS_MACHINE = "host.docker.internal"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def from_a_container(env: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(the environment with our endpoint as a container sees it, host names to add for that)."""
    endpoint = urlsplit(env.get("AWS_ENDPOINT_URL", ""))
    if endpoint.hostname not in LOOPBACK:
        return dict(env), {}
    there = endpoint._replace(netloc=f"{THIS_MACHINE}:{endpoint.port or 80}")
    return {**env, "AWS_ENDPOINT_URL": there.geturl()}, {THIS_MACHINE: "host-gateway"}
