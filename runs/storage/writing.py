"""Files that are hashed while they are written."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runs.storage.base import StoreFull

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def room_checked(folder: Path) -> Iterator[None]:
    """Says StoreFull where the volume of `folder` has no room left."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _NO_ROOM:
            raise StoreFull(folder) from problem
        raise


class HashedFile:
    """A new file that takes its bytes in pieces. What it becomes is `complete`'s to do, which gets path, hash, size."""

    def __init__(self, path: Path, complete: Callable[[Path, str, int], None] | None = None) -> None:
        self.size = 0
        self._path, self._complete = path, complete
        self._digest = hashlib.sha256()
        with room_checked(path.parent):
            self._target = path.open("xb", buffering=0)

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def sha256(self) -> str:
        """Of what was written so far, in lower-case hexadecimal."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        """Raises StoreFull when no room is left."""
        self._digest.update(data)
        with room_checked(self._path.parent):
            view = memoryview(data)
            while view:
                view = view[self._target.write(view) or 0 :]
        self.size += len(data)

    def commit(self) -> tuple[str, int]:
        """(sha256, size); without `complete` the file just stays."""
        self._target.close()
        if self._complete is not None:
            try:
                with room_checked(self._path.parent):
                    self._complete(self._path, self.sha256, self.size)
            finally:
                self.discard()
        return self.sha256, self.size

    def discard(self) -> None:
        """Removes the file, also one that stayed."""
        self._target.close()
        self._path.unlink(missing_ok=True)
