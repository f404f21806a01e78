"""Which requests are the AWS endpoint's, by their path and their host."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aws.endpoint import is_ours
from aws.hosts import bucket_of_host


@pytest.fixture
def public(settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, public_url="https://ml.example.org")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "ml.example.org", "files.ml.example.org"]


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("data.localhost", "data"),
        ("data.localhost:8000", "data"),
        ("Data.With.Dots.LOCALHOST:8000", "data.with.dots"),
        ("data.ml.example.org", "data"),
        ("localhost", None),
        ("localhost:8000", None),
        ("ml.example.org", None),
        ("files.ml.example.org", None),
        ("evil.example.org", None),
        ("127.0.0.1:8000", None),
        ("[::1]:8000", None),
        ("[::1]", None),
        ("", None),
    ],
)
def test_a_bucket_is_what_comes_before_our_own_name(public: None, host: str, bucket: str | None) -> None:
    assert bucket_of_host(host) == bucket


def test_a_public_address_of_numbers_has_no_buckets_before_it(settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, public_url="http://10.0.0.1:8000")
    assert bucket_of_host("data.10.0.0.1:8000") is None


@pytest.mark.parametrize(
    ("path", "ours"),
    [("/aws", True), ("/aws/", True), ("/aws/b/k", True), ("/awsome", False), ("/api/aws", False), ("/aws%2Fb", False)],
)
def test_the_path_decides_on_our_own_host(path: str, ours: bool) -> None:
    assert is_ours(path, "127.0.0.1:8000") is ours
