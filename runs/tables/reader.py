"""The process that reads a file people brought: a request as JSON on its standard input, the answer on its output.

Nothing of it runs in web. It may read one file and write into one folder, has bounds on memory, time and file size,
and ends with whoever started it. Run as `python -m runs.tables.reader`.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import threading
from pathlib import Path
from typing import Any

from runs.tables.options import ReadOptions, Unreadable


def main() -> int:
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _bound(request["limits"])
    begun: list[bool] = []
    try:
        answer = _answer(request, begun)
    except (Unreadable, MemoryError) as problem:
        if begun:
            raise  # half a table was written; ending like this says so
        answer = {"refused": _TOO_LARGE}
        if isinstance(problem, Unreadable):
            answer = {"refused": {"code": problem.code, "message": problem.message}}
    if not begun:
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))
    sys.stdout.flush()
    return 0


_TOO_LARGE = {
    "code": "table-too-large",
    "message": "Reading this table needs more memory than one look at a file may have. Its bytes are fine; a step with "
    "enough memory can still load it.",
}


def _answer(request: dict[str, Any], begun: list[bool]) -> dict[str, Any]:
    """`begun` gets an entry when the answer itself is on its way, as a CSV is."""
    path, name = Path(request["path"]), str(request["name"])
    folder = Path(request["folder"])
    if request["do"] == "unpack":
        from runs.tables.archives import unpack_table

        return {"name": unpack_table(path, name, folder / "unpacked")}
    if request["do"] == "sample":
        from runs.tables.samples import write_sample

        write_sample(request["sample"], folder / "sample.csv")
        return {}
    if request["do"] == "describe":
        from runs.tables.queries import describe_query

        return describe_query(request["query"], request["tables"])
    options, places = ReadOptions.of(request["options"]), request.get("places")
    if request["do"] == "csv":
        from runs.tables.writing_csv import write_csv

        write_csv(path, name, options, folder=folder, begin=lambda: begun.append(True))
        return {}
    from runs.tables.summaries import summarise

    return summarise(path, name, options, folder=folder, full=request["full"], places=places)


def _bound(limits: dict[str, int]) -> None:
    memory = limits["memory_bytes"]
    for what, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a hard limit below it holds anyway
            resource.setrlimit(what, (limit, limit))
    os.nice(limits["nice"])


def _end_with_the_parent() -> None:
    """The parent holds our standard input open for as long as it wants an answer."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
