"""The blob store of this installation, made once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from runs.storage.base import BlobStore
from runs.storage.local import LocalBlobStore


@cache
def blob_store() -> BlobStore:
    """The store CLARY_STORAGE_URL names, else a folder below CLARY_HOME; as durable as the database (CLARY_SYNC)."""
    url: str | None = settings.ENVIRONMENT.storage_url
    durable = settings.ENVIRONMENT.sync == "full"
    if url is None:
        return LocalBlobStore(Path(settings.CLARY_HOME) / "blobs", durable=durable)
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalBlobStore(Path(unquote(parts.path)), durable=durable)
    raise ImproperlyConfigured(f"CLARY_STORAGE_URL={url}: only file:// is supported in this release.")
