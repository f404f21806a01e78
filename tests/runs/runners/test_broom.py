"""Folders of ended attempts go away without anybody waiting for them."""

from __future__ import annotations

import time
from pathlib import Path

from runs.runners.broom import PATIENCE_SECONDS, Broom


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


def test_a_good_moment_is_not_waited_past(tmp_path: Path) -> None:
    broom = Broom()
    began = time.monotonic()
    for number in range(4):
        folder = _folder(tmp_path, str(number))
        broom.leave(folder)
        broom.sweep_now()
        _wait_until_gone(folder)
    assert time.monotonic() - began < 4 * PATIENCE_SECONDS
    broom.close()


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
