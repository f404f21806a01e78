"""Virtual-host S3: the bucket a Host header names."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def bucket_of_host(host: str) -> str | None:
    """`data` of `data.localhost:8000` or `data.<public host>`; None for every other host."""
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    name = name.lower().rstrip(".")
    for base in _bases():
        if name.endswith(f".{base}") and name not in settings.ALLOWED_HOSTS:
            return name.removesuffix(f".{base}")
    return None


def _bases() -> tuple[str, ...]:
    public = settings.ENVIRONMENT.public_url
    name = urlsplit(public).hostname if public else None
    return ("localhost", name) if name and not name[-1].isdigit() else ("localhost",)
