"""The blob store of this installation, made once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from runs.storage.base import BlobStore
from runs.storage.local import LocalBlobStore


@cache
def blob_store() -> BlobStore:
    """The store CLARY_STORAGE_URL names, else a folder below CLARY_HOME; as durable as the database (CLARY_SYNC)."""
    url: str | None = settings.ENVIRONMENT.storage_url
    durable = settings.ENVIRONMENT.sync == "full"
    if url is None:
        return LocalBlobStore(Path(settings.CLARY_HOME) / "blobs", durable=durable)
    return LocalBlobStore(Path(unquote(urlsplit(url).path)), durable=durable)
