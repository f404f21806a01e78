"""A delimited text made plain: UTF-8, one kind of line end, known delimiter, unique column names."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runs.tables.column_types import note_on_codes, note_on_text, type_of
from runs.tables.options import ReadOptions, Unreadable
from runs.tables.sniffing import (
    DELIMITER_WORDS,
    SAMPLE_BYTES,
    decimal_of,
    delimiter_of,
    encoding_of,
    has_header,
    line_ends_of,
    rows_of,
)

#: What is read at once to look at a file: the first bytes, and of them the first rows. Load table judges by the same.
HEAD_BYTES = 4 * 1024 * 1024
HEAD_ROWS = 10_000
HEAD_CELLS = 600_000
FEWEST_ROWS = 50
DECIMAL_ROWS = 1000
_USUAL_NAMES = {"iso8859-1": "latin-1"}
LONGEST_FIELD = 16 * 1024 * 1024
MOST_NOTES = 20
_LINE_END_WORDS = {"\r\n": "Windows", "\n": "Unix", "\r": "old Mac"}


@dataclass(frozen=True, kw_only=True)
class Text:
    """How a text is read. `rows`: those of the head, without the header; `whole`: whether they are all there are."""

    encoding: str
    delimiter: str
    header: bool
    decimal: str
    line_ends: tuple[str, ...]
    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[list[str]]
    whole: bool
    estimated_rows: int
    notes: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """What a person sees of it, and may correct."""
        return {
            "delimiter": self.delimiter,
            "encoding": self.encoding,
            "header": self.header,
            "decimal": self.decimal,
            "line_ends": [_LINE_END_WORDS[end] for end in self.line_ends],
        }


def look_at(path: Path, name: str, kind: str, options: ReadOptions) -> Text:
    """What the head of a delimited text says.

    Raises:
        Unreadable: an unknown encoding, bytes that are not in it, or not one row.
    """
    csv.field_size_limit(LONGEST_FIELD)
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    encoding = _encoding(name, options.encoding or encoding_of(head[:SAMPLE_BYTES]))
    text = _decoded(name, head, encoding, whole=len(head) == size)
    delimiter = options.delimiter or ("\t" if kind == "tsv" else delimiter_of(text[:SAMPLE_BYTES]))
    rows, whole, used = _head_rows(text, delimiter, whole=len(head) == size)
    if not rows:
        raise Unreadable("file-empty", f"{name} holds no row, only empty lines. Choose another file.")
    header = options.header if options.header is not None else has_header(rows[:200])
    width = max(len(row) for row in rows[:1000])
    notes: list[str] = []
    names = _column_names(rows[0], width, notes) if header else [f"column_{n + 1}" for n in range(width)]
    body = rows[1:] if header else rows
    _ragged(body, len(names), int(header), notes)
    decimal = options.decimal or decimal_of(body[:DECIMAL_ROWS], delimiter)
    types = _types(names, body, options, decimal, notes)
    ends = line_ends_of(text[:SAMPLE_BYTES])
    if len(ends) > 1:
        notes.append(f"The lines end in {len(ends)} ways ({', '.join(_LINE_END_WORDS[one] for one in ends)}).")
    if len(names) == 1 and size > 20:
        word = DELIMITER_WORDS.get(delimiter, delimiter)
        notes.append(f"There is one column only. If that is wrong, choose another delimiter than {word}.")
    estimated = len(body) if whole else round(len(body) * len(text) / max(used, 1) * size / max(len(head), 1))
    return Text(
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        decimal=decimal,
        line_ends=ends,
        names=tuple(names),
        types=tuple(types),
        rows=body,
        whole=whole,
        estimated_rows=estimated,
        notes=tuple(notes),
    )


def write_head(text: Text, target: Path, columns: int) -> None:
    """The rows of the head as plain CSV without a header, each with exactly `columns` values."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerows((row[:columns] + [""] * (columns - len(row))) for row in text.rows if row)


