"""Django's PostgreSQL backend, for texts that hold a NUL character.

PostgreSQL has no way to store U+0000, in text or in jsonb, and answers with an error. What a step printed, a
definition says or a caller asks for may well hold one, and SQLite takes it; so it becomes U+FFFD here, as bytes that
are no UTF-8 do in logs. Definitions are texts in which JSON spells a NUL as an escape; they stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.json import Jsonb

#: An escaped NUL of a JSON text: an odd number of backslashes stands in front of it.
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class DatabaseWrapper(base.DatabaseWrapper):
    """The same connection, whose statements never carry a NUL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_without_nul)


def _without_nul(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    return execute(sql, [_row(row) for row in params] if many else _row(params), many, context)


def _row(params: Any) -> Any:
    return [_clean(value) for value in params] if isinstance(params, list | tuple) else params


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd") if "\0" in value else value
    if isinstance(value, list):  # what ANY(…) compares with
        return [_clean(one) for one in value]
    if isinstance(value, Jsonb) and value.dumps is not None:
        value.dumps = _nul_free(value.dumps)
    return value


def _nul_free(dumps: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def dump(value: Any) -> Any:
        text = dumps(value)
        return _ESCAPED_NUL.sub(r"\1\\ufffd", text) if isinstance(text, str) and "\\u0000" in text else text

    return dump
