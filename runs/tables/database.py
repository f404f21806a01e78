"""A DuckDB database for one file people brought, and how each kind of file is read with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from runs.tables.options import Unreadable
from runs.tables.sniffing import json_trouble

MEMORY_LIMIT = "2GB"
LARGEST_LINE = 32 * 1024 * 1024
#: Bytes that are searched for the line that does not fit.
_LOOKED_THROUGH = 4 * 1024 * 1024


@contextmanager
def opened(path: Path, name: str, folder: Path, *, also: Sequence[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that may read this one file and write into this one folder.

    `also`: where else it may write; one that does writes at the pace of whoever reads there.

    Raises:
        Unreadable: what it says of the file, in its own words but without our paths.
    """
    database = duckdb.connect(
        ":memory:",
        config={
            "threads": 1 if also else 2,  # more would run ahead of the reader, and keep what it has not taken
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        },
    )
    try:
        if also:
            database.execute("PRAGMA disable_optimizer")  # takes minutes over thousands of written columns
            if database.execute("FROM duckdb_settings() WHERE name = 'async_threads'").fetchone():
                database.execute("SET async_threads = 0")  # as above
        database.execute(f"SET allowed_paths = [{', '.join(map(literal, [str(path), *also]))}]")
        database.execute(f"SET allowed_directories = [{literal(str(folder) + '/')}]")
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        yield database
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except duckdb.Error as problem:
        said = str(problem).splitlines()[0].replace(str(path), name).replace(str(folder), "")
        raise Unreadable("file-unreadable", f"{name} cannot be read as a table: {said[:300]}") from None
    finally:
        database.close()


def csv_reading(
    path: Path,
    delimiter: str,
    header: bool,
    columns: int,
    *,
    parallel: bool = False,
    missing: Sequence[str],
) -> str:
    """The columns of a plain text file as texts, called c0, c1, …; `missing`: what stands for no value."""
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(columns))
    words = ", ".join(map(literal, missing))
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, delim={literal(delimiter)}, quote='\"', escape='\"', "
        f"header={'true' if header else 'false'}, columns={{{types}}}, nullstr=[{words}], null_padding=true, "
        f"strict_mode=false, ignore_errors=true, max_line_size={LARGEST_LINE}, parallel={str(parallel).lower()})"
    )


def parquet_reading(path: Path, name: str) -> str:
    """Raises: Unreadable, when its end is missing."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 4, 0))
        if stream.read(4) != b"PAR1" or path.stat().st_size < 12:
            raise Unreadable(
                "file-cut-off", f"{name} is cut off: the end of the Parquet file is missing. Copy or download it again."
            )
    return f"read_parquet({literal(str(path))})"


def json_reading(source: Path, head: bytes) -> str:
    """`head`: the first bytes, which tell one array from objects line by line."""
    layout = "array" if head.lstrip()[:1] == b"[" else "newline_delimited"
    return f"read_json({literal(str(source))}, format='{layout}', maximum_object_size={LARGEST_LINE})"


def described(database: duckdb.DuckDBPyConnection, reading: str) -> list[tuple[str, str]]:
    """(name, SQL type) of each column."""
    return [(row[0], row[1]) for row in database.execute(f"DESCRIBE SELECT * FROM {reading}").fetchall()]


def json_described(database: duckdb.DuckDBPyConnection, reading: str, source: Path, name: str) -> list[tuple[str, str]]:
    """As `described`. Raises: Unreadable, when the lines are no objects."""
    try:
        found = described(database, reading)
    except duckdb.Error as problem:
        said = str(problem).splitlines()[0].replace(str(source), name)[:200]
        with source.open("rb") as stream:
            head = stream.read(_LOOKED_THROUGH)
        raise Unreadable("file-unreadable", json_trouble(name, head, said)) from None
    if len(found) == 1 and found[0][0] == "json":
        raise Unreadable(
            "file-unreadable", f"{name} holds JSON values, but no objects with names. Each line needs one."
        )
    return found


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