def plain_file(path: Path, text: Text, folder: Path) -> Path:
    """The file itself where the database can read it, else a copy in UTF-8 with one kind of line end."""
    if text.encoding in ("utf-8", "utf-8-sig") and len(text.line_ends) <= 1:
        return path
    target = folder / "plain.csv"
    with (
        path.open(encoding=text.encoding, errors="replace", newline=None) as source,
        target.open("w", encoding="utf-8", newline="\n") as copy,
    ):
        while part := source.read(HEAD_BYTES):
            copy.write(part.removeprefix("\ufeff"))
    return target


def _encoding(name: str, given: str) -> str:
    try:
        info = codecs.lookup(given)
    except LookupError:
        info = None
    if info is None or not info._is_text_encoding:
        raise Unreadable(
            "encoding-unknown",
            f"There is no text encoding {given!r}. Usual ones are utf-8, utf-16, cp1252 (Windows) and latin-1.",
        )
    return _USUAL_NAMES.get(info.name, info.name)


def _decoded(name: str, head: bytes, encoding: str, *, whole: bool) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, final=whole).removeprefix("\ufeff")
    except UnicodeError as problem:
        place = f" (byte {problem.start})" if isinstance(problem, UnicodeDecodeError) else ""
        raise Unreadable(
            "encoding-wrong",
            f"{name} is not written in {encoding}{place}. Choose another encoding, for example cp1252 for files from "
            "Windows programs.",
        ) from None


def _head_rows(text: str, delimiter: str, *, whole: bool) -> tuple[list[list[str]], bool, int]:
    """(rows, whether they are all, characters they took). The last row of a cut text is left out."""
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise Unreadable("delimiter-wrong", f"A delimiter is one character; {delimiter!r} is none.")
    width = max(map(len, rows_of(text, delimiter, 1)), default=1)
    most = min(HEAD_ROWS, max(FEWEST_ROWS, HEAD_CELLS // max(width, 1)))
    rows = rows_of(text, delimiter, most + 1)
    everything = whole and len(rows) <= most
    used = len(text)
    if len(rows) > most:
        rows.pop()
        used = sum(sum(map(len, row)) + len(row) for row in rows)
    elif not whole and len(rows) > 1:
        rows.pop()
    return [row for row in rows if row], everything, used


def _column_names(first: Sequence[str], width: int, notes: list[str]) -> list[str]:
    """Unique names, none empty, as the step library names them."""
    taken: set[str] = set()
    names = []
    for number in range(1, max(width, len(first)) + 1):
        raw = first[number - 1].strip() if number <= len(first) else ""
        stem = name = raw or f"column_{number}"
        if not raw and len(notes) < MOST_NOTES:
            notes.append(f"Column {number} has no name; it is called {name}.")
        count = 2
        while name in taken:
            name, count = f"{stem}_{count}", count + 1
        if name != stem and len(notes) < MOST_NOTES:
            notes.append(f'More than one column is called "{stem}"; one of them is now called "{name}".')
        taken.add(name)
        names.append(name)
    return names


def _ragged(rows: Iterable[Sequence[str]], width: int, offset: int, notes: list[str]) -> None:
    odd = [(number, len(row)) for number, row in enumerate(rows, start=1 + offset) if len(row) != width]
    if odd:
        number, count = odd[0]
        more = f", and {len(odd) - 1} more rows are like that" if len(odd) > 1 else ""
        notes.append(f"Row {number} has {count} values where there are {width} columns{more}.")


def _types(
    names: Sequence[str], rows: Sequence[Sequence[str]], options: ReadOptions, decimal: str, notes: list[str]
) -> list[str]:
    types = []
    missing = frozenset(options.missing_words)
    for place, name in enumerate(names):
        texts = [row[place] for row in rows if place < len(row)]
        found = type_of(texts, decimal, missing)
        types.append(options.types.get(name, found))
        if found == "text" and name not in options.types and len(notes) < MOST_NOTES:
            note = note_on_codes(name, texts, decimal, missing) or note_on_text(name, texts)
            if note:
                notes.append(note)
    return types
