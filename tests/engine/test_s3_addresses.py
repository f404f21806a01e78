"""Web addresses of S3 read as plain ones."""

from __future__ import annotations

import pytest

from engine.s3_addresses import plain_s3
from engine.steps.jobs.arguments import s3_uri


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://s3.amazonaws.com/bkt/a/b.csv", "s3://bkt/a/b.csv"),
        ("https://s3-us-west-2.amazonaws.com/bkt/a/", "s3://bkt/a/"),
        ("https://s3.eu-central-1.amazonaws.com/bkt", "s3://bkt"),
        ("https://s3.us-gov-west-1.amazonaws.com/bkt/a", "s3://bkt/a"),
        ("https://s3.cn-north-1.amazonaws.com.cn/bkt/a", "s3://bkt/a"),
        ("https://bkt.s3.amazonaws.com/a/b.csv", "s3://bkt/a/b.csv"),
        ("https://bkt.s3-us-east-1.amazonaws.com/m/model.tar.gz", "s3://bkt/m/model.tar.gz"),
        ("https://my.own-bkt.s3.dualstack.us-east-1.amazonaws.com/a", "s3://my.own-bkt/a"),
    ],
)
def test_a_web_address_of_s3_is_the_plain_one(address: str, plain: str) -> None:
    assert plain_s3(address) == plain
    assert s3_uri(address, "S3Uri") == plain


@pytest.mark.parametrize(
    "address",
    [
        "s3://bkt/https://s3.amazonaws.com/x/y",
        "https://example.com/bkt/a",
        "https://bkt.s3.amazonaws.com.example.com/a",
        "https://bkt.s3.amazonaws.com/a?versionId=1",
        "http://s3.amazonaws.com/bkt/a",
        "https://s3.amazonaws.com/",
        "https://bkt.s3-website-us-east-1.amazonaws.com/a",
    ],
)
def test_any_other_text_stays(address: str) -> None:
    assert plain_s3(address) == address
