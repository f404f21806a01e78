"""Folders of ended attempts go away without anybody waiting for them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from runs.runners import broom as broom_module
from runs.runners.broom import Broom, remove


def _folder(parent: Path, name: str) -> Path:
    (parent / name / "deep" / "down").mkdir(parents=True)
    (parent / name / "deep" / "file").write_text("x")
    return parent / name


def _wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not folder.exists()


def test_a_left_folder_goes_away_by_itself(tmp_path: Path) -> None:
    broom = Broom()
    for name in ("first", "second"):
        folder = _folder(tmp_path, name)
        broom.leave(folder)
        _wait_until_gone(folder)
    broom.close()


def test_folders_left_together_are_removed_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def counted(folders: Sequence[Path]) -> None:
        taken.append(len(folders))
        remove(folders)

    monkeypatch.setattr(broom_module, "remove", counted)
    broom = Broom()
    folders = [_folder(tmp_path, str(number)) for number in range(8)]
    for folder in folders:
        broom.leave(folder)
    for folder in folders:
        _wait_until_gone(folder)
    broom.close()
    assert taken == [8]


def test_a_machine_without_rm_is_swept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    folder = _folder(tmp_path, "first")
    remove([folder])
    assert not folder.exists()


def test_what_a_link_in_a_folder_leads_to_stays(tmp_path: Path) -> None:
    kept = _folder(tmp_path, "kept")
    folder = _folder(tmp_path, "-rf odd name")
    (folder / "link").symlink_to(kept)
    remove([folder])
    assert not folder.exists()
    assert (kept / "deep" / "file").read_text() == "x"


def test_nothing_is_left_when_close_returns(tmp_path: Path) -> None:
    broom = Broom()
    folders = [_folder(tmp_path, str(number)) for number in range(20)]
    for folder in folders:
        broom.leave(folder)
    broom.close()
    assert not any(folder.exists() for folder in folders)
    late = _folder(tmp_path, "late")
    broom.leave(late)
    broom.close()
    assert not late.exists()


def test_the_name_of_a_left_folder_is_free_at_once(tmp_path: Path) -> None:
    broom = Broom()
    folder = tmp_path / "attempt"
    folder.mkdir()
    broom.leave(folder)
    folder.mkdir()
    (folder / "new").touch()
    broom.close()
    assert [path.name for path in tmp_path.iterdir()] == ["attempt"]
    assert (folder / "new").exists()
