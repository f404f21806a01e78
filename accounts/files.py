"""Private folders and key files in CLARY_HOME."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

SHORTEST_KEY = 32


class KeyUnusable(Exception):
    """A key file holds no key; the message says which and what to do."""


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
    """The key in `path`; the first caller makes one of 256 random bits, every other process reads the same.

    Raises:
        KeyUnusable: the file was damaged or cut.
    """
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32).encode(), replace=False)
    key = path.read_bytes().decode("utf-8", "replace").strip()
    if len(key) < SHORTEST_KEY or not key.isprintable() or "\ufffd" in key:
        raise KeyUnusable(
            f"{path} holds no key of at least {SHORTEST_KEY} characters. Put it back from a backup; without one, "
            "delete it: a new key is made, and what the old one signed or encrypted is void."
        )
    return key
