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
    """The store CLARY_STORAGE_URL names, else a folder below CLARY_HOME."""
    url: str | None = settings.ENVIRONMENT.storage_url
    if url is None:
        return LocalBlobStore(Path(settings.CLARY_HOME) / "blobs")
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalBlobStore(Path(unquote(parts.path)))
    raise ImproperlyConfigured(f"CLARY_STORAGE_URL={url}: only file:// is supported in this release.")
