"""Inside a container our endpoint is not at the loopback address."""

from __future__ import annotations

import pytest

from runs.runners.reaching import from_a_container


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://127.0.0.1:8000/aws", "http://host.docker.internal:8000/aws"),
        ("http://[::1]:8471/aws", "http://host.docker.internal:8471/aws"),
        ("http://localhost/aws", "http://host.docker.internal:80/aws"),
    ],
)
def test_a_loopback_endpoint_is_reached_through_the_host(given: str, expected: str) -> None:
    env, hosts = from_a_container({"AWS_ENDPOINT_URL": given, "X": "1"})
    assert env == {"AWS_ENDPOINT_URL": expected, "X": "1"}
    assert hosts == {"host.docker.internal": "host-gateway"}


@pytest.mark.parametrize("env", [{}, {"AWS_ENDPOINT_URL": "https://clary.example.org/aws"}])
def test_any_other_endpoint_stays(env: dict[str, str]) -> None:
    assert from_a_container(env) == (env, {})
