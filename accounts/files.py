"""Private folders and key files in CLARY_HOME."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def private_folder(path: Path) -> Path:
    """`path` as a folder only its owner can enter (0700); made when missing."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077 and path.stat().st_uid == os.geteuid():
        path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes, *, replace: bool = True) -> bool:
    """Writes a 0600 file whole or not at all; False when it exists and `replace` is off."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            temporary.replace(path)
            return True
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        return True
    finally:
        temporary.unlink(missing_ok=True)


def key_from_file(path: Path) -> str:
    """The key in `path`; the first caller makes one of 256 random bits, every other process reads the same."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32).encode(), replace=False)
    return path.read_text(encoding="utf-8").strip()
