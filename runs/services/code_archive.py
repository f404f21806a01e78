"""Code archives as AWS's framework images read them: a gzip'ed tar with the script at its top level."""

from __future__ import annotations

import gzip
import io
import tarfile

#: More than this is not unpacked to be shown.
MEMBER_BYTES = 1024 * 1024


def pack_script(name: str, data: bytes) -> bytes:
    """A tar.gz that holds one file. Repeatable: equal input gives equal bytes (no times, no owner)."""
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = 0o644
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), mtime=0)


def script_in(archive: bytes, name: str) -> bytes | None:
    """The member called `name`, with or without "./" in front; None: no such member, too large, no archive."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r|gz") as opened:
            for entry in opened:
                if entry.isfile() and entry.name.removeprefix("./") == name and entry.size <= MEMBER_BYTES:
                    found = opened.extractfile(entry)
                    return found.read() if found else None
    except (tarfile.TarError, OSError, EOFError):
        return None
    return None
