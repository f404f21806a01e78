"""What is found out about a file, or said by a person who knows better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("csv", "tsv", "json-lines", "parquet")
#: How far reading all rows of a table has come.
PROFILES = ("ready", "running", "none", "failed")
COLUMN_TYPES = ("integer", "number", "text", "boolean", "date", "datetime")
#: Columns of one look with facts and drawings; of the others there are name and type.
DRAWN_COLUMNS = 100
#: What the readers of Clary take for "no value"; the step library has the same list.
MISSING_WORDS = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "#N/A", "?")


#: The most frequent values a text column is told with.
TOP = 10


class Unreadable(Exception):
    """A file that is no table. `code` for programs, the message for people: what came and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How to read a file. None and "auto" mean: find out. `types`: column name → one of COLUMN_TYPES.

    `format`: one of KINDS, whatever the file looks like. `missing`: further words that mean "no value".
    """

    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None
    missing: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> ReadOptions:
        return cls(
            format=_said(given.get("format")),
            delimiter=_said(given.get("delimiter")),
            encoding=_said(given.get("encoding")),
            header=given.get("header") if isinstance(given.get("header"), bool) else None,
            decimal=_said(given.get("decimal")),
            missing=tuple(str(word) for word in given.get("missing") or ()),
            types=dict(given.get("types") or {}),
        )

    @property
    def missing_words(self) -> tuple[str, ...]:
        return (*MISSING_WORDS, *self.missing)

    def to_json(self) -> dict[str, Any]:
        """Only what was said."""
        said = {
            "format": self.format,
            "delimiter": self.delimiter,
            "encoding": self.encoding,
            "header": self.header,
            "decimal": self.decimal,
            "missing": sorted(self.missing) or None,
        }
        known: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        return known | ({"types": dict(sorted(self.types.items()))} if self.types else {})


def _said(value: Any) -> str | None:
    return value if isinstance(value, str) and value not in ("", "auto") else None
