"""The stores of this installation, made once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from runs.storage.base import BlobStore
from runs.storage.local import LocalBlobStore
from runs.storage.parts import PartStore


@cache
def blob_store() -> BlobStore:
    """The store CLARY_STORAGE_URL names, else a folder below CLARY_HOME; as durable as the database (CLARY_SYNC)."""
    return LocalBlobStore(_folder(), durable=settings.ENVIRONMENT.sync == "full")


@cache
def part_store() -> PartStore:
    """Where parts of uploads wait, on the volume of the blobs they become."""
    return PartStore(_folder() / "uploads")


def _folder() -> Path:
    url: str | None = settings.ENVIRONMENT.storage_url
    return Path(settings.CLARY_HOME) / "blobs" if url is None else Path(unquote(urlsplit(url).path))
