"""The web addresses AWS gives to what S3 holds, read as `s3://` ones.

SageMaker takes `https://` wherever it takes `s3://`: older scripts and samples write
`https://s3-<region>.amazonaws.com/<bucket>/<key>` or `https://<bucket>.s3.<region>.amazonaws.com/<key>`
(AWS, "Methods for accessing a general purpose bucket").
"""

from __future__ import annotations

import re

_HOST = r"s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d+)?\.amazonaws\.com(?:\.cn)?"
_BY_PATH = re.compile(rf"https://{_HOST}/([^/?#]+)(/[^?#]*)?")
_BY_HOST = re.compile(rf"https://([a-z0-9][a-z0-9.-]*?)\.{_HOST}(/[^?#]*)?")


def plain_s3(address: str) -> str:
    """`s3://bucket/key` for either web form of it; any other text as it came."""
    found = _BY_PATH.fullmatch(address) or _BY_HOST.fullmatch(address)
    return f"s3://{found[1]}{found[2] or ''}" if found else address
