"""Which type the texts of a column have, judged as the step library's Load table judges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from runs.tables.options import MISSING_WORDS

#: Column type → the DuckDB type its texts become.
SQL_TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "text": "VARCHAR",
}
_MISSING = frozenset(MISSING_WORDS)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?[iI]nf(inity)?")
#: Digits behind a zero are no amount but a code, such as a postal code or an article number. Load table goes by it too.
CODE = re.compile(r"0[0-9]+")
_PATTERNS = (
    ("integer", re.compile(r"[-+]?\d{1,18}")),
    ("number", _NUMBER),
    ("boolean", re.compile(r"true|false|True|False|TRUE|FALSE")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("datetime", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?")),
)
_WIDER = {("integer", "number"): "number", ("date", "datetime"): "datetime"}
#: Other ways to write a date, as people name them.
_DATE_FORMATS = (
    ("2024-12-31", re.compile(r"\d{4}-\d\d?-\d\d?([T ].*)?")),
    ("31/12/2024", re.compile(r"\d\d?/\d\d?/\d{4}")),
    ("31.12.2024", re.compile(r"\d\d?\.\d\d?\.\d{2,4}")),
    ("2024/12/31", re.compile(r"\d{4}/\d\d?/\d\d?")),
    ("31 Dec 2024", re.compile(r"\d\d?[ -][A-Za-z]{3,9}\.?,?[ -]\d{2,4}")),
    ("Dec 31, 2024", re.compile(r"[A-Za-z]{3,9}\.? \d\d?,? \d{4}")),
    ("31-12-2024", re.compile(r"\d\d?-\d\d?-\d{4}")),
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_NUMBER_SIGNS = re.compile(r"[-+]?[\d.,]+([eE][-+]?\d+)?")
#: Signs and spaces a Clean step takes off a number, and the two ways to part thousands it reads.
_AROUND = " %€$£"
_PARTED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?|[-+]?\d{1,3}(\.\d{3})+,\d+|[-+]?\d+,\d+")
_SWAPPED = str.maketrans(",.", ".,")
MANY = 0.9
MOST = 0.5


def type_of(texts: Iterable[str], decimal: str = ".", missing: Collection[str] = _MISSING) -> str:
    """integer | number | boolean | date | datetime | text; a column without any value is text."""
    found: str | None = None
    for text in texts:
        if text in missing:
            continue
        if text[:1] == "0" and CODE.fullmatch(text):
            return "text"
        if decimal == "," and _NUMBER_SIGNS.fullmatch(text):
            text = text.translate(_SWAPPED)
        kind = next((name for name, pattern in _PATTERNS if pattern.fullmatch(text)), "text")
        if found is None or found == kind:
            found = kind
        else:
            found = _WIDER.get((found, kind)) or _WIDER.get((kind, found)) or "text"
        if found == "text":
            return "text"
    return found or "text"


def kind_of_sql(sql: str) -> str:
    """The column type that values of a DuckDB type are shown as."""
    word = sql.upper()
    if word in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"):
        return "integer"
    if word in ("FLOAT", "DOUBLE", "HUGEINT", "UHUGEINT") or word.startswith("DECIMAL"):
        return "number"
    if word in ("VARCHAR", "UUID") or word.startswith("ENUM"):
        return "text"
    if word.startswith("TIMESTAMP"):
        return "datetime"
    return {"BOOLEAN": "boolean", "DATE": "date"}.get(word, "other")


def note_on_codes(name: str, texts: Iterable[str], decimal: str, missing: Collection[str]) -> str | None:
    """A sentence about a column of digits that is kept as text for the zeros before them."""
    known = [text for text in texts if text not in missing]
    code = next((text for text in known if CODE.fullmatch(text)), None)
    if code is None:
        return None
    if decimal == ",":
        known = [text.translate(_SWAPPED) for text in known]
    if not all(_NUMBER.fullmatch(text) for text in known):
        return None
    return f'"{name}" holds digits that begin with a zero, such as {code[:40]}: it is read as text, so the zeros stay.'


def note_on_text(name: str, texts: Iterable[str]) -> str | None:
    """A sentence about a text column that was probably meant to be something else."""
    known = [text.strip() for text in texts if text not in _MISSING][:1000]
    if not known:
        return None
    kinds = [_date_format(text) for text in known]
    formats = Counter(kind for kind in kinds if kind is not None)
    dates = formats.total()
    if dates >= len(known) * MANY:
        written = ", ".join(sorted(formats, key=lambda one: -formats[one]))
        if len(formats) > 1:
            return f'"{name}" holds dates written in {len(formats)} ways ({written}); it is read as text.'
        return f'"{name}" holds dates written like {written}; it is read as text. 2024-12-31 is read as a date.'
    if dates > len(known) * MOST:
        odd = known[kinds.index(None)]
        return (
            f'"{name}" holds dates, except for {len(known) - dates} of {len(known)} values, such as {odd[:40]!r}; '
            "it is read as text."
        )
    if sum(bool(_DECIMAL_COMMA.fullmatch(text)) for text in known) >= len(known) * MANY:
        return f'"{name}" holds numbers with a comma; it is read as text. Say that the comma is the decimal sign.'
    amounts = note_on_numbers(name, known)
    if amounts is None and _mostly_numbers(known):
        odd = next(text for text in known if not _NUMBER.fullmatch(text))
        return f'"{name}" holds numbers, except for values such as {odd[:40]!r}; it is read as text.'
    return amounts


def note_on_numbers(name: str, texts: Iterable[str]) -> str | None:
    """A sentence about amounts that are stored as text, such as "€ 1,200"; codes that begin with a zero are none."""
    known = [text for text in texts if text not in _MISSING]
    if not known or not all(_is_written_number(text) for text in known):
        return None
    return (
        f'"{name}" holds numbers stored as text, such as {known[0][:40]!r}. '
        "If they are amounts, a Clean step can make numbers of them."
    )


def _is_written_number(text: str) -> bool:
    bare = text.strip(_AROUND).replace(" ", "")
    return bool(_NUMBER.fullmatch(bare) or _PARTED.fullmatch(bare)) and not CODE.fullmatch(bare)


def _date_format(text: str) -> str | None:
    """The way a date is written, None for what is none."""
    return next((example for example, pattern in _DATE_FORMATS if pattern.fullmatch(text)), None)


def _mostly_numbers(known: list[str]) -> bool:
    numbers = sum(bool(_NUMBER.fullmatch(text)) for text in known)
    return MANY * len(known) <= numbers < len(known)
