"""A file on disk and one look at it, in this process: the bounds have tests of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runs.tables.options import ReadOptions
from runs.tables.summaries import summarise

Look = Callable[..., dict[str, Any]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """look(data, name="table.csv", full=False, **options): the summary of a file with these bytes."""

    def run(data: bytes | str, name: str = "table.csv", *, full: bool = False, **options: Any) -> dict[str, Any]:
        path = tmp_path / "given"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        return summarise(path, name, ReadOptions.of(options), folder=work, full=full)

    return run


def columns(summary: dict[str, Any], *facts: str) -> list[Any]:
    """One fact per column, or a tuple of them."""
    found = [tuple(column.get(fact) for fact in facts) for column in summary["columns"]]
    return [one[0] for one in found] if len(facts) == 1 else found
