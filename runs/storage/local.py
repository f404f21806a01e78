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
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from runs.storage.base import BlobNotFound
from runs.storage.volume import sync_volume
from runs.storage.writing import HashedFile, room_checked

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FICLONE = 0x40049409  # linux/fs.h: share the extents of another file, copy on write
_CHUNK = 1024 * 1024
#: From so many bytes on, hashing is worth threads; up to so many files, each is synced by itself.
_WORTH_THREADS = 4 * 1024 * 1024
_FEW = 4
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
        return self.put_files([path], move=move)[0]

    def put_files(self, paths: Sequence[Path], *, move: bool = False) -> list[tuple[str, int]]:
        """As `put_file`, in the order given; a durable store waits for the disk a fixed number of times, not per file.

        Large ones are hashed side by side. When it raises, files that were to be moved may be gone.
        """
        batch = secrets.token_hex(8)
        targets = [self._incoming / f"{batch}-{number}" for number in range(len(paths))]
        with room_checked(self._folder):
            try:
                found = self._stage(paths, targets, move=move)
                self._settle(targets)
                moved = [self._publish(target, *facts) for target, facts in zip(targets, found, strict=True)]
                self._settle(list({folder for folder in moved if folder is not None}))
            finally:
                for target in targets:
                    target.unlink(missing_ok=True)
        return found

    def _stage(self, paths: Sequence[Path], targets: Sequence[Path], *, move: bool) -> list[tuple[str, int]]:
        threads = min(len(paths), os.cpu_count() or 1)
        if threads < 2 or sum(path.lstat().st_size for path in paths) < _WORTH_THREADS:
            return [self._take(path, target, move=move) for path, target in zip(paths, targets, strict=True)]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda path, target: self._take(path, target, move=move), paths, targets))

    def _take(self, path: Path, target: Path, *, move: bool) -> tuple[str, int]:
        """Brings one file under a private name before it is read: nobody writes to it any more there."""
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as source:
            found = os.fstat(source.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise ValueError(f"{path} is not a regular file")
            if not move or found.st_nlink != 1 or found.st_dev != self._incoming.stat().st_dev:
                with target.open("xb") as copy:
                    facts = _copy_and_hash(source, copy)
                if move:
                    path.unlink()
                return facts
            path.rename(target)
            taken = target.lstat()
            if (taken.st_ino, taken.st_dev) != (found.st_ino, found.st_dev):
                raise ValueError(f"{path} was replaced while it was read")
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            return sha256, os.fstat(source.fileno()).st_size

    def _settle(self, paths: Sequence[Path]) -> None:
        """Returns when these files or folders are on the disk; many of them by one call for the whole volume."""
        if not self._durable:
            return
        if len(paths) > _FEW and sync_volume(self._folder):
            return
        for path in paths:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def put_stream(self, stream: BinaryIO) -> tuple[str, int]:
        with self._temporary() as (target, temporary):
            sha256, size = _copy_and_hash(stream, target)
            target.flush()
            self._keep(temporary, sha256, size)
        return sha256, size

    def writer(self) -> HashedFile:
        return HashedFile(self._incoming / secrets.token_hex(8), self._keep)

    def _keep(self, temporary: Path, sha256: str, size: int) -> None:
        self._settle([temporary])
        folder = self._publish(temporary, sha256, size)
        self._settle([] if folder is None else [folder])

    def remove_unfinished(self, before: float) -> int:
        """Files removed that were begun, but neither written to nor renamed since this moment (seconds since 1970)."""
        removed = 0
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.lstat().st_ctime < before:
                    path.unlink()
                    removed += 1
        return removed

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
        with self.open(sha256) as source, room_checked(target.parent), target.open("xb") as copy:
            if not _clone(source, copy):
                _copy(source, copy)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a sha256 in lower-case hexadecimal: {sha256[:80]!r}")
        return self._folder / sha256[:2] / sha256

    @contextmanager
    def _temporary(self) -> Iterator[tuple[BinaryIO, Path]]:
        with room_checked(self._folder):
            descriptor, name = tempfile.mkstemp(dir=self._incoming)
            try:
                with os.fdopen(descriptor, "wb") as target:
                    yield cast(BinaryIO, target), Path(name)
            finally:
                Path(name).unlink(missing_ok=True)

    def _publish(self, temporary: Path, sha256: str, size: int) -> Path | None:
        """The folder that holds the new name; None when the blob was there."""
        final = self._path(sha256)
        if _has_size(final, size):
            return None
        if os.geteuid() == 0 and temporary.stat().st_uid != 0:
            os.chown(temporary, 0, 0)  # a step's user must not stay the owner of a blob
        temporary.chmod(0o444)
        final.parent.mkdir(mode=0o700, exist_ok=True)
        temporary.rename(final)
        return final.parent


def _copy_and_hash(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _has_size(path: Path, size: int) -> bool:
    """False also for what a power cut left of a blob: such a one is written anew."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


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
