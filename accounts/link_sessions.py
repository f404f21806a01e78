"""What a session remembers about the one-time link that opened it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

_KEY = "link_used_at"


def note_link(request: HttpRequest) -> None:
    """Call after `login`: this session was opened by a one-time link, now."""
    request.session[_KEY] = timezone.now().isoformat()


def link_used_at(request: HttpRequest) -> datetime | None:
    """When a one-time link opened this session; None when something else did."""
    noted = request.session.get(_KEY)
    return datetime.fromisoformat(noted) if isinstance(noted, str) else None
