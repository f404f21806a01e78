"""Blobs as read-only files in one folder: `<dir>/ab/<sha256>`."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from runs.storage.base import BlobNotFound, StoreFull

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FICLONE = 0x40049409  # linux/fs.h: share the extents of another file, copy on write
_CHUNK = 1024 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_CLONE = frozenset(
    {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM, errno.ETXTBSY}
)


class LocalBlobStore:
    """A `BlobStore` in a folder of this machine.

    A blob appears under its name only when complete: temporary file, then rename. It survives the end of any process;
    `durable` also brings it through a power cut, by fsync of the file before and of its folder after the rename.
    Many threads and processes may write at once, also the same blob.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._durable = durable
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put_bytes(self, data: bytes) -> tuple[str, int]:
        sha256 = hashlib.sha256(data).hexdigest()
        if _has_size(self._path(sha256), len(data)):
            return sha256, len(data)
        return self.put_stream(BytesIO(data))

    def put_file(self, path: Path, *, move: bool = False) -> tuple[str, int]:
        """(sha256, size) of a regular file; never follows links.

        Raises:
            ValueError: not a regular file.
            StoreFull: no room left.
        """
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as source:
            found = os.fstat(source.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise ValueError(f"{path} is not a regular file")
            if move and found.st_nlink == 1 and found.st_dev == self._incoming.stat().st_dev:
                return self._adopt(path, source)
            result = self.put_stream(source)
        if move:
            path.unlink()
        return result

    def put_stream(self, stream: BinaryIO) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with self._temporary() as (target, temporary):
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            self._sync(target.fileno())
            self._publish(temporary, digest.hexdigest(), size)
        return digest.hexdigest(), size

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobNotFound(sha256) from None

    def size(self, sha256: str) -> int:
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            raise BlobNotFound(sha256) from None

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def local_path(self, sha256: str) -> Path | None:
        path = self._path(sha256)
        if not path.exists():
            raise BlobNotFound(sha256)
        return path

    def copy_to(self, sha256: str, target: Path) -> None:
        """Writes a private copy of mode 0644; the target must not exist, its folder must."""
        with self.open(sha256) as source, _room_checked(target.parent), target.open("xb") as copy:
            if not _clone(source, copy):
                _copy(source, copy)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a sha256 in lower-case hexadecimal: {sha256[:80]!r}")
        return self._folder / sha256[:2] / sha256

    @contextmanager
    def _temporary(self) -> Iterator[tuple[BinaryIO, Path]]:
        with _room_checked(self._folder):
            descriptor, name = tempfile.mkstemp(dir=self._incoming)
            try:
                with os.fdopen(descriptor, "wb") as target:
                    yield cast(BinaryIO, target), Path(name)
            finally:
                Path(name).unlink(missing_ok=True)

    def _adopt(self, path: Path, source: BufferedReader) -> tuple[str, int]:
        """Takes the file itself, which nobody writes to any more, under a private name before it is read."""
        temporary = self._incoming / secrets.token_hex(8)
        with _room_checked(self._folder):
            path.rename(temporary)
            try:
                taken, opened = temporary.lstat(), os.fstat(source.fileno())
                if (taken.st_ino, taken.st_dev) != (opened.st_ino, opened.st_dev):
                    raise ValueError(f"{path} was replaced while it was read")
                self._sync(source.fileno())
                sha256 = hashlib.file_digest(source, "sha256").hexdigest()
                size = os.fstat(source.fileno()).st_size
                self._publish(temporary, sha256, size)
            finally:
                temporary.unlink(missing_ok=True)
        return sha256, size

    def _publish(self, temporary: Path, sha256: str, size: int) -> None:
        final = self._path(sha256)
        if _has_size(final, size):
            return
        if os.geteuid() == 0 and temporary.stat().st_uid != 0:
            os.chown(temporary, 0, 0)  # a step's user must not stay the owner of a blob
        temporary.chmod(0o444)
        final.parent.mkdir(mode=0o700, exist_ok=True)
        temporary.rename(final)
        if self._durable:
            folder = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _sync(self, descriptor: int) -> None:
        if self._durable:
            os.fsync(descriptor)


def _has_size(path: Path, size: int) -> bool:
    """False also for what a power cut left of a blob: such a one is written anew."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


@contextmanager
def _room_checked(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in _NO_ROOM:
            raise StoreFull(folder) from problem
        raise


def _clone(source: BinaryIO, copy: BinaryIO) -> bool:
    try:
        fcntl.ioctl(copy.fileno(), _FICLONE, source.fileno())
    except OSError as problem:
        if problem.errno in _NO_CLONE:
            return False
        raise
    return True


def _copy(source: BinaryIO, copy: BinaryIO) -> None:
    left = os.fstat(source.fileno()).st_size
    copy_file_range = getattr(os, "copy_file_range", None)  # Linux only
    try:
        while left and copy_file_range is not None:
            done = copy_file_range(source.fileno(), copy.fileno(), left)
            if not done:
                break
            left -= done
    except OSError as problem:
        if problem.errno not in _NO_CLONE:
            raise
    if left:
        source.seek(-left, os.SEEK_END)
        copy.seek(0, os.SEEK_END)
        shutil.copyfileobj(source, copy, _CHUNK)
