"""Storing thousands of small files costs per byte and per file, and never a wait for the disk each."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from runs.storage import local
from runs.storage.base import StoreFull
from runs.storage.local import LocalBlobStore

FILES = 1000


def many(folder: Path, count: int = FILES, size: int = 200) -> list[Path]:
    folder.mkdir()
    paths = [folder / str(number) for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(number.to_bytes(4) * (size // 4))
    return paths


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("move", [True, False])
@pytest.mark.parametrize("size", [200, 20_000])
def test_every_file_is_kept_under_its_hash_in_order(tmp_path: Path, move: bool, size: int) -> None:
    store, paths = LocalBlobStore(tmp_path / "blobs"), many(tmp_path / "out", 300, size)
    expected = [(sha256(path), size) for path in paths]
    assert store.put_files(paths, move=move) == expected
    assert all(path.exists() is not move for path in paths)
    for name, _ in expected:
        path = store.local_path(name)
        assert path is not None
        assert sha256(path) == name
        assert path.stat().st_mode & 0o777 == 0o444
    assert not list((tmp_path / "blobs" / "incoming").iterdir())


def test_a_slow_disk_is_waited_for_a_fixed_number_of_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[Path] = []

    def slow(folder: Path) -> bool:
        time.sleep(0.05)
        waits.append(folder)
        return True

    monkeypatch.setattr(local, "sync_volume", slow)
    monkeypatch.setattr(os, "fsync", lambda descriptor: pytest.fail("one file was waited for"))
    store, paths = LocalBlobStore(tmp_path / "blobs", durable=True), many(tmp_path / "out")
    began = time.monotonic()
    store.put_files(paths, move=True)
    assert len(waits) == 2
    assert (time.monotonic() - began) / FILES < 0.003


def test_without_a_sync_of_the_volume_each_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(local, "sync_volume", lambda folder: False)
    monkeypatch.setattr(os, "fsync", synced.append)
    LocalBlobStore(tmp_path / "blobs").put_files(many(tmp_path / "out", 20), move=True)
    assert len(synced) >= 21


def test_a_batch_that_fails_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, paths = LocalBlobStore(tmp_path / "blobs"), many(tmp_path / "out", 10)
    names = [sha256(path) for path in paths]

    def full(folder: Path) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(local, "sync_volume", full)
    with pytest.raises(StoreFull):
        store.put_files(paths)
    assert not any(store.exists(name) for name in names)
    assert not list((tmp_path / "blobs" / "incoming").iterdir())


def test_equal_files_are_one_blob(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_bytes(b"same")
    found = LocalBlobStore(tmp_path / "blobs").put_files(paths, move=True)
    assert len(set(found)) == 1
    assert LocalBlobStore(tmp_path / "blobs").put_files([]) == []
