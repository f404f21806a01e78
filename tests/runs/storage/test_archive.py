from __future__ import annotations

import gzip
import io
import os
import socket
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.storage.archive import (
    BadArchive,
    ExtractionLimits,
    UnsafeTree,
    extract_tar_gz,
    walk_regular_files,
    write_tar_gz,
)

NAMES = st.text("abcdefgäß .-", min_size=1, max_size=8).filter(lambda name: name.strip(". "))


def packed(folder: Path) -> bytes:
    target = io.BytesIO()
    write_tar_gz(folder, target)
    return target.getvalue()


def archive(*entries: tuple[tarfile.TarInfo, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as made:
        for entry, content in entries:
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    target.seek(0)
    return target


def entry(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", content: bytes = b""
) -> tuple[tarfile.TarInfo, bytes]:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made, content


@given(
    files=st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=300), max_size=6)
)
@settings(max_examples=25, deadline=None)
def test_a_tree_survives_packing_and_unpacking(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    for name, data in files.items():
        path = source / name
        if any(parent.is_file() for parent in path.parents) or path.is_dir():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    first = packed(source)
    extract_tar_gz(io.BytesIO(first), target)
    assert {name: path.read_bytes() for name, path in walk_regular_files(source)} == {
        name: path.read_bytes() for name, path in walk_regular_files(target)
    }
    assert packed(target) == first


def test_the_same_files_give_the_same_bytes_whatever_their_times_and_order(tmp_path: Path) -> None:
    trees = []
    for number, names in enumerate((["b", "a/c"], ["a/c", "b"])):
        folder = tmp_path / str(number)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name)
            os.utime(folder / name, (number * 1000, number * 1000))
        trees.append(packed(folder))
    assert trees[0] == trees[1]


def test_an_executable_stays_one_and_other_bits_are_dropped(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "run.sh").write_text("#!/bin/sh")
    (source / "run.sh").chmod(0o4711)
    (source / "data").write_text("x")
    (source / "data").chmod(0o600)
    (source / "empty" / "inner").mkdir(parents=True)
    extract_tar_gz(io.BytesIO(packed(source)), target)
    assert oct((target / "run.sh").stat().st_mode)[-4:] == "0755"
    assert oct((target / "data").stat().st_mode)[-4:] == "0644"
    assert (target / "empty" / "inner").is_dir()


@pytest.mark.parametrize("make", [
    lambda folder: (folder / "link").symlink_to("/etc/passwd"),
    lambda folder: (folder / "link").symlink_to("../outside"),
    lambda folder: (folder / "link").symlink_to("/"),
    lambda folder: (folder / "link").symlink_to("nowhere"),
    lambda folder: os.mkfifo(folder / "pipe"),
    lambda folder: os.open(os.fsencode(folder) + b"/\xff", os.O_CREAT | os.O_WRONLY),
])  # fmt: skip
def test_what_is_no_file_of_the_tree_is_refused(make: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    made = make(folder)
    if isinstance(made, int):
        os.close(made)
    with pytest.raises(UnsafeTree):
        packed(folder)


def test_a_socket_is_refused_and_a_link_inside_is_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("file")
    assert [name for name, _ in walk_regular_files(tmp_path)] == ["file", "link"]
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(UnsafeTree, match="socket is not a regular file"):
            list(walk_regular_files(tmp_path))


EVIL = {
    "parent": [entry("../evil", content=b"x")],
    "deep parent": [entry("a/../../evil", content=b"x")],
    "absolute": [entry("/evil", content=b"x")],
    "backslash": [entry("..\\evil", content=b"x")],
    "link out": [entry("link", tarfile.SYMTYPE, "../outside")],
    "absolute link": [entry("link", tarfile.SYMTYPE, "/etc")],
    "write through a link": [entry("link", tarfile.SYMTYPE, "folder"), entry("link/evil", content=b"x")],
    "link up and down": [entry("a/b", tarfile.SYMTYPE, "../../outside/x")],
    "hard link out": [entry("link", tarfile.LNKTYPE, "../outside")],
    "hard link to nothing": [entry("link", tarfile.LNKTYPE, "absent")],
    "device": [entry("device", tarfile.CHRTYPE)],
    "block device": [entry("device", tarfile.BLKTYPE)],
    "pipe": [entry("pipe", tarfile.FIFOTYPE)],
}


@pytest.mark.parametrize("name", EVIL)
def test_an_evil_archive_is_refused_and_writes_nothing_outside(name: str, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("kept")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(BadArchive):
        extract_tar_gz(archive(*EVIL[name]), folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "outside"]
    assert (tmp_path / "outside").read_text() == "kept"


def test_links_inside_are_kept(tmp_path: Path) -> None:
    entries = [
        entry("a/file", content=b"x"),
        entry("b/link", tarfile.SYMTYPE, "../a/file"),
        entry("hard", tarfile.LNKTYPE, "a/file"),
    ]
    assert extract_tar_gz(archive(*entries), tmp_path) == 3
    assert (tmp_path / "b" / "link").read_bytes() == (tmp_path / "hard").read_bytes() == b"x"


def test_a_bomb_is_refused_quickly(tmp_path: Path) -> None:
    bomb = archive(entry("zeros", content=bytes(80 * 1024 * 1024)))
    began = time.monotonic()
    with pytest.raises(BadArchive, match="200 times its size"):
        extract_tar_gz(bomb, tmp_path)
    assert time.monotonic() - began < 2
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_too_many_entries_and_too_many_bytes_are_refused(tmp_path: Path) -> None:
    many = archive(*(entry(f"f{n}") for n in range(20)))
    with pytest.raises(BadArchive, match="more than 10 entries"):
        extract_tar_gz(many, tmp_path, limits=ExtractionLimits(entries=10))
    large = archive(entry("f", content=os.urandom(2000)))
    with pytest.raises(BadArchive, match="more than 1000 bytes"):
        extract_tar_gz(large, tmp_path, limits=ExtractionLimits(total_bytes=1000))


@pytest.mark.parametrize("data", [b"", b"not an archive", gzip.compress(b"not a tar"), b"\x1f\x8b\x08\x00broken"])
def test_what_is_no_archive_is_told(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="not a readable"):
        extract_tar_gz(io.BytesIO(data), tmp_path)


def test_a_cut_off_archive_is_told(tmp_path: Path) -> None:
    whole = archive(entry("f", content=os.urandom(100_000))).getvalue()
    with pytest.raises(BadArchive):
        extract_tar_gz(io.BytesIO(whole[: len(whole) // 2]), tmp_path)
