from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import threading
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.storage.base import BlobNotFound, StoreFull
from runs.storage.local import LocalBlobStore

HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> LocalBlobStore:
    return LocalBlobStore(tmp_path / "blobs")


def read(store: LocalBlobStore, sha256: str) -> bytes:
    with store.open(sha256) as blob:
        return blob.read()


@given(data=st.binary(max_size=5000))
@settings(max_examples=30)
def test_what_is_put_is_found_again_under_its_hash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = LocalBlobStore(tmp_path_factory.mktemp("store"))
    expected = (hashlib.sha256(data).hexdigest(), len(data))
    assert store.put_bytes(data) == store.put_stream(BytesIO(data)) == store.put_bytes(data) == expected
    assert read(store, expected[0]) == data
    assert store.size(expected[0]) == len(data)


def test_a_blob_is_read_only_and_lies_under_its_first_two_letters(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put_bytes(b"hello")
    path = tmp_path / "blobs" / HELLO[:2] / HELLO
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert store.local_path(HELLO) == path


def test_a_copy_is_private(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put_bytes(b"hello")
    copy = tmp_path / "copy"
    store.copy_to(HELLO, copy)
    assert copy.read_bytes() == b"hello"
    copy.write_bytes(b"changed")
    assert read(store, HELLO) == b"hello"
    assert copy.stat().st_ino != (tmp_path / "blobs" / HELLO[:2] / HELLO).stat().st_ino


def test_a_copy_of_many_bytes_is_whole(store: LocalBlobStore, tmp_path: Path) -> None:
    data = os.urandom(3 * 1024 * 1024 + 17)
    sha256, _ = store.put_bytes(data)
    store.copy_to(sha256, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == data


def test_copying_over_a_file_is_refused(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put_bytes(b"hello")
    (tmp_path / "there").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        store.copy_to(HELLO, tmp_path / "there")
    assert (tmp_path / "there").read_bytes() == b"mine"


@pytest.mark.parametrize("move", [False, True])
def test_a_file_is_stored_and_moved_when_asked(store: LocalBlobStore, tmp_path: Path, move: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"hello")
    assert store.put_file(path, move=move) == (HELLO, 5)
    assert path.exists() is not move
    assert read(store, HELLO) == b"hello"


def test_moving_a_file_that_has_a_second_name_copies_it(store: LocalBlobStore, tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    path.write_bytes(b"hello")
    other.hardlink_to(path)
    store.put_file(path, move=True)
    other.chmod(0o644)
    other.write_bytes(b"HELLO")
    assert read(store, HELLO) == b"hello"


def test_links_folders_and_pipes_are_no_files(store: LocalBlobStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"link"):
        store.put_file(tmp_path / "link")
    for name in (".", "pipe"):
        with pytest.raises((ValueError, IsADirectoryError)):
            store.put_file(tmp_path / name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "g" * 64, HELLO + "\n", HELLO[:62] + "/x", "..", "\0" * 64]
)
def test_a_name_that_is_no_hash_reaches_no_file(store: LocalBlobStore, tmp_path: Path, name: str) -> None:
    for call in (store.open, store.size, store.exists, store.local_path):
        with pytest.raises(ValueError, match="not a sha256"):
            call(name)
    with pytest.raises(ValueError, match="not a sha256"):
        store.copy_to(name, tmp_path / "copy")


def test_a_missing_blob_is_told(store: LocalBlobStore, tmp_path: Path) -> None:
    assert not store.exists("0" * 64)
    for call in (store.open, store.size, store.local_path):
        with pytest.raises(BlobNotFound):
            call("0" * 64)
    with pytest.raises(BlobNotFound):
        store.copy_to("0" * 64, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_many_threads_store_the_same_bytes_at_once(store: LocalBlobStore, tmp_path: Path) -> None:
    results: list[tuple[str, int]] = []
    threads = [threading.Thread(target=lambda: results.append(store.put_stream(BytesIO(b"hello")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [(HELLO, 5)] * 8
    assert not list((tmp_path / "blobs" / "incoming").iterdir())


def test_a_stream_that_breaks_leaves_nothing(store: LocalBlobStore, tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        store.put_stream(Broken())
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_no_room_is_store_full(store: LocalBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull):
        store.put_bytes(b"hello")
    assert not store.exists(HELLO)


def test_a_full_volume_is_store_full_and_shows_no_part_of_a_blob(tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(volume)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    try:
        store = LocalBlobStore(volume / "blobs")
        kept, _ = store.put_bytes(b"small")
        with pytest.raises(StoreFull):
            store.put_bytes(os.urandom(2 * 1024 * 1024))
        with pytest.raises(StoreFull):
            store.put_stream(BytesIO(os.urandom(2 * 1024 * 1024)))
        files = [path for path in (volume / "blobs").rglob("*") if path.is_file()]
        assert [path.name for path in files] == [kept]
        big = LocalBlobStore(tmp_path / "elsewhere")
        sha256, _ = big.put_bytes(os.urandom(2 * 1024 * 1024))
        with pytest.raises(StoreFull):
            big.copy_to(sha256, volume / "copy")
    finally:
        subprocess.run(["umount", str(volume)], check=True)


@pytest.mark.parametrize("durable", [True, False])
def test_only_a_durable_store_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    store = LocalBlobStore(tmp_path / "blobs", durable=durable)
    store.put_bytes(b"hello")
    source = tmp_path / "source"
    source.write_bytes(b"moved")
    store.put_file(source, move=True)
    assert len(synced) == (4 if durable else 0)


def test_what_a_power_cut_left_of_a_blob_is_written_anew(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path / "blobs", durable=False)
    remains = tmp_path / "blobs" / HELLO[:2] / HELLO
    for put in (store.put_bytes, lambda data: store.put_stream(BytesIO(data))):
        remains.parent.mkdir(exist_ok=True)
        remains.unlink(missing_ok=True)
        remains.write_bytes(b"")
        put(b"hello")
        assert remains.read_bytes() == b"hello"
