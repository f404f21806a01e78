"""Batch transform: every record of every input file through the model, one `<file>.out` for each.

Splits, filters, batches, joins and assembles as SageMaker's batch transform does; the model itself is called in this
process (serving.py) where AWS sends HTTP requests to a container.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from . import failure
from .records import CSV, JSON, Filters, Records, kind_of
from .remote_model import RemoteModel, ServerFailed
from .serving import CannotServe, Model, open_model

CONFIG = "input/config/transformjobconfig.json"
INPUT, OUTPUT = "input/data/transform", "output/transform"
MEGABYTE = 1024 * 1024
#: Where ContentType is not set, the name of a file says what it holds.
_BY_ENDING = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
    ".npy": "application/x-npy",
    ".libsvm": "text/libsvm",
}


class CannotTransform(Exception):
    """A file or record that cannot be handled; the message says which and why."""


def main(root: Path, *, package_path: str) -> int:
    """The exit code of the job. A failure leaves output/failure behind."""
    settings = json.loads((root / CONFIG).read_text(encoding="utf-8"))
    try:
        chain = _chain(root, settings["Containers"])
        files = sorted(path for path in (root / INPUT).rglob("*") if path.is_file())
        print(f"transforming {len(files)} file(s)", flush=True)
        for path in files:
            relative = path.relative_to(root / INPUT)
            target = root / OUTPUT / f"{relative}.out"
            target.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as source, target.open("wb") as out:
                count = Transform(str(relative), settings, chain).run(source, out)
            print(f"{relative}: {count} request(s)", flush=True)
    except (CannotTransform, CannotServe, ServerFailed) as error:
        failure.write(root, str(error))
        return 1
    return 0


def _chain(root: Path, containers: list[dict[str, Any]]) -> list[Model | RemoteModel]:
    """The models to call: loaded here, or behind the servers of their own containers."""
    urls = json.loads(os.environ.get("CLARY_MODEL_SERVERS", "[]"))
    if not urls:
        return [open_model(root, index, container) for index, container in enumerate(containers)]
    remote = [RemoteModel(url) for url in urls]
    for model in remote:
        model.wait_until_ready()
    return list(remote)


class Transform:
    """One input file on its way through the models."""

    def __init__(self, name: str, settings: dict[str, Any], chain: list[Model | RemoteModel]) -> None:
        self._name, self._chain = name, chain
        self._content_type = settings["ContentType"] or _BY_ENDING.get(Path(name).suffix.lower(), "text/csv")
        self._filters = Filters(settings["InputFilter"], settings["OutputFilter"], settings["JoinSource"] == "Input")
        self._accept = settings["Accept"] or (
            self._content_type if self._filters.joins else chain[-1].default_accept(self._content_type)
        )
        self._lines = settings["SplitType"] == "Line"
        self._single = settings["BatchStrategy"] == "SingleRecord"
        self._newline = settings["AssembleWith"] == "Line"
        self._limit = settings["MaxPayloadInMB"] * MEGABYTE or None
        self._kind = kind_of(self._content_type)
        if self._filters.active and (self._kind not in (CSV, JSON) or kind_of(self._accept) != self._kind):
            raise CannotTransform(
                f"Filters and joins need CSV or JSON on both sides; {name} has ContentType {self._content_type} and "
                f"Accept {self._accept}. Set both to text/csv, or both to application/jsonlines."
            )

    def run(self, source: BinaryIO, out: BinaryIO) -> int:
        """Writes the results of one file; how many requests it took."""
        requests, first = 0, 1
        for batch in self._batches(source):
            requests += 1
            where = f"{self._name}, record {first}" if self._lines else self._name
            body = self._request(batch, where) if self._filters.active else b"\n".join(batch)
            answer = self._invoke(body, where)
            if self._filters.active:
                answer = self._joined(batch, answer, where)
            out.write(answer)
            if self._newline and not answer.endswith(b"\n"):
                out.write(b"\n")
            first += len(batch)
        return requests

    def _batches(self, source: BinaryIO) -> Iterator[list[bytes]]:
        """The records of each request, within the payload limit."""
        if not self._lines:
            whole = source.read()
            self._check_size(len(whole), self._name)
            yield [whole]
            return
        batch: list[bytes] = []
        size = 0
        for number, line in enumerate(source, start=1):
            record = line.rstrip(b"\r\n")
            if not record:
                continue
            self._check_size(len(record), f"{self._name}, line {number}")
            too_large = self._limit is not None and size + len(record) + 1 > self._limit
            if batch and (self._single or too_large):
                yield batch
                batch, size = [], 0
            batch.append(record)
            size += len(record) + 1
        if batch:
            yield batch

    def _check_size(self, size: int, where: str) -> None:
        if self._limit is not None and size > self._limit:
            raise CannotTransform(
                f"{where} has {size} bytes, more than MaxPayloadInMB ({self._limit // MEGABYTE}) allows. "
                "Raise it, or set SplitType to Line."
            )

    def _request(self, batch: list[bytes], where: str) -> bytes:
        try:
            return Records(self._kind).request(batch, self._filters)
        except (ValueError, LookupError) as error:
            raise CannotTransform(f"{where}: the input filter cannot be applied: {error}") from error

    def _joined(self, batch: list[bytes], answer: bytes, where: str) -> bytes:
        whole = self._single or not self._lines
        try:
            return Records(self._kind).response(batch, answer, self._filters, whole=whole and self._kind == JSON)
        except (ValueError, LookupError) as error:
            raise CannotTransform(f"{where}: the prediction cannot be joined or filtered: {error}") from error

    def _invoke(self, body: bytes, where: str) -> bytes:
        """Through every model; each gets what the one before it answered."""
        content_type = self._content_type
        for position, model in enumerate(self._chain, start=1):
            last = position == len(self._chain)
            accept = self._accept if last else model.default_accept(content_type)
            try:
                body, content_type = model.invoke(body, content_type, accept)
            except (CannotServe, ServerFailed) as error:
                raise CannotServe(f"{where}: {error}") from error
        return body
