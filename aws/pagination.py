"""Pages with an opaque NextToken, bound to the operation, its filters and the workspace that asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

from aws.call import Call
from aws.errors import AwsError, invalid

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
#: As many as AWS allows: the SDK reads only the first page of steps.
PAGE_SIZE = 100
_SALT = "aws.pagination"
#: As services spell them; only one of each is a member of an operation.
_TOKENS, _SIZES = ("NextToken", "nextToken"), ("MaxResults", "limit")
_NOT_A_FILTER = _TOKENS + _SIZES


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    results: list[Item]
    token: str | None


def page_of_rows(call: Call, rows: QuerySet[Row], *, key: str, descending: bool, default: int = PAGE_SIZE) -> Page[Row]:
    """The page the call asks for, ordered by (`key`, pk). Rows that come and go between pages shift nothing.

    `key` is a column (of a loaded relation too) or annotation that is never NULL.

    Raises:
        AwsError: the token is not one this operation gave for these filters.
    """
    size = _size(call, default)
    after = _after(call)
    if after is not None:
        value, pk = after
        beyond = "lt" if descending else "gt"
        rows = rows.filter(Q(**{f"{key}__{beyond}": value}) | Q(**{key: value, f"pk__{beyond}": pk}))
    sign = "-" if descending else ""
    found = list(rows.order_by(f"{sign}{key}", f"{sign}pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    token = _token(call, [_plain(reduce(getattr, key.split("__"), last)), last.pk]) if last is not None else None
    return Page(results=found[:size], token=token)


def page_of_items(call: Call, items: list[Item]) -> Page[Item]:
    """The page of a list that never changes between two calls (parameters of an execution).

    Raises:
        AwsError: as `page_of_rows`.
    """
    size = _size(call, PAGE_SIZE)
    after = _after(call)
    start = after[1] if after is not None else 0
    more = len(items) > start + size
    return Page(results=items[start : start + size], token=_token(call, [0, start + size]) if more else None)


def created_between(
    call: Call, rows: QuerySet[Row], *, after: str = "CreatedAfter", before: str = "CreatedBefore"
) -> QuerySet[Row]:
    """Rows whose `created_at` lies between the two members, where they came."""
    if call.get(after) is not None:
        rows = rows.filter(created_at__gt=call[after])
    if call.get(before) is not None:
        rows = rows.filter(created_at__lt=call[before])
    return rows


def _size(call: Call, default: int) -> int:
    return next((call.given[name] for name in _SIZES if name in call.given), default)


def _token(call: Call, place: list[Any]) -> str:
    return signing.dumps([_digest(call), *place], salt=_SALT, compress=True)


def _after(call: Call) -> tuple[Any, Any] | None:
    token = next((call.given[name] for name in _TOKENS if name in call.given), None)
    if not token:
        return None
    try:
        digest, value, pk = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _refused() from None
    if digest != _digest(call):
        raise _refused()
    if isinstance(value, dict):
        value = datetime.fromisoformat(value["at"])
    return value, pk


def _refused() -> AwsError:
    return invalid("The NextToken is not one this operation gave for these filters. Start again without it.")


def _digest(call: Call) -> str:
    filters = {key: value for key, value in call.given.items() if key not in _NOT_A_FILTER}
    whole = json.dumps([call.operation, call.actor.workspace.pk, filters], sort_keys=True, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value
