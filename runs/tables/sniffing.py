"""What the first bytes of a file tell: its kind, encoding, delimiter, header and line ends."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import PurePath

from runs.tables.options import MISSING_WORDS, Unreadable

SAMPLE_BYTES = 256 * 1024
DELIMITERS = (",", ";", "\t", "|")
DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", ":": "colon"}
_SUFFIXES = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json-lines",
    ".jsonl": "json-lines",
    ".ndjson": "json-lines",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".zip": "zip",
}
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Files people take for tables: their first bytes and what to do with them.
_NO_TABLES = (
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook. Open it and save the sheet as CSV."),
    (b"%PDF", "is a PDF. Export the table as CSV where it comes from."),
    (b"SQLite format 3", "is an SQLite database. Export the table as CSV."),
    (b"\x89PNG", "is a picture. Choose a CSV, TSV, JSON-lines or Parquet file, or a zip of one."),
    (b"\xff\xd8\xff", "is a picture. Choose a CSV, TSV, JSON-lines or Parquet file, or a zip of one."),
    (b"\x1f\x8b", "is packed with gzip. Unpack it first, or put it into a zip."),
    (b"\x80\x04\x95", "is a Python pickle, which nobody should open from somebody else. Save the table as Parquet."),
    (b"\x80\x05\x95", "is a Python pickle, which nobody should open from somebody else. Save the table as Parquet."),
)
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?%?")
_COMMA_NUMBER = re.compile(r"[-+]?\d+(,\d+)?([eE][-+]?\d+)?")
_POINT_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")


def kind_of(name: str, head: bytes) -> str:
    """csv | tsv | json-lines | parquet | zip.

    Raises:
        Unreadable: empty, a web page, or a file of another trade.
    """
    if not head:
        raise Unreadable("file-empty", f"{name} is empty: it has no bytes at all. Choose another file.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if _HTML.match(head.removeprefix(codecs.BOM_UTF8)):
        raise Unreadable(
            "file-is-a-web-page",
            f"{name} is a web page, not a table. The link probably leads to a page about the file, or to a login: "
            "download the file itself.",
        )
    for magic, what in _NO_TABLES:
        if head.startswith(magic):
            raise Unreadable("file-is-no-table", f"{name} {what}")
    suffix = PurePath(name.lower()).suffix
    found = _SUFFIXES.get(suffix)
    if found == "parquet":
        raise Unreadable("file-is-no-table", f"{name} is called Parquet, but does not begin like one. Save it again.")
    if found == "zip":
        raise Unreadable("file-is-no-table", f"{name} is called zip, but does not begin like one. Pack it again.")
    if b"\0" in head and not any(head.startswith(bom) for bom, _ in _BOMS) and not _wide_characters(head):
        raise Unreadable(
            "file-is-no-table", f"{name} is no table Clary can read. CSV, TSV, JSON lines, Parquet and zip are."
        )
    if found is not None:
        return found
    if head.lstrip()[:1] == b"{":
        return "json-lines"
    return "csv"


def encoding_of(head: bytes) -> str:
    """The encoding of a text's first bytes: its mark, UTF-16 by its zeros, UTF-8 if it is, else Windows-1252."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    wide = _wide_characters(head)
    if wide:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252" if not re.search(rb"[\x81\x8d\x8f\x90\x9d]", head) else "latin-1"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The one that splits the first lines most evenly into most columns; a comma where nothing does."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in rows_of(text, delimiter, 100) if row)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = (round(count / sum(widths.values()), 2), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: it is text above numbers or dates, or text that does not come again."""
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    if not named:
        return False
    below = [[row[place].strip() for row in rows[1:] if place < len(row)] for place in range(len(first))]
    if any(cell and not _is_typed(cell) and _looks_typed(cells) for cell, cells in zip(first, below, strict=True)):
        return True
    if any(_is_typed(cell) for cell in named):
        return False
    if len(rows) == 1:
        return True
    repeated = sum(cell in set(cells) for cell, cells in zip(first, below, strict=True) if cell)
    return repeated * 2 < len(named)


def decimal_of(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """ "," where a column of numbers is written with it and none with a point; the step library judges the same way."""
    if delimiter == ",":
        return "."
    commas, points = False, False
    for cells in zip_longest(*rows, fillvalue=""):
        known = [text for cell in cells if (text := cell.strip()) not in MISSING_WORDS]
        if not known:
            continue
        if all(_COMMA_NUMBER.fullmatch(text) for text in known):
            # 1,200 may be one thousand and two hundred: only other numbers tell.
            commas = commas or any("," in text and not _THOUSANDS.fullmatch(text) for text in known)
        elif all(_POINT_NUMBER.fullmatch(text) for text in known):
            points = True
    return "," if commas and not points else "."


def line_ends_of(text: str) -> tuple[str, ...]:
    """The different line ends of a text, "\\r\\n" counted as one."""
    crlf = text.count("\r\n")
    found = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    return tuple(end for end, count in found.items() if count)


def rows_of(text: str, delimiter: str, most: int) -> list[list[str]]:
    """The first rows as a spreadsheet splits them; the last one may be cut by the end of the sample."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= most:
                break
    except csv.Error:  # a field without end: what came before still counts
        return rows
    return rows


def _looks_typed(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell not in MISSING_WORDS]
    return bool(known) and all(_is_typed(cell) for cell in known)


def _is_typed(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None or _DATE.fullmatch(cell) is not None


def _wide_characters(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    if head[1::2].count(0) > pairs * 0.4:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > pairs * 0.4 else None


def json_trouble(name: str, head: bytes, said: str) -> str:
    """The first line that is no JSON object, what stands there, and what to do. `said`: the reader's own words."""
    for number, line in enumerate(head.decode("utf-8", "replace").splitlines(), start=1):
        text = line.strip()
        try:
            fits = not text or isinstance(json.loads(text), dict)
        except (ValueError, RecursionError):
            fits = False
        if not fits:
            shown = text if len(text) <= 60 else f"{text[:59]}…"
            return (
                f"Line {number} of {name} is no JSON object: {shown} stands there. Every line has to be one object, "
                'such as {"age": 31, "city": "Kyiv"}; repair or remove that line.'
            )
    return f"{name} is not a table of JSON lines: every line has to be one object ({said})."
