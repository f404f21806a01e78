"""Records of a data set: lines of CSV or JSON, filtered, joined with their predictions, and written again."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from .selection import select

CSV, JSON, OTHER = "csv", "json", "other"
_JSON_TYPES = frozenset(
    {"application/json", "application/jsonlines", "application/x-jsonlines", "application/json-lines"}
)


def kind_of(content_type: str) -> str:
    name = content_type.partition(";")[0].strip().lower()
    return CSV if name == "text/csv" else JSON if name in _JSON_TYPES else OTHER


@dataclass(frozen=True)
class Filters:
    """DataProcessing: the moves to what goes in and to what is kept, and whether input and prediction are joined."""

    into: list[Any]
    out_of: list[Any]
    joins: bool

    @property
    def active(self) -> bool:
        return self.joins or bool(self.into or self.out_of)


class Records:
    """Reading and writing records of one kind. A CSV row is a list of texts, a JSON record any JSON value."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def request(self, batch: list[bytes], filters: Filters) -> bytes:
        """What is sent for these records: the part of each that the input filter selects."""
        return b"\n".join(self._write(select(record, filters.into)) for record in self._read(batch))

    def response(self, batch: list[bytes], answer: bytes, filters: Filters, *, whole: bool) -> bytes:
        """What is kept: predictions joined with their records (if wanted), then the part the output filter selects.

        `whole`: the answer belongs to one record as it is. Else it holds one prediction for each record.
        """
        records = self._read(batch)
        predictions = [json.loads(answer)] if whole else self._predictions(answer, len(records))
        pairs = zip(records, predictions, strict=True)
        kept = [select(self._join(record, one) if filters.joins else one, filters.out_of) for record, one in pairs]
        return b"\n".join(self._write(value) for value in kept)

    def _read(self, batch: list[bytes]) -> list[Any]:
        if self._kind == CSV:
            text = b"\n".join(batch).decode("utf-8")
            return [row for row in csv.reader(io.StringIO(text)) if row]
        return [json.loads(record) for record in batch]

    def _write(self, value: Any) -> bytes:
        if self._kind == JSON:
            return json.dumps(value).encode()
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(value if isinstance(value, list) else [value])
        return text.getvalue().encode()

    def _join(self, record: Any, prediction: Any) -> Any:
        if self._kind == CSV:
            return [*record, *prediction]
        if isinstance(record, dict):
            return {**record, "SageMakerOutput": prediction}
        return {"SageMakerInput": record, "SageMakerOutput": prediction}

    def _predictions(self, answer: bytes, count: int) -> list[Any]:
        found = self._rows(answer, count) if self._kind == CSV else _values(answer, count)
        if len(found) != count:
            raise ValueError(
                f"{count} records were sent and {len(found)} predictions came back. Let the model answer one line for "
                "each record, or set BatchStrategy to SingleRecord"
            )
        return found

    def _rows(self, answer: bytes, count: int) -> list[Any]:
        rows = [row for row in csv.reader(io.StringIO(answer.decode("utf-8"))) if row]
        if len(rows) == 1 and count > 1 and len(rows[0]) == count:
            return [[cell] for cell in rows[0]]  # some servers write all predictions in one line
        return rows


def _values(answer: bytes, count: int) -> list[Any]:
    """One JSON list, an object that holds one, or a JSON value per line."""
    try:
        value = json.loads(answer)
    except ValueError:
        return [json.loads(line) for line in answer.splitlines() if line.strip()]
    if isinstance(value, dict):
        lists = [item for item in value.values() if isinstance(item, list)]
        if len(value) == 1 and lists and len(lists[0]) == count:
            return list(lists[0])
    return value if isinstance(value, list) and (count != 1 or len(value) == 1) else [value]
