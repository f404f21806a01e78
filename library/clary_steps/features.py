"""From a table to what an algorithm takes: which columns, as which kind, and the answer they are to predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clary_steps.failures import StepFailure, listed
from clary_steps.tables import column_type, is_missing, need_columns

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NUMERIC = ("integer", "number", "boolean", "date", "datetime")
MOST_CLASSES = 200
MOST_CATEGORIES = 50


@dataclass
class Features:
    """Columns a model looks at. What was left out, and why, is in `notes`."""

    numbers: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [*self.numbers, *self.texts]


def choose_features(frame: pd.DataFrame, chosen: Sequence[str] | None, target: str | None) -> Features:
    """The chosen columns, or every column but the target; those nothing can be learned from are left out.

    Raises:
        StepFailure: column-missing, no-features.
    """
    need_columns(frame, chosen or (), "training table")
    found = Features()
    for name in chosen or frame.columns:
        if name == target:
            continue
        values = frame[name]
        kind = column_type(values)
        if is_missing(values):
            found.notes.append(f'"{name}" has no values and was left out.')
        elif kind in NUMERIC:
            found.numbers.append(name)
        elif kind != "text":
            found.notes.append(f'"{name}" holds no plain values and was left out.')
        elif not chosen and len(values) > MOST_CATEGORIES and values.nunique() > 0.9 * values.notna().sum():
            found.notes.append(f'"{name}" differs in almost every row, like a name or a number, and was left out.')
        else:
            found.texts.append(name)
    if not found.names:
        raise StepFailure(
            "no-features", "There is no column left to learn from. Choose columns that hold numbers or categories."
        )
    return found


def feature_table(frame: pd.DataFrame, numbers: Sequence[str], texts: Sequence[str], where: str) -> pd.DataFrame:
    """Exactly these columns: numbers, dates and booleans as floats, texts as texts.

    Raises:
        StepFailure: column-missing, wrong-type.
    """
    import pandas as pd

    need_columns(frame, [*numbers, *texts], where)
    columns: dict[str, Any] = {}
    for name in numbers:
        columns[name] = as_number(frame[name], where)
    for name in texts:
        values = frame[name]
        columns[name] = values.where(values.notna(), "missing").map(label_text)
    return pd.DataFrame(columns, index=frame.index)


def as_number(values: pd.Series, where: str) -> pd.Series:
    """Dates count as days; text that is no number fails."""
    import pandas as pd

    if column_type(values) in ("date", "datetime"):
        days = (values - pd.Timestamp("1970-01-01", tz=values.dt.tz)) / pd.Timedelta(days=1)
        return days.astype(float)
    try:
        return values.astype(float)
    except (TypeError, ValueError):
        bad = next((one for one in values.dropna() if not _is_number(one)), "")
        raise StepFailure(
            "wrong-type",
            f'The column "{values.name}" of the {where} must hold numbers; it holds "{str(bad)[:40]}". '
            "Convert it with a Clean step, or choose another column.",
            column=str(values.name),
        ) from None


def label_text(value: Any) -> str:
    """A class in words: 1 and 1.0 are the same class."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if hasattr(value, "item"):
        return label_text(value.item())
    return str(value)


def class_target(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, np.ndarray, list[str], list[str]]:
    """(rows with an answer, class numbers, class names in order, notes).

    Raises:
        StepFailure: column-missing, one-class-only, too-many-classes, empty-table.
    """
    import numpy as np

    rows, notes = _answered(frame, target)
    labels = rows[target].map(label_text)
    classes = sorted(labels.unique(), key=_natural)
    if len(classes) == 1:
        raise StepFailure(
            "one-class-only",
            f'Every row has the same value in "{target}" ({classes[0]}), so there is nothing to tell apart. '
            "Choose another target, or look at what the steps before filter out.",
            column=target,
        )
    if len(classes) > MOST_CLASSES or (len(classes) > 20 and len(classes) > len(rows) / 2):
        raise StepFailure(
            "too-many-classes",
            f'"{target}" has {len(classes)} different values; a classifier takes at most {MOST_CLASSES}, each seen '
            "several times. For amounts use Train regressor; else choose a column with fewer values.",
            column=target,
        )
    number = {name: place for place, name in enumerate(classes)}
    return rows, np.array([number[label] for label in labels]), classes, notes


def number_target(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """(rows with an answer, the answers, notes).

    Raises:
        StepFailure: column-missing, wrong-type, empty-table, one-value-only.
    """
    rows, notes = _answered(frame, target)
    if column_type(rows[target]) not in NUMERIC:
        raise StepFailure(
            "wrong-type",
            f'The target "{target}" must hold numbers; it holds text such as "{str(rows[target].iloc[0])[:40]}". '
            "Use Train classifier for categories, or convert the column with a Clean step.",
            column=target,
        )
    answers = as_number(rows[target], "training table").to_numpy()
    if len(set(answers.tolist())) == 1:
        raise StepFailure(
            "one-value-only",
            f'Every row has the same value in "{target}", so there is nothing to learn. Choose another target.',
            column=target,
        )
    return rows, answers, notes


def _answered(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, list[str]]:
    need_columns(frame, [target], "training table")
    rows = frame[frame[target].notna()]
    gone = len(frame) - len(rows)
    if rows.empty:
        raise StepFailure(
            "all-missing",
            f'The target "{target}" has no values at all. Choose another target; filled columns are '
            f"{listed([name for name in frame.columns if not is_missing(frame[name])], 5)}.",
            column=target,
        )
    return rows, [f'{gone} rows without a value in "{target}" were left out.'] if gone else []


def _natural(label: str) -> tuple[int, float, str]:
    """Numbers by size, then texts by letter."""
    return (0, float(label), "") if _is_number(label) else (1, 0.0, label)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
