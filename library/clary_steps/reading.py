"""Files people bring: CSV, TSV, JSON-lines, Parquet. Delimiter, encoding and types are found out unless said."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clary_steps.codes import HEAD_BYTES, code_columns, first_rows
from clary_steps.failures import StepFailure
from clary_steps.times import read_times

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "csv",
    ".json": "json-lines",
    ".jsonl": "json-lines",
    ".ndjson": "json-lines",
    ".parquet": "parquet",
    ".pq": "parquet",
}
MISSING_WORDS = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "#N/A", "?")
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 256 * 1024
_COMMA_NUMBER = re.compile(r"[-+]?\d+(,\d+)?([eE][-+]?\d+)?")
_POINT_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+")
_HTML = re.compile(rb"^\s*(?:<!doctype html|<html|<\?xml)", re.IGNORECASE)


def table_files(folder: Path) -> list[Path]:
    """The files of a folder a table can be read from, by name; what begins with "_" or "." is not data."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in FORMATS]
    return [path for path in found if not path.name.startswith(("_", "."))]


def read_file(path: Path, options: Mapping[str, Any] | None = None) -> tuple[pd.DataFrame, list[str]]:
    """(the table, what had to be put right on the way).

    `options`: format, delimiter, encoding, decimal ("auto" finds out), header (False: columns get names),
    missing (words that mean "no value"), types (column → type; texts are kept as they are written).

    Raises:
        StepFailure: file-empty, file-unreadable, wrong-format.
    """
    chosen = dict(options or {})
    kind = chosen.get("format") or "auto"
    if kind == "auto":
        kind = FORMATS.get(path.suffix.lower(), "csv")
    if path.stat().st_size == 0:
        raise StepFailure("file-empty", f"The file {path.name} is empty. Choose another file.")
    if kind == "parquet":
        return _read_parquet(path), []
    if kind == "json-lines":
        return _read_json_lines(path, str(chosen.get("encoding") or "auto"))
    return _read_text(path, kind, chosen)


def read_files(paths: Sequence[Path], options: Mapping[str, Any] | None = None) -> list[tuple[pd.DataFrame, list[str]]]:
    """`read_file` of each, of files that belong together: a column that is text in one of them is text in all."""
    from pandas.api.types import infer_dtype

    found = [read_file(path, options) for path in paths]
    if len(found) == 1:
        return found
    types = dict((options or {}).get("types") or {})
    texts = {name for frame, _ in found for name in frame.columns if infer_dtype(frame[name]) == "string"} - set(types)
    for place, (frame, notes) in enumerate(found):
        numbers = [name for name in texts.intersection(frame.columns) if frame[name].dtype.kind in "iuf"]
        if numbers:
            chosen = {**(options or {}), "types": {**types, **dict.fromkeys(numbers, "text")}}
            found[place] = (read_file(paths[place], chosen)[0], notes)
    return found


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return _to_frame(pq.ParquetFile(path).read(use_threads=False))
    except (pa.ArrowException, OSError) as problem:
        raise StepFailure(
            "file-unreadable",
            f"{path.name} is not a readable Parquet file; it may be cut off or of another format ({problem}).",
        ) from None


def _read_json_lines(path: Path, encoding: str) -> tuple[pd.DataFrame, list[str]]:
    import pandas as pd

    text = path.read_text(encoding=_encoding_of(path.read_bytes()[:_SAMPLE_BYTES], encoding), errors="replace")
    try:
        lines = not text.lstrip().startswith("[")
        # dtype: a text stays a text there, whatever it looks like: "01085". convert_dates: it goes by names alone.
        frame = pd.read_json(io.StringIO(text), lines=lines, orient="records", dtype=False, convert_dates=False)
    except (ValueError, AttributeError) as problem:
        raise StepFailure("file-unreadable", _json_trouble(path.name, text, str(problem))) from None
    return read_times(frame), []


def _json_trouble(name: str, text: str, said: str) -> str:
    """The first line that is no object, what stands there, and what to do."""
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            fits = not line.strip() or isinstance(json.loads(line), dict)
        except ValueError:
            fits = False
        if not fits:
            shown = line.strip() if len(line.strip()) <= 60 else f"{line.strip()[:59]}…"
            return (
                f"Line {number} of {name} is no JSON object: {shown} stands there. Every line has to be one object, "
                'such as {"age": 31, "city": "Oslo"}; repair or remove that line.'
            )
    return f"{name} cannot be read as a table of JSON lines: {said[:200]}. Every line has to be one object."


