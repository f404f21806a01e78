"""Reading a channel of the built-in XGBoost algorithm: CSV, libsvm or Parquet, with faults named by file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import xgboost as xgb

CSV, LIBSVM, PARQUET = "csv", "libsvm", "parquet"
_TYPES = {
    "csv": CSV,
    "text/csv": CSV,
    "libsvm": LIBSVM,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "parquet": PARQUET,
    "application/x-parquet": PARQUET,
}


class BadData(Exception):
    """The data of a channel cannot be read; the message names the channel, file and line."""


def content_format(content_type: str | None, channel: str) -> str:
    """CSV, LIBSVM or PARQUET for a ContentType; libsvm when there is none, as AWS has it.

    Raises:
        BadData: another content type, or a CSV with a label size other than 1.
    """
    if not content_type:
        return LIBSVM
    name, *options = [part.strip().lower() for part in content_type.split(";")]
    found = _TYPES.get(name)
    if found is None:
        accepted = ", ".join(sorted(kind for kind in _TYPES if "/" in kind))
        raise BadData(
            f"The channel {channel} has the content type {content_type}; the XGBoost algorithm reads {accepted}."
        )
    for option in options:
        key, _, value = option.partition("=")
        if found == CSV and key.strip() == "label_size" and value.strip() != "1":
            raise BadData(f"The channel {channel} has {content_type}; label_size must be 1: the label is column one.")
    return found


def data_files(folder: Path, channel: str) -> list[Path]:
    """The files of a channel, sorted; names that begin with a dot or underscore are left out, as AWS does.

    Raises:
        BadData: there are none.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "_")))
    if not any(path.stat().st_size for path in files):
        raise BadData(f"The channel {channel} holds no data.")
    return [path for path in files if path.stat().st_size]


def matrix(folder: Path, channel: str, content_type: str | None, *, weights: bool, threads: int) -> Any:
    """The channel as an xgboost.DMatrix. With `weights`, the second CSV column holds instance weights."""
    kind = content_format(content_type, channel)
    files = data_files(folder, channel)
    if kind == LIBSVM:
        return _libsvm(files, folder, channel, threads)
    table = np.vstack(_same_width([_csv(path, folder) if kind == CSV else _parquet(path, folder) for path in files]))
    first = 2 if weights else 1
    if table.shape[1] <= first:
        raise BadData(
            f"The channel {channel} has {table.shape[1]} column(s); the first is the label"
            f"{', the second the weight' if weights else ''}, so at least one more is needed."
        )
    label = table[:, 0]
    _check_labels(label, channel)
    weight = table[:, 1] if weights else None
    return xgb.DMatrix(table[:, first:], label=label, weight=weight, nthread=threads)


def _csv(path: Path, folder: Path) -> Any:
    """A CSV without a header as floats; an empty field is a missing value.

    Arrow reads the whole file at once. Only where that finds text or uneven rows is the file read line by line, to
    say where.
    """
    with path.open("r", encoding="utf-8", errors="replace", newline="") as stream:
        first = stream.readline()
    delimiter = max(",;\t ", key=first.count) if any(mark in first for mark in ",;\t ") else ","
    try:
        table = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True, use_threads=False),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
        )
        return _numbers(table)
    except (pyarrow.ArrowInvalid, TypeError):
        return np.array(list(_rows(path, folder, delimiter)), dtype=np.float32, ndmin=2)


def _numbers(table: Any) -> Any:
    """An Arrow table as float32, nulls as NaN. Raises TypeError for a column of anything but numbers."""
    for column in table.columns:
        kind = column.type
        if not (pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) or pyarrow.types.is_null(kind)):
            raise TypeError(f"a column of {kind}")
    columns = [column.to_numpy().astype(np.float32) for column in table.columns]
    return np.column_stack(columns) if columns else np.empty((0, 0), dtype=np.float32)


def _rows(path: Path, folder: Path, delimiter: str) -> Iterator[list[float]]:
    name = path.relative_to(folder)
    width = None
    with path.open("r", encoding="utf-8", errors="replace", newline="") as stream:
        for number, fields in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
            if not fields:
                continue
            row = []
            for column, field in enumerate(fields, start=1):
                try:
                    row.append(float(field) if field.strip() else float("nan"))
                except ValueError:
                    header = " The file must not have a header line." if number == 1 else ""
                    raise BadData(
                        f"{name}, line {number}, column {column}: {field!r} is not a number.{header}"
                    ) from None
            if width is not None and len(row) != width:
                raise BadData(f"{name}, line {number}: {len(row)} columns, but the lines above have {width}.")
            width = len(row)
            yield row


def _parquet(path: Path, folder: Path) -> Any:
    try:
        return _numbers(parquet.read_table(path, use_threads=False))
    except (OSError, TypeError, pyarrow.ArrowInvalid) as error:
        raise BadData(f"{path.relative_to(folder)}: cannot be read as a Parquet table of numbers: {error}") from error


def _libsvm(files: list[Path], folder: Path, channel: str, threads: int) -> Any:
    """Lines of `label[:weight] index:value …`."""
    labels: list[float] = []
    weights: list[float] = []
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for path in files:
        with path.open("r", encoding="utf-8", errors="replace") as stream:
            for number, line in enumerate(stream, start=1):
                parts = line.split("#", 1)[0].split()
                if not parts:
                    continue
                try:
                    label, _, weight = parts[0].partition(":")
                    labels.append(float(label))
                    weights.append(float(weight) if weight else 1.0)
                    for part in parts[1:]:
                        index, mark, value = part.partition(":")
                        if index == "qid":
                            raise BadData("qid is not read here")
                        if not mark or int(index) < 0:
                            raise ValueError(part)
                        columns.append(int(index))
                        values.append(float(value))
                except (ValueError, BadData) as error:
                    raise BadData(
                        f"{path.relative_to(folder)}, line {number}: expected `label index:value …`, but found "
                        f"{line.strip()[:60]!r} ({error})."
                    ) from None
                starts.append(len(values))
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships without types

    _check_labels(np.array(labels), channel)
    shape = (len(labels), (max(columns) + 1) if columns else 1)
    sparse = csr_matrix((np.array(values, dtype=np.float32), np.array(columns), np.array(starts)), shape=shape)
    return xgb.DMatrix(sparse, label=labels, weight=weights, nthread=threads)


def _same_width(tables: list[Any]) -> list[Any]:
    widths = {table.shape[1] for table in tables}
    if len(widths) > 1:
        raise BadData(f"The files of a channel have different numbers of columns: {sorted(widths)}.")
    return tables


def _check_labels(labels: Any, channel: str) -> None:
    if not len(labels):
        raise BadData(f"The channel {channel} holds no rows.")
    if not np.isfinite(labels).all():
        raise BadData(
            f"The channel {channel}: row {int(np.argmin(np.isfinite(labels))) + 1} has no label in column one."
        )
