"""Columns of our own."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.db import models

if TYPE_CHECKING:
    _Packed = models.BinaryField[str, str]
else:
    _Packed = models.BinaryField


class PackedTextField(_Packed):
    """A long text, kept compressed: SQLite writes a row whole at each change of any of its columns."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else zlib.compress(value.encode("utf-8", "surrogatepass"), level=1)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else zlib.decompress(value).decode("utf-8", "surrogatepass")

    def to_python(self, value: Any) -> Any:
        return value

    def _check_str_default_value(self) -> list[checks.CheckMessage]:
        return []  # a text is what it takes