def _read_text(path: Path, kind: str, chosen: Mapping[str, Any]) -> tuple[pd.DataFrame, list[str]]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    sample = head[:_SAMPLE_BYTES]
    if _HTML.match(sample):
        raise StepFailure("wrong-format", f"{path.name} is a web page, not a table. Download the file itself.")
    encoding = _encoding_of(sample, str(chosen.get("encoding") or "auto"))
    text = sample.decode(encoding, errors="replace").removeprefix("\ufeff")
    delimiter = str(chosen.get("delimiter") or "auto").replace("\\t", "\t").replace("tab", "\t").replace("space", " ")
    if delimiter == "auto":
        delimiter = "\t" if kind == "tsv" else _delimiter_of(text)
    header = chosen.get("header") is not False
    first = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    names, notes = _column_names(first) if header else ([f"column_{number + 1}" for number in range(len(first))], [])
    decimal = str(chosen.get("decimal") or "auto")
    if decimal == "auto":
        decimal = _decimal_of(text, delimiter, header=header)
    words = [*MISSING_WORDS, *(chosen.get("missing") or ())]
    types = dict(chosen.get("types") or {})
    whole = len(head) == path.stat().st_size
    rows = first_rows(head.decode(encoding, errors="replace").removeprefix("\ufeff"), delimiter, whole=whole)
    codes, said = code_columns(names, rows[int(header) :], frozenset(words), types)
    data = path.read_bytes() if encoding not in ("utf-8", "utf-8-sig") else None
    source = path if data is None else pa.BufferReader(data.decode(encoding, errors="replace").encode())
    try:
        table = arrow_csv.read_csv(
            source,
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=int(header), use_threads=False),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                null_values=words,
                decimal_point=decimal,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                # A number read as text keeps its zeros: 007.
                column_types={name: pa.string() for name in [*codes, *_chosen_texts(types)]},
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as problem:
        raise StepFailure("file-unreadable", _csv_trouble(path, delimiter, str(problem))) from None
    return _to_frame(table), [*notes, *said]


def _chosen_texts(types: Mapping[str, Any]) -> list[str]:
    return [name for name, kind in types.items() if kind == "text"]


def _csv_trouble(path: Path, delimiter: str, said: str) -> str:
    row = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", said)
    name = {"\t": "tab", ",": "comma", ";": "semicolon"}.get(delimiter, repr(delimiter))
    if row:
        return (
            f"Line {row[1]} of {path.name} has {row[3]} values where {row[2]} columns are named (delimiter: {name}). "
            "Repair that line, or choose another delimiter."
        )
    return f"{path.name} cannot be read as a table (delimiter: {name}): {said.splitlines()[0][:300]}"


def _encoding_of(sample: bytes, said: str) -> str:
    if said != "auto":
        return said
    if sample.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for order, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if len(sample) >= 8 and zeros.count(0) > len(sample) * 0.2:  # no mark, but every other byte is zero
            return order
    try:
        sample.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if problem.start < len(sample) - 4:  # not just a character the sample cuts in two
            return "cp1252"
    return "utf-8-sig" if sample.startswith(b"\xef\xbb\xbf") else "utf-8"


def _delimiter_of(text: str) -> str:
    """The one that splits the first lines most evenly into most columns."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        width = max(set(widths), key=widths.count) if widths else 1
        return (widths.count(width) / len(widths) if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=score) if lines else ","


def _decimal_of(text: str, delimiter: str, *, header: bool) -> str:
    """ "," where a column of numbers is written with it and none with a point."""
    if delimiter == ",":
        return "."
    rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), 1001))[int(header) :]
    commas, points = False, False
    for cells in zip_longest(*rows[:1000], fillvalue=""):
        known = [word for cell in cells if (word := cell.strip()) not in MISSING_WORDS]
        if not known:
            continue
        if all(_COMMA_NUMBER.fullmatch(word) for word in known):
            # 1,200 may be one thousand and two hundred: only other numbers tell.
            commas = commas or any("," in word and not _THOUSANDS.fullmatch(word) for word in known)
        elif all(_POINT_NUMBER.fullmatch(word) for word in known):
            points = True
    return "," if commas and not points else "."


def _column_names(first: list[str]) -> tuple[list[str], list[str]]:
    """Unique names, none empty; and what was changed to get there."""
    names: list[str] = []
    notes: list[str] = []
    for number, raw in enumerate(first, start=1):
        name = raw.strip().removeprefix("\ufeff") or f"column_{number}"
        if not raw.strip():
            notes.append(f"Column {number} has no name; it is called {name}.")
        stem, count = name, 2
        while name in names:
            name, count = f"{stem}_{count}", count + 1
        if name != stem:
            notes.append(f'Two columns are called "{stem}"; the second is called "{name}".')
        names.append(name)
    return names, notes[:20]


def _to_frame(table: pa.Table) -> pd.DataFrame:
    frame = table.to_pandas(date_as_object=False, use_threads=False, split_blocks=True)
    frame.columns = [str(name) for name in frame.columns]
    return frame
