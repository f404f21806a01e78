"""A blob or a part that arrives in pieces is there when it is complete, and never before."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from runs.storage.base import StoreFull
from runs.storage.local import LocalBlobStore
from runs.storage.parts import PartStore
from runs.storage.writing import HashedFile


@pytest.mark.parametrize("durable", [True, False])
def test_pieces_become_one_blob(tmp_path: Path, durable: bool) -> None:
    store = LocalBlobStore(tmp_path, durable=durable)
    writer = store.writer()
    for piece in (b"ab", b"", b"c" * 100_000):
        writer.write(piece)
    expected = hashlib.sha256(b"ab" + b"c" * 100_000).hexdigest()
    assert writer.sha256 == expected
    assert not store.exists(expected)
    assert writer.commit() == (expected, 100_002)
    with store.open(expected) as blob:
        assert blob.read() == b"ab" + b"c" * 100_000
    assert list((tmp_path / "incoming").iterdir()) == []


def test_what_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path, durable=False)
    writer = store.writer()
    writer.write(b"abc")
    writer.discard()
    writer.discard()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_the_same_bytes_twice_are_one_blob(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path, durable=False)
    for _ in range(2):
        writer = store.writer()
        writer.write(b"abc")
        writer.commit()
        writer.discard()
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 1


def test_a_full_volume_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "full")

        def close(self) -> None: ...

    writer = HashedFile(tmp_path / "x")
    writer._target.close()
    monkeypatch.setattr(writer, "_target", Full())
    with pytest.raises(StoreFull):
        writer.write(b"abc")


def test_parts_of_an_upload_go_together(tmp_path: Path) -> None:
    parts = PartStore(tmp_path / "uploads")
    names = []
    for data in (b"one", b"two"):
        writer = parts.writer("upload1")
        writer.write(data)
        writer.commit()
        names.append(writer.name)
    with parts.open("upload1", names[1]) as part:
        assert part.read() == b"two"
    parts.remove("upload1", names[0])
    parts.remove("upload1", names[0])
    with pytest.raises(FileNotFoundError):
        parts.open("upload1", names[0])
    parts.remove_all("upload1")
    parts.remove_all("upload1")
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "x" * 65])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    parts = PartStore(tmp_path / "uploads")
    with pytest.raises(ValueError, match="not the id"):
        parts.writer(name)
    with pytest.raises(ValueError, match="not the"):
        parts.open("upload1", name)
    parts.remove("upload1", name)
    assert list(tmp_path.iterdir()) == []
