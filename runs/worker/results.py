"""What a step's results come to, read once at its success: summaries it left, files and sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.digests import digest, is_summary
from engine.steps.base import PublishedObject
from engine.summaries import SUMMARY_BYTES, parse_summary
from runs.storage.base import BlobNotFound, BlobStore

MOST_SUMMARIES = 16


def read_results(objects: Sequence[PublishedObject], store: BlobStore) -> dict[str, Any]:
    """The digest of a manifest; a summary that cannot be read counts as none."""
    summaries: dict[str, dict[str, Any]] = {}
    for item in objects:
        if not is_summary(item.uri) or item.size > SUMMARY_BYTES or len(summaries) == MOST_SUMMARIES:
            continue
        try:
            with store.open(item.sha256) as blob:
                summary = parse_summary(blob.read())
        except BlobNotFound:
            continue
        if summary is not None:
            summaries.setdefault(item.output, summary)
    return digest(objects, summaries)
