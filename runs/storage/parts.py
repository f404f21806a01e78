"""Parts of uploads that are not complete: plain files, so that they can go when the upload does.

One folder per upload, one file per part under a fresh name: a part that is sent again never changes the file a reader
may have open, and the row that names a file decides which one counts.
"""

from __future__ import annotations

import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from runs.storage.writing import HashedFile

_NAME = re.compile(r"[a-z0-9]{1,64}")


class PartStore:
    """The folder of all uploads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def writer(self, upload: str) -> HashedFile:
        folder = self._of(upload)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return HashedFile(folder / secrets.token_hex(8))

    def open(self, upload: str, name: str) -> BinaryIO:
        """Raises FileNotFoundError when the upload ended meanwhile."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not the name of a part: {name[:80]!r}")
        return (self._of(upload) / name).open("rb")

    def remove(self, upload: str, name: str) -> None:
        """Removes one part, if it is there."""
        if _NAME.fullmatch(name):
            (self._of(upload) / name).unlink(missing_ok=True)

    def remove_all(self, upload: str) -> None:
        """Removes every part of an upload, if there are any."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._of(upload))

    def older_than(self, before: float) -> list[str]:
        """The uploads into whose folder nothing new came since this moment, in seconds since 1970."""
        with suppress(FileNotFoundError):
            return [one.name for one in self._folder.iterdir() if _NAME.fullmatch(one.name) and _is_older(one, before)]
        return []

    def _of(self, upload: str) -> Path:
        if not _NAME.fullmatch(upload):
            raise ValueError(f"not the id of an upload: {upload[:80]!r}")
        return self._folder / upload


def _is_older(path: Path, before: float) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_ctime < before
    return False
