"""Content-addressed bytes: a blob is named by its sha256 and never changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol


class BlobNotFound(Exception):
    """The store holds no blob of this sha256."""


class StoreFull(Exception):
    """A volume has no room left; `folder` lies on it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no space left on the volume of {folder}")
        self.folder = folder


class BlobWriter(Protocol):
    """A blob that arrives in pieces. Nothing of it shows before `commit`; call `discard` where that is not reached."""

    @property
    def sha256(self) -> str:
        """Of what was written so far, in lower-case hexadecimal."""

    def write(self, data: bytes) -> None:
        """Raises StoreFull when no room is left."""

    def commit(self) -> tuple[str, int]:
        """(sha256, size) of the blob, which is complete now."""

    def discard(self) -> None:
        """Forgets what was written; harmless after `commit`."""


class BlobStore(Protocol):
    def put_bytes(self, data: bytes) -> tuple[str, int]:
        """(sha256, size). Complete when it returns, as durable as the store was made; twice the same is free."""

    def put_file(self, path: Path, *, move: bool = False) -> tuple[str, int]:
        """(sha256, size) of a regular file; never follows links. `move` lets the store take the file itself."""

    def put_files(self, paths: Sequence[Path], *, move: bool = False) -> list[tuple[str, int]]:
        """As `put_file` for each, in order, and much cheaper for thousands of small ones."""

    def put_stream(self, stream: BinaryIO) -> tuple[str, int]: ...

    def writer(self) -> BlobWriter: ...

    def remove_unfinished(self, before: float) -> int:
        """Files removed that a writer left behind, untouched since this moment (seconds since 1970)."""

    def open(self, sha256: str) -> BinaryIO: ...

    def size(self, sha256: str) -> int: ...

    def exists(self, sha256: str) -> bool: ...

    def local_path(self, sha256: str) -> Path | None:
        """A readable local file with these bytes (read-only; never hand it to user code for writing), or None."""

    def copy_to(self, sha256: str, target: Path) -> None:
        """Writes a private copy (reflink where the file system can). Writing to it never reaches the blob."""
