"""Looking into a file from outside: a process of its own reads it, within bounds."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runs.tables.options import ReadOptions, Unreadable
from runs.tables.samples import Sample

logger = logging.getLogger("clary.tables")
GIB = 1024**3
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """`at_once`: readers of this kind in one process; more wait for their turn."""

    seconds: float
    memory_bytes: int
    file_bytes: int
    nice: int
    at_once: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(2))

    def limits(self) -> dict[str, int]:
        return {
            "memory_bytes": self.memory_bytes,
            "cpu_seconds": int(self.seconds * 2) + 1,
            "file_bytes": self.file_bytes,
            "nice": self.nice,
        }


#: A person waits for a look; a profile goes on behind their back.
LOOK = Bounds(seconds=20, memory_bytes=4 * GIB, file_bytes=4 * GIB, nice=0)
PROFILE = Bounds(seconds=600, memory_bytes=6 * GIB, file_bytes=64 * GIB, nice=5, at_once=threading.Semaphore(1))
DESCRIBE = Bounds(seconds=5, memory_bytes=1 * GIB, file_bytes=1024**2, nice=0)
EXPORT = Bounds(seconds=900, memory_bytes=4 * GIB, file_bytes=64 * GIB, nice=5, at_once=threading.Semaphore(4))
UNPACK = Bounds(seconds=600, memory_bytes=2 * GIB, file_bytes=32 * GIB, nice=0)


def inspect(
    path: Path,
    name: str,
    options: ReadOptions,
    *,
    work: Path,
    full: bool = False,
    places: Sequence[int] | None = None,
) -> dict[str, Any]:
    """The summary of the table in a file; `full` reads all of it, else the first rows of a large one.

    `name` is what people call the file; `work` a folder to write into; `places`: the columns to tell of, counted from
    0 (else the first hundred, and the names of the others).

    Raises:
        Unreadable: no table, a damaged one, or more than the bounds allow.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix="look-") as folder:
        chosen = None if places is None else list(places)
        request = {"do": "summarise", "full": full, "options": options.to_json(), "places": chosen}
        return _ask(request, path, name, Path(folder), PROFILE if full else LOOK)


def describe(query: str, tables: Mapping[str, Any], *, work: Path) -> dict[str, Any]:
    """As `runs.tables.queries.describe_query` says.

    Raises:
        Unreadable: working it out takes more than the bounds allow.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix="query-") as folder:
        asked = {"do": "describe", "query": query, "tables": tables}
        return _ask(asked, Path(folder), "The query", Path(folder), DESCRIBE)


def unpack(path: Path, name: str, folder: Path) -> tuple[str, Path]:
    """(file name, file) of the one table in a zip; the file lies in `folder`.

    Raises:
        Unreadable: as `runs.tables.archives.unpack_table` says.
    """
    answer = _ask({"do": "unpack"}, path, name, folder, UNPACK)
    return str(answer["name"]), folder / "unpacked"


def sample_file(sample: Sample, folder: Path) -> Path:
    """The table of a sample, written into `folder`.

    Raises:
        Unreadable: its package is not there, or holds it no more.
    """
    _ask({"do": "sample", "sample": sample.id}, folder, sample.title, folder, UNPACK)
    return folder / "sample.csv"


def start(
    request: Mapping[str, Any], path: Path, name: str, folder: Path, said: Path, bounds: Bounds
) -> subprocess.Popen[bytes]:
    """A reader at work on a request; it answers on its output, complains into the file `said`, and ends with us."""
    asked = {
        **request,
        "path": str(path.resolve()),
        "name": name,
        "folder": str(folder.resolve()),
        "limits": bounds.limits(),
    }
    with said.open("wb") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-s", "-m", "runs.tables.reader"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder), "HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,
        )
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it has ended; there will be no answer
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
    return process


def _ask(request: Mapping[str, Any], path: Path, name: str, folder: Path, bounds: Bounds) -> dict[str, Any]:
    said = folder / "said"
    with bounds.at_once, start(request, path, name, folder, said, bounds) as process:
        too_late = threading.Timer(bounds.seconds, process.kill)
        too_late.start()
        try:
            answer = _answer_of(process)
        finally:
            too_late.cancel()
            process.kill()
        if answer is None:
            complaints = said.read_bytes()[:4000].decode("utf-8", "replace")
            logger.warning("the reader ended without an answer", extra={"said": complaints})
            raise Unreadable(
                "table-too-large",
                f"{name} cannot be looked into: it takes more time or memory than one look may take, or it is damaged. "
                "A step with enough memory can still load it.",
            )
    if "refused" in answer:
        raise Unreadable(answer["refused"]["code"], answer["refused"]["message"])
    return answer


def _answer_of(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    """The answer; None when the process ended without one."""
    assert process.stdout is not None
    try:
        answer: dict[str, Any] = json.loads(process.stdout.read())
    except ValueError:
        return None
    return answer
