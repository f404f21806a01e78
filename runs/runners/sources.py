"""Looking at a step's code without running it: which libraries it names, which packages it asks for.

Everything here is reading text. Archives are read through limits, because a small file can unpack to a huge one.
"""

from __future__ import annotations

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

#: Libraries worth having imported before a step starts. Only these are ever named: a script must not choose
#: what a fork server imports.
SCIENCE = frozenset(
    {"joblib", "matplotlib", "numpy", "pandas", "polars", "pyarrow", "scipy", "sklearn", "torch", "xgboost"}
    | {"duckdb", "lightgbm", "optuna", "skops"}
)
REQUIREMENTS = "requirements.txt"
#: At the top of an archive of code, or beside the code of a model.
_REQUIREMENTS = frozenset({REQUIREMENTS, f"code/{REQUIREMENTS}"})

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)|import[ \t]+([^#\n]+))", re.MULTILINE)
_RANGE = re.compile(r"[A-Za-z0-9._-]+>=(\d+(?:\.\d+)*),<(\d+(?:\.\d+)*)")
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_MAX_UNPACKED_BYTES = 256 * 1024 * 1024
_MAX_TEXT_BYTES = 1024 * 1024
_MAX_MEMBERS = 10_000


@dataclass(frozen=True, kw_only=True)
class Source:
    """What was found in the code of a step."""

    libraries: frozenset[str] = frozenset()
    requirements: str | None = None


@dataclass
class _Reader:
    """A stream that ends with an error after `limit` bytes."""

    stream: BinaryIO
    limit: int
    read_bytes: int = field(default=0)

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size if size >= 0 else self.limit + 1)
        self.read_bytes += len(data)
        if self.read_bytes > self.limit:
            raise tarfile.ReadError("unpacks to more than is read here")
        return data


def with_packages(packages: Iterable[str], requirements: str | None) -> str | None:
    """A requirements.txt with the job's own packages first; one the text names itself stays as the text wants it.

    A range the text gives (the SDK writes `sagemaker>=2.256.0,<3.0.0` where a function names nothing) is narrowed to
    the job's own version where that lies within it.
    """
    lines = (requirements or "").splitlines()
    added = []
    for wanted in packages:
        named = [line for line in lines if _name(line) == _name(wanted)]
        if all(_admits(line, wanted) for line in named):
            added.append(wanted)
            lines = [line for line in lines if line not in named]
    if not added:
        return requirements
    return "".join(f"{line}\n" for line in (*added, *lines))


def _name(line: str) -> str | None:
    found = _PACKAGE.match(line.strip().lower())
    return found.group() if found else None


def _admits(line: str, pinned: str) -> bool:
    """Whether a plain range (`name>=a,<b`) holds the version of `name==version`."""
    bounds, version = _RANGE.fullmatch(line.replace(" ", "")), pinned.partition("==")[2]
    if bounds is None or not version:
        return False
    return _numbers(bounds[1]) <= _numbers(version) < _numbers(bounds[2])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def imported_libraries(text: str) -> frozenset[str]:
    """The well-known libraries a script's import lines name. Line by line, nothing is parsed or evaluated."""
    names = set()
    for package, several in _IMPORT.findall(text):
        for name in [package] if package else several.split(","):
            names.add(name.strip().split(" ")[0].split(".")[0])
    return frozenset(names & SCIENCE)


def read_text(path: Path) -> str:
    """A script or requirements file; undecodable bytes replaced, cut at 1 MiB; "" when it is no readable file."""
    try:
        with path.open("rb") as stream:
            return stream.read(_MAX_TEXT_BYTES).decode("utf-8", errors="replace")
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        return ""


def in_files(scripts: Iterable[Path], requirements: Path | None = None) -> Source:
    """What plain files say; a missing one says nothing."""
    libraries = frozenset[str]().union(*(imported_libraries(read_text(script)) for script in scripts))
    wanted = read_text(requirements) if requirements is not None and requirements.is_file() else None
    return Source(libraries=libraries, requirements=wanted)


def in_model_archives(paths: Iterable[Path]) -> Source:
    """What the archives of a model and of its code say: the requirements.txt at the top or in `code/`, joined."""
    libraries: frozenset[str] = frozenset()
    wanted: list[str] = []
    for path in paths:
        found = in_archive(path)
        libraries |= found.libraries
        wanted += [found.requirements] if found.requirements else []
    return Source(libraries=libraries, requirements="\n".join(wanted) or None)


def in_archive(path: Path) -> Source:
    """What a sourcedir.tar.gz says: import lines of its .py files, its requirements.txt.

    An unreadable or oversized archive says nothing here; the step itself will report it when it unpacks it.
    """
    libraries: set[str] = set()
    requirements = None
    try:
        with path.open("rb") as raw:
            for name, text in archive_texts(raw):
                if name in _REQUIREMENTS:
                    requirements = text
                else:
                    libraries |= imported_libraries(text)
    except OSError:
        pass
    return Source(libraries=frozenset(libraries), requirements=requirements)


def archive_texts(packed: BinaryIO) -> Iterator[tuple[str, str]]:
    """(name, text) of the .py files of a tar.gz and its top-level requirements.txt; ends early where it is unreadable
    or unpacks to too much."""
    try:
        with gzip.GzipFile(fileobj=packed) as unzipped:
            reader = _Reader(stream=unzipped, limit=_MAX_UNPACKED_BYTES)  # type: ignore[arg-type]  # GzipFile reads bytes
            with tarfile.open(fileobj=reader, mode="r|") as archive:  # type: ignore[call-overload]  # read() is all it needs
                for index, member in enumerate(archive):
                    if index >= _MAX_MEMBERS:
                        break
                    if not member.isfile() or member.size > _MAX_TEXT_BYTES:
                        continue
                    name = member.name.removeprefix("./")
                    if name not in _REQUIREMENTS and not name.endswith(".py"):
                        continue
                    stream = archive.extractfile(member)
                    yield name, stream.read().decode("utf-8", errors="replace") if stream else ""
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return
