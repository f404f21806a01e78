"""The one table inside a zip, with bounds on what it may unpack to."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from runs.tables.options import Unreadable
from runs.tables.sniffing import kind_of

#: A table packs well, but not like this: 10 MiB are always allowed, more only at a sane ratio.
LARGEST_RATIO = 200
ALWAYS_BYTES = 10 * 1024 * 1024
LARGEST_BYTES = 16 * 1024**3
MOST_MEMBERS = 10_000
_CHUNK = 1024 * 1024
_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".pq"})


def unpack_table(path: Path, name: str, target: Path) -> str:
    """Writes the one table inside to `target` and returns its file name.

    Raises:
        Unreadable: damaged, packed with a password, no table or more than one, or a zip bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = _only_table(archive, name)
            _unpack(archive, member, name, target, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as problem:
        raise Unreadable(
            "zip-damaged", f"{name} is damaged or cut off ({problem}). Pack it again, or upload the table itself."
        ) from None
    inner = PurePosixPath(member.filename).name
    with target.open("rb") as stream:
        if kind_of(inner, stream.read(4096)) == "zip":
            raise Unreadable("zip-in-zip", f"{name} holds a zip again. Upload the table itself.")
    return inner


def _only_table(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Unreadable("zip-too-many-files", f"{name} holds {len(members)} files. One table is expected in it.")
    tables = [
        member
        for member in members
        if not member.is_dir()
        and PurePosixPath(member.filename).suffix.lower() in _TABLES
        and not member.filename.startswith("__MACOSX/")
        and not PurePosixPath(member.filename).name.startswith(".")
    ]
    if any(member.filename == "xl/workbook.xml" for member in members):
        raise Unreadable("file-is-no-table", f"{name} is an Excel workbook. Open it and save the sheet as CSV.")
    if any(member.filename == "content.xml" for member in members) and not tables:
        raise Unreadable("file-is-no-table", f"{name} is an office document. Open it and save the table as CSV.")
    if not tables:
        raise Unreadable(
            "zip-without-table", f"{name} holds no table. A CSV, TSV, JSON-lines or Parquet file is expected in it."
        )
    if len(tables) > 1:
        names = ", ".join(PurePosixPath(member.filename).name for member in tables[:3])
        raise Unreadable(
            "zip-with-many-tables", f"{name} holds {len(tables)} tables ({names} …). Upload the one you need by itself."
        )
    if tables[0].flag_bits & 1:
        raise Unreadable("zip-encrypted", f"{name} is packed with a password. Pack it without one.")
    return tables[0]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, target: Path, packed: int) -> None:
    """Counts what really comes out; what the zip says of itself is not believed."""
    limit = min(max(ALWAYS_BYTES, packed * LARGEST_RATIO), LARGEST_BYTES)
    written = 0
    with archive.open(member) as source, target.open("wb") as copy:
        while part := source.read(_CHUNK):
            written += len(part)
            if written > limit:
                raise Unreadable(
                    "zip-bomb",
                    f"{name} unpacks to more than {limit // 1024**2} MiB from {max(packed // 1024, 1)} KiB, which no "
                    "honest table does. Upload the table itself if it is one.",
                )
            copy.write(part)
