"""An archive of the user's stays in its folder, on Pythons that lack the filter for it too."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from runs.runners.toolkit.unpacking import unpack, unpack_checked

UNPACK = pytest.mark.parametrize("extract", [unpack, unpack_checked])


def archive(*members: tarfile.TarInfo) -> tarfile.TarFile:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as made:
        for member in members:
            made.addfile(member, io.BytesIO(b"x" * member.size))
    packed.seek(0)
    return tarfile.open(fileobj=packed)


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, link, mode
    made.size = 1 if kind == tarfile.REGTYPE else 0
    return made


@UNPACK
@pytest.mark.parametrize(
    "members",
    [
        [entry("../evil")],
        [entry("a/../../evil")],
        [entry("out", tarfile.SYMTYPE, "..")],
        [entry("a/out", tarfile.SYMTYPE, "../../evil")],
        [entry("out", tarfile.LNKTYPE, "../secret")],
        [entry("inner", tarfile.SYMTYPE, "."), entry("inner/../../evil")],
        [entry("pipe", tarfile.FIFOTYPE)],
        [entry("disk", tarfile.BLKTYPE)],
    ],
    ids=lambda members: " ".join(member.name for member in members),
)
def test_what_leads_elsewhere_is_refused(extract, members: list[tarfile.TarInfo], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ours")
    folder = tmp_path / "folder"
    folder.mkdir()
    with archive(*members) as packed, pytest.raises(tarfile.TarError):
        extract(packed, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "secret"]


@UNPACK
def test_files_folders_and_links_inside_come_out(extract, tmp_path: Path) -> None:
    members = [
        entry("code", tarfile.DIRTYPE, mode=0o755),
        entry("code/train.py"),
        entry("/absolute"),
        entry("link", tarfile.SYMTYPE, "code/train.py"),
        entry("run.sh", mode=0o4777),
    ]
    with archive(*members) as packed:
        extract(packed, tmp_path)
    assert (tmp_path / "code" / "train.py").read_bytes() == (tmp_path / "link").read_bytes() == b"x"
    assert (tmp_path / "absolute").exists()
    assert os.stat(tmp_path / "run.sh").st_mode & 0o7777 == 0o755  # noqa: PTH116
