"""The checksums that Python's own library lacks."""

from __future__ import annotations

import random
import zlib

import pytest

from aws.s3.crc import CRC32C, CRC64NVME, Crc

CRC32 = (32, 0xEDB88320)  # zlib's, to compare with
BLOCK = 4096 * 256


def crc(kind: tuple[int, int], *pieces: bytes) -> str:
    running = Crc(kind)
    for piece in pieces:
        running.update(piece)
    return running.digest().hex()


@pytest.mark.parametrize(
    ("kind", "expected"), [(CRC32C, "e3069283"), (CRC64NVME, "ae8b14860a799888"), (CRC32, "cbf43926")]
)
def test_the_check_value_of_the_catalogue(kind: tuple[int, int], expected: str) -> None:
    assert crc(kind, b"123456789") == expected
    assert crc(kind, b"1234", b"", b"56789") == expected


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 4096, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 300])
def test_every_length_gives_what_zlib_gives(size: int) -> None:
    data = random.Random(size).randbytes(size)
    expected = zlib.crc32(data).to_bytes(4, "big").hex()
    assert crc(CRC32, data) == expected
    assert crc(CRC32, data[:100], data[100:700], data[700:]) == expected


@pytest.mark.parametrize("kind", [CRC32C, CRC64NVME])
def test_pieces_give_what_the_whole_gives(kind: tuple[int, int]) -> None:
    data = random.Random(1).randbytes(BLOCK + 5000)
    single = crc(kind, *(data[start : start + 100] for start in range(0, len(data), 100)))
    assert crc(kind, data) == single == crc(kind, data[:BLOCK], data[BLOCK:])
