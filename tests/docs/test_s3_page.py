"""The page of S3 names every operation that is answered, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from aws.s3.checksums import ALGORITHMS
from aws.s3.door import SMALL, STREAMED

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "s3.md").read_text()


def test_every_operation_has_its_row() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {*SMALL, *STREAMED, "GetObject"}


def test_every_checksum_is_named() -> None:
    assert all(name in PAGE for name in ALGORITHMS)
