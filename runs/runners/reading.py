"""Reading out of a folder that user code could write to: no link is followed at any level."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_text(root: Path, path: Path, *, characters: int) -> str | None:
    """The first characters of a regular file below `root`, stripped; None when it is absent, empty or anything else."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return None
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for part in parts[:-1]:
            descriptor = _step(descriptor, part, os.O_DIRECTORY)
        descriptor = _step(descriptor, parts[-1], os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as source:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        text = source.read(4 * characters).decode(errors="replace").strip()
    return text[:characters] or None


def link_on_the_way(root: Path, path: Path) -> Path | None:
    """The first link between `root` and `path`, itself included: what lies behind it is not the step's own."""
    current = root
    for part in path.relative_to(root).parts:
        current = current / part
        if current.is_symlink():
            return current
    return None


def _step(folder: int, name: str, kind: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=folder)
    finally:
        os.close(folder)
