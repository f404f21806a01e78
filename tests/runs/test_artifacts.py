"""What a browser is told about bytes that steps wrote."""

from __future__ import annotations

import pytest

from runs.artifacts import media_type


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("a/report.json", "application/json"),
        ("a/plot.png", "image/png"),
        ("a/model.tar.gz", "application/gzip"),
        ("a/table.csv.bz2", "application/x-bzip2"),
        ("a/table.csv.Z", "application/octet-stream"),
        ("a/worker.js", "text/plain"),
        ("a/module.mjs", "text/plain"),
        ("a/code.wasm", "text/plain"),
        ("a/weights", "application/octet-stream"),
    ],
)
def test_the_media_type_says_what_the_bytes_are_and_names_no_script(key: str, kind: str) -> None:
    assert media_type(key) == kind
