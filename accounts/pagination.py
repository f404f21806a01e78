"""Cursor pages over a keyset: stable while rows come and go, one query each."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from rest_framework import serializers

from accounts.errors import CursorInvalid

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50
LARGEST_PAGE = 200


class PageQuery(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, max_length=256, help_text="`next` of the page before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    results: list[Row]
    next: str | None


def page(rows: QuerySet[Row], *, key: str, cursor: str | None, limit: int = PAGE_SIZE) -> Page[Row]:
    """`limit` rows after `cursor`, newest first by (`key`, pk).

    Raises:
        CursorInvalid: the cursor is not one of ours.
    """
    if cursor:
        field = rows.model._meta.get_field(key)
        assert isinstance(field, Field)
        after, pk = _read(cursor, field.to_python)
        rows = rows.filter(Q(**{f"{key}__lt": after}) | Q(**{key: after, "pk__lt": pk}))
    found = list(rows.order_by(f"-{key}", "-pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Page(results=found, next=_write(getattr(found[-1], key), found[-1].pk) if more else None)


def _write(value: Any, pk: Any) -> str:
    shown = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([shown, pk]).encode()).decode().rstrip("=")


def _read(cursor: str, to_python: Callable[[Any], Any]) -> tuple[Any, Any]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(value, str | int) or not isinstance(pk, str | int) or "\0" in f"{value}{pk}":
            raise ValueError("neither text nor number")
        f"{value}{pk}".encode()  # no half of a surrogate pair
        if (isinstance(value, int) and abs(value) > 2**62) or (isinstance(pk, int) and abs(pk) > 2**62):
            raise ValueError("too large")
        return _comparable(to_python(value)), pk
    except (ValueError, TypeError, OverflowError, ValidationError):
        raise CursorInvalid(pointer="/cursor") from None


def _comparable(value: Any) -> Any:
    """A time as the database compares it: with a zone, and still a date in UTC."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)
    return value
