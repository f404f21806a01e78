"""Unpacking an archive of the user's, with nothing outside of the folder it is meant for."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path


class OutsideFolder(tarfile.TarError):
    """An entry leads out of the folder, or is neither a file, a folder nor a link."""


def unpack(packed: tarfile.TarFile, folder: Path) -> None:
    """Raises tarfile.TarError for an entry that leads elsewhere. Pythons before 3.11.4 lack the filter for that."""
    if hasattr(tarfile, "data_filter"):
        packed.extractall(folder, filter="data")
    else:
        unpack_checked(packed, folder)


def unpack_checked(packed: tarfile.TarFile, folder: Path) -> None:
    """The same by our own looks, entry by entry, so that links made on the way count."""
    top = os.path.realpath(folder)
    for member in packed:
        name = member.name.lstrip("/")
        ends = [os.path.join(top, name)]  # noqa: PTH118 - realpath of what may not exist
        if member.issym():
            ends.append(os.path.join(top, os.path.dirname(name), member.linkname))  # noqa: PTH118, PTH120
        elif member.islnk():
            ends.append(os.path.join(top, member.linkname))  # noqa: PTH118
        elif not (member.isfile() or member.isdir()):
            raise OutsideFolder(f"{member.name!r} is a special file")
        for end in map(os.path.realpath, ends):
            if os.path.commonpath([end, top]) != top:
                raise OutsideFolder(f"{member.name!r} would be outside of the folder")
        member.name, member.mode = name, (member.mode or 0o644) & 0o755 | 0o600
        packed.extract(member, folder, numeric_owner=False)
