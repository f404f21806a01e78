"""Tables between steps: one Parquet file in a folder, with a summary beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clary_steps.failures import StepFailure, listed, near
from clary_steps.reading import read_files, table_files

if TYPE_CHECKING:
    import pandas as pd

TABLE_FILE = "table.parquet"


def read_table(folder: Path, port: str = "table", *, allow_empty: bool = False) -> pd.DataFrame:
    """The table in an input folder; several files of equal columns are put below each other.

    Raises:
        StepFailure: no-table, empty-table, columns-differ, file-unreadable.
    """
    import pandas as pd

    files = table_files(folder)
    if not files:
        raise StepFailure("no-table", f'The input "{port}" holds no table. Connect a step that writes one.')
    frames = [frame for frame, _ in read_files(files)]
    for path, frame in zip(files[1:], frames[1:], strict=True):
        if list(frame.columns) != list(frames[0].columns):
            raise StepFailure(
                "columns-differ",
                f'The input "{port}" holds several files, and the columns of {path.name} are not those of '
                f"{files[0].name}. Keep one file, or give all the same columns.",
            )
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    if frame.empty and not allow_empty:
        raise StepFailure(
            "empty-table", f'The table at the input "{port}" has no rows. Look at the step before: it keeps nothing.'
        )
    return frame


def write_table(
    frame: pd.DataFrame, folder: Path, *, warnings: Sequence[str] = (), parts: Sequence[int] | None = None
) -> None:
    """The table and its summary. `parts`: rows of each part of which this is the first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from clary_steps.summary import table_summary, write_summary

    notes = list(warnings)
    frame = frame.reset_index(drop=True)
    frame.columns = [str(name) for name in frame.columns]
    for name in frame.columns:
        if frame[name].dtype.kind == "O" and _is_mixed(frame[name]):
            frame[name] = frame[name].map(str, na_action="ignore")
            notes.append(f'"{name}" held values of different types; they are kept as text.')
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, folder / TABLE_FILE, compression="zstd")
    summary = table_summary(frame, notes)
    if parts is not None:
        summary["key"] = {"label": "rows", "value": " / ".join(f"{rows:,}" for rows in parts)}
    write_summary(folder, summary)
    print(f"{len(frame)} rows × {frame.shape[1]} columns")
    for note in notes:
        print(f"note: {note}")


def need_columns(frame: pd.DataFrame, names: Iterable[str], where: str) -> None:
    """Raises StepFailure (column-missing) for the first name the table does not have."""
    for name in names:
        if name not in frame.columns:
            match = near(name, frame.columns)
            hint = f' Did you mean "{match[0]}"?' if match else f" It has: {listed(frame.columns)}."
            raise StepFailure(
                "column-missing",
                f'The column "{name}" is not in the {where}.{hint} Choose another column, or rename it before.',
                column=name,
                suggestions=match or [str(column) for column in frame.columns[:5]],
            )


def column_type(values: pd.Series) -> str:
    """integer | number | text | boolean | date | datetime | other"""
    from pandas.api import types

    if types.is_bool_dtype(values):
        return "boolean"
    if types.is_integer_dtype(values):
        return "integer"
    if types.is_float_dtype(values):
        return "number"
    if types.is_datetime64_any_dtype(values):
        known = values.dropna()
        return "date" if len(known) and bool((known == known.dt.normalize()).all()) else "datetime"
    if str(values.dtype) == "category":
        return "text"
    kinds = {type(value) for value in values.dropna().head(1000)}
    if kinds <= {bool}:
        return "boolean" if kinds else "other"
    return "text" if kinds <= {str} else "other"


def is_missing(values: pd.Series) -> bool:
    """No value at all."""
    return bool(values.isna().all())


def _is_mixed(values: pd.Series) -> bool:
    kinds = {type(value) for value in values.dropna()}
    return len(kinds) > 1 or bool(kinds & {set, complex, object})
