"""What the scikit-learn and XGBoost containers do where a script defines no handler of its own.

Sources: sagemaker-scikit-learn-container, sagemaker-xgboost-container, sagemaker-inference-toolkit.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

CSV, JSON, LINES, NPY = "text/csv", "application/json", "application/jsonlines", "application/x-npy"
LIBSVM = frozenset({"text/libsvm", "text/x-libsvm"})
_LINES = frozenset({LINES, "application/x-jsonlines", "application/json-lines"})
_ANY = frozenset({"", "*/*"})
_MODEL_FILES = ("*.joblib", "*.pkl", "*.pickle", "*.skops")
_XGBOOST = "xgboost-model"


class NotHandled(Exception):
    """A content type or model nobody handles; the message says what would help."""


@dataclass(frozen=True)
class Defaults:
    read: Callable[[Any, str], Any]
    predict: Callable[[Any, Any], Any]
    write: Callable[[Any, str], Any]


def defaults_for(loaded: Any) -> Defaults:
    """By what was loaded: a Booster wants a DMatrix, everything else an array."""
    if type(loaded).__module__.partition(".")[0] == "xgboost" and type(loaded).__name__ == "Booster":
        return Defaults(read=_read_matrix, predict=_predict_booster, write=encode)
    return Defaults(read=decode, predict=_predict, write=encode)


def accept_for(content_type: str) -> str:
    """Tables answer tables and JSON answers JSON."""
    name = _name(content_type)
    return name if name in {CSV, NPY} or name in _LINES else CSV if name in LIBSVM else JSON


def load(folder: str) -> Any:
    """A model without model_fn: the built-in algorithm's file, or the only pickle in the folder.

    The scikit-learn container asks for a model_fn; here a folder with one model file speaks for itself.
    """
    place = Path(folder)
    if (place / _XGBOOST).is_file():
        return _booster(place / _XGBOOST)
    found = sorted(path for pattern in _MODEL_FILES for path in place.glob(pattern))
    if len(found) != 1:
        present = ", ".join(sorted(path.name for path in place.iterdir())[:20]) or "nothing"
        raise NotHandled(
            f"there is no model_fn, and no single model file ({_XGBOOST}, {', '.join(_MODEL_FILES)}) to load. The "
            f"model holds {present}. Add a script with model_fn as code/inference.py"
        )
    if found[0].suffix == ".skops":
        import skops.io

        return skops.io.load(found[0], trusted=skops.io.get_untrusted_types(file=found[0]))
    import joblib

    return joblib.load(found[0])


def decode(body: bytes, content_type: str) -> Any:
    """A request as an array of rows; numbers where all of it is numbers."""
    name = _name(content_type)
    if name == NPY:
        return np.load(io.BytesIO(body), allow_pickle=False)
    text = body.decode("utf-8")
    if name == CSV:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        return _array(rows)
    if name == JSON or name in _LINES:
        return _table(_json(text, lines=name in _LINES))
    raise NotHandled(
        f"The content type {content_type} is not read here; {CSV}, {JSON}, {LINES} and {NPY} are, or write an input_fn."
    )


def encode(prediction: Any, accept: str) -> bytes:
    """A prediction in the wanted format; one line for each row of a table."""
    name = _name(accept)
    if name == NPY:
        buffer = io.BytesIO()
        np.save(buffer, np.asarray(prediction), allow_pickle=False)
        return buffer.getvalue()
    plain = prediction.tolist() if hasattr(prediction, "tolist") else prediction
    if name in _LINES:
        listed = plain if isinstance(plain, list) else [plain]
        return b"".join(json.dumps(item).encode() + b"\n" for item in listed)
    if name == CSV:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row in plain if isinstance(plain, list | tuple) else [plain]:
            writer.writerow(row if isinstance(row, list | tuple) else [row])
        return text.getvalue().encode()
    if name == JSON or name in _ANY:
        return json.dumps(plain).encode()
    raise NotHandled(
        f"Accept {accept} is not written here; {CSV}, {JSON}, {LINES} and {NPY} are, or write an output_fn."
    )


def _predict(data: Any, model: Any) -> Any:
    if not hasattr(model, "predict"):
        raise NotHandled(f"A {type(model).__name__} has no predict method; write a predict_fn.")
    return model.predict(data)


def _predict_booster(data: Any, model: Any) -> Any:
    return model.predict(data, validate_features=False)


def _read_matrix(body: bytes, content_type: str) -> Any:
    import xgboost

    if _name(content_type) in LIBSVM:
        with tempfile.NamedTemporaryFile(suffix=".libsvm") as file:
            file.write(body)
            file.flush()
            return xgboost.DMatrix(f"{file.name}?format=libsvm")
    return xgboost.DMatrix(np.atleast_2d(decode(body, content_type)).astype(float))


def _booster(path: Path) -> Any:
    """XGBoost's own format, or the pickle older containers wrote."""
    import xgboost

    try:
        return xgboost.Booster(model_file=bytearray(path.read_bytes()))
    except xgboost.core.XGBoostError:
        import pickle

        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301 - the user's model in the user's step


def _array(rows: list[list[str]]) -> Any:
    try:
        return np.array([[float(cell) if cell.strip() else float("nan") for cell in row] for row in rows])
    except ValueError:
        widths = {len(row) for row in rows}
        if len(widths) > 1:
            raise NotHandled(
                f"The rows have {', '.join(map(str, sorted(widths)))} columns; they must be equal."
            ) from None
        return np.array(rows, dtype=object)


def _json(text: str, *, lines: bool) -> Any:
    if not lines:
        try:
            value = json.loads(text)
            return value["instances"] if isinstance(value, dict) and "instances" in value else value
        except json.JSONDecodeError as error:
            if error.msg != "Extra data":
                raise
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _table(value: Any) -> Any:
    """Records with names keep them; one record of numbers is a table of one row."""
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        import pandas

        return pandas.DataFrame.from_records(value)
    return np.atleast_2d(np.array(value))


def _name(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
