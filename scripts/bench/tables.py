"""A person's own data and steps without code, as the studio asks for them: upload, first look, profile, start."""

from __future__ import annotations

import http.client
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from scripts.bench.clary import Clary
from scripts.bench.frames import TERMINAL
from scripts.bench.objects import Bucket, Watch

MEGABYTE = 10**6
_number = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A file as it is sent and seen. Megabytes (10⁶) per second, megabytes by which web grew, seconds."""

    size: float
    speed: float
    growth: float
    preview: float
    profile: float | None


def looks(server: Clary, megabytes: int) -> Iterator[tuple[str, Look]]:
    """(what, its figures): a long CSV of so many megabytes, a wide Parquet file, and a million rows of 20 columns."""
    yield "CSV", _look(server, "long.csv", lambda path, seed: _long_csv(path, megabytes * MEGABYTE, seed))
    yield "Parquet, 5,000 columns", _look(server, "wide.parquet", _wide_parquet)
    yield "CSV, 1,000,000 rows × 20 columns", _look(server, "million.csv", _million_csv, profile=True)


def starts(server: Clary, rounds: int = 3) -> list[float]:
    """Seconds from the end of its producers to its running process, for each ready-made step of a warm worker."""
    template = server.call("GET", "/api/templates/")["results"][0]["id"]
    pipeline = server.call("POST", f"/api/templates/{template}/", {})["id"]
    found: list[float] = []
    for number in range(rounds + 1):
        attempts = _run(server, pipeline)
        if number:  # the first one makes the fork servers ready
            found += [_seconds(one["created_at"], one["executing_at"]) for one in attempts]
    return found


def _run(server: Clary, pipeline: str) -> list[Any]:
    """The attempts of one execution, each of one step."""
    started = server.call("POST", f"/api/pipelines/{pipeline}/executions/", {"source": "draft"})
    address = f"/api/executions/{started['id']}/"
    while (seen := server.call("GET", address))["status"] not in TERMINAL:
        time.sleep(0.3)
    if seen["status"] != "Succeeded":
        raise RuntimeError(f"execution {started['id']} ended {seen['status']}")
    steps = [server.call("GET", f"{address}steps/{quote(step['name'])}/") for step in seen["steps"]]
    return [one for step in steps for one in step["attempt_list"] if one["executing_at"]]


def _look(server: Clary, name: str, write: Callable[[Path, int], None], *, profile: bool = False) -> Look:
    """The upload ends with the first look, which the preview then has: that is timed with a file put by S3."""
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        path = Path(folder) / name
        write(path, 1)
        address = f"/api/objects/table/?uri={quote(Bucket(server).put_file(path))}"
        begun = time.perf_counter()
        if not server.call("GET", address)["columns"]:
            raise RuntimeError(f"{name} is shown without columns")
        preview = time.perf_counter() - begun
        begun = time.perf_counter()
        while profile and server.call("GET", f"{address}&full=true")["profile"] == "running":
            time.sleep(0.1)
        whole = time.perf_counter() - begun if profile else None
        write(path, 2)
        watch = Watch(server.process.pid)
        try:
            seconds = _upload(server, path)
        finally:
            growth = watch.end()
        size = path.stat().st_size / MEGABYTE
    return Look(size=size, speed=size / seconds, growth=growth, preview=preview, profile=whole)


def _upload(server: Clary, path: Path) -> float:
    """Seconds until the answer about the new dataset was there."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=300)
    headers = {"Authorization": f"Bearer {server.token}", "Content-Length": str(path.stat().st_size)}
    begun = time.perf_counter()
    with path.open("rb") as body:
        target = f"/api/datasets/files/{path.name}/?name=bench-{next(_number)}"
        connection.request("POST", target, body, {**headers, "Content-Type": "application/octet-stream"})
        answer = connection.getresponse()
        text = answer.read()
    seconds = time.perf_counter() - begun
    connection.close()
    if answer.status != 201:
        raise RuntimeError(f"{path.name}: {answer.status} {text[:500]!r}")
    return seconds


def _table(rows: int, columns: int, seed: int) -> Any:
    numbers = numpy.random.default_rng(seed)
    return pyarrow.table({f"x{n:04}": numbers.normal(size=rows).round(6) for n in range(columns)})


def _wide_parquet(path: Path, seed: int) -> None:
    pyarrow.parquet.write_table(_table(200, 5_000, seed), path)


def _million_csv(path: Path, seed: int) -> None:
    pyarrow.csv.write_csv(_table(1_000_000, 20, seed), path)


def _long_csv(path: Path, size: int, seed: int) -> None:
    """A header, and the same thousand rows again and again."""
    numbers = numpy.random.default_rng(seed).normal(size=(1_000, 12))
    rows = "".join(f"{n},customer {n},{','.join(f'{x:.6f}' for x in row)}\n" for n, row in enumerate(numbers)).encode()
    with path.open("wb") as file:
        file.write(("id,name," + ",".join(f"x{n}" for n in range(12)) + "\n").encode())
        for _ in range(size // len(rows)):
            file.write(rows)


def _seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()
