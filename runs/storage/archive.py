"""tar.gz archives: the same tree always gives the same bytes, and a hostile one never leaves its folder."""

from __future__ import annotations

import gzip
import os
import stat
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NoReturn, cast

_CHUNK = 1024 * 1024


class BadArchive(Exception):
    """The archive cannot be read, or holds something that is refused; the message names the entry."""


class UnsafeTree(Exception):
    """The folder holds something that cannot be published; the message names the path."""


@dataclass(frozen=True, kw_only=True)
class ExtractionLimits:
    """`ratio` is unpacked to packed bytes, enforced beyond the first `free_bytes`: small archives may compress well."""

    entries: int = 100_000
    total_bytes: int = 64 * 1024**3
    ratio: int = 200
    free_bytes: int = 64 * 1024**2


def walk_regular_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """(relative POSIX path, path) of every regular file below, sorted by path; no link is followed.

    Raises:
        UnsafeTree: a link that points out of the folder, a socket, a pipe, a device, an undecodable name, something
            that cannot be read. A link to a regular file inside the folder is given as that file.
    """
    root = folder.resolve()
    found: list[tuple[str, Path]] = []

    def refuse(problem: OSError) -> NoReturn:
        shown = _relative_name(folder, Path(problem.filename))
        raise UnsafeTree(f"{shown if len(shown) <= 120 else shown[:117] + '...'} cannot be read: {problem.strerror}")

    for parent, folders, files in os.walk(folder, followlinks=False, onerror=refuse):
        for name in [*folders, *files]:
            path = Path(parent, name)
            relative = _relative_name(folder, path)
            try:
                mode = path.lstat().st_mode
            except OSError as problem:
                refuse(problem)
            if stat.S_ISREG(mode):
                if not os.access(path, os.R_OK):
                    raise UnsafeTree(f"{relative} cannot be read: Permission denied")
                found.append((relative, path))
            elif stat.S_ISLNK(mode):
                found.extend(_resolved(root, relative, path))
            elif not stat.S_ISDIR(mode):
                raise UnsafeTree(f"{relative} is not a regular file (socket, pipe or device)")
    found.sort()
    yield from found


def write_tar_gz(folder: Path, target: BinaryIO, *, level: int = 6) -> int:
    """Number of files packed from `folder`: names sorted, no times, owners or names of users, modes 0644 or 0755.

    Folders are packed only when empty. Raises UnsafeTree as `walk_regular_files` does.
    """
    count = 0
    with (
        gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=level, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for relative, path in walk_regular_files(folder):
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as source:
                found = os.fstat(source.fileno())
                entry = tarfile.TarInfo(relative)
                entry.size, entry.mode = found.st_size, 0o755 if found.st_mode & stat.S_IXUSR else 0o644
                archive.addfile(entry, source)
            count += 1
        for relative in _empty_folders(folder):
            entry = tarfile.TarInfo(relative)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)
    return count


def extract_tar_gz(source: BinaryIO, folder: Path, *, limits: ExtractionLimits | None = None) -> int:
    """Number of entries unpacked into `folder`, which must exist. Regular files, folders and inner links only.

    Modes are reduced to 0644 or 0755; owners and times are dropped. Stops at the first refused entry: what was written
    until then stays, so unpack into a fresh folder.

    Raises:
        BadArchive: not a tar or tar.gz; a path or link out of the folder; a device; a limit passed.
    """
    limits = limits or ExtractionLimits()
    meter = _Meter(source)
    count = 0
    total = 0
    try:
        with tarfile.open(fileobj=cast(BinaryIO, meter), mode="r|*") as archive:
            for entry in archive:
                count += 1
                if count > limits.entries:
                    raise BadArchive(f"more than {limits.entries} entries")
                if entry.isreg():
                    total += entry.size
                    _check_size(total, meter.read_bytes, limits)
                _extract(archive, entry, folder)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadArchive(f"not a readable tar.gz archive: {problem}") from problem
    return count


class _Meter:
    """Counts the packed bytes that were read, for the ratio limit."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.read_bytes += len(data)
        return data


def _check_size(total: int, packed: int, limits: ExtractionLimits) -> None:
    if total > limits.total_bytes:
        raise BadArchive(f"unpacks to more than {limits.total_bytes} bytes")
    if total > limits.free_bytes and total > packed * limits.ratio:
        raise BadArchive(f"unpacks to more than {limits.ratio} times its size")


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    target = _target(entry.name, folder)
    if target is None:
        return
    if entry.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or target.is_file():
        target.unlink()
    if entry.isreg():
        content = archive.extractfile(entry)
        if content is None:
            raise BadArchive(f"{entry.name} has no content")
        with target.open("xb") as copy:
            while chunk := content.read(_CHUNK):
                copy.write(chunk)
        target.chmod(0o755 if entry.mode & stat.S_IXUSR else 0o644)
    elif entry.issym():
        _check_link(entry, target.parent, folder)
        target.symlink_to(entry.linkname)
    elif entry.islnk():
        original = _target(entry.linkname, folder)
        if original is None or not original.is_file() or original.is_symlink():
            raise BadArchive(f"{entry.name} is a hard link to something outside the archive")
        target.hardlink_to(original)
    else:
        raise BadArchive(f"{entry.name} is a device, pipe or other special entry")


def _target(name: str, folder: Path) -> Path | None:
    """Where an entry goes, None for the folder itself. Every parent must be a real folder, never a link."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name:
        raise BadArchive(f"{name!r} leaves the folder it is unpacked into")
    if not path.parts:
        return None
    current = folder
    for part in path.parts[:-1]:
        current = current / part
        if current.is_symlink():
            raise BadArchive(f"{name!r} goes through a link")
    return folder.joinpath(*path.parts)


def _check_link(entry: tarfile.TarInfo, parent: Path, folder: Path) -> None:
    aim = PurePosixPath(entry.linkname)
    if aim.is_absolute():
        raise BadArchive(f"{entry.name} is a link out of the archive")
    depth = len(parent.relative_to(folder).parts)
    for part in aim.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            raise BadArchive(f"{entry.name} is a link out of the archive")


def _relative_name(folder: Path, path: Path) -> str:
    relative = path.relative_to(folder).as_posix()
    try:
        relative.encode()
    except UnicodeEncodeError:
        raise UnsafeTree(f"{relative!r} is a file name that is not valid UTF-8") from None
    return relative


def _resolved(root: Path, relative: str, link: Path) -> Iterator[tuple[str, Path]]:
    aim = link.resolve()
    if not aim.is_relative_to(root):
        raise UnsafeTree(f"{relative} is a link out of its folder")
    if not aim.exists():
        raise UnsafeTree(f"{relative} is a link to nothing")
    if not aim.is_file():
        raise UnsafeTree(f"{relative} is a link to a folder")
    yield relative, aim


def _empty_folders(folder: Path) -> list[str]:
    return sorted(
        Path(parent).relative_to(folder).as_posix()
        for parent, folders, files in os.walk(folder)
        if not folders and not files and Path(parent) != folder
    )
