"""Which rules problems were found with: kept beside them, so that those of another release are not taken for new."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import engine
from editor import runnable
from engine.library.catalogue import LIBRARY


@cache
def rules_stamp() -> str:
    """A digest of everything validation goes by: the engine, the ready-made steps, and what runs here.

    Read once per process, in a few milliseconds; equal wherever the same release is installed.
    """
    return stamp_of(Path(next(iter(engine.__path__))), LIBRARY, Path(runnable.__file__))


def stamp_of(engine_home: Path, library_home: Path, *files: Path) -> str:
    """The digest of all Python below the first folder, the ready-made steps below the second, and some files."""
    parts = [
        *((f"engine/{path.relative_to(engine_home)}", path) for path in engine_home.rglob("*.py")),
        *((f"library/{path.relative_to(library_home)}", path) for path in library_home.rglob("step.json")),
        *((path.name, path) for path in files),
    ]
    found = hashlib.sha256()
    for name, path in sorted(parts):
        found.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()
