"""The checksums S3 knows, by the names of its headers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from aws.s3.crc import CRC32C, CRC64NVME, Crc
from aws.s3.errors import S3Refused


class Running(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self._state = 0

    def update(self, data: bytes) -> None:
        self._state = zlib.crc32(data, self._state)

    def digest(self) -> bytes:
        return self._state.to_bytes(4, "big")


#: Name as in ChecksumAlgorithm → a fresh running sum.
ALGORITHMS: Mapping[str, Callable[[], Running]] = {
    "CRC32": _Crc32,
    "CRC32C": lambda: Crc(CRC32C),
    "CRC64NVME": lambda: Crc(CRC64NVME),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
}
_PREFIX = "x-amz-checksum-"
HEADERS = {f"{_PREFIX}{name.lower()}": name for name in ALGORITHMS}
#: Headers of that prefix that say something about a checksum and are none.
_ABOUT = frozenset({f"{_PREFIX}algorithm", f"{_PREFIX}mode", f"{_PREFIX}type"})


def header_of(algorithm: str) -> str:
    """x-amz-checksum-crc32 of CRC32."""
    return f"{_PREFIX}{algorithm.lower()}"


def element_of(algorithm: str) -> str:
    """ChecksumCRC32 of CRC32."""
    return f"Checksum{algorithm}"


def encoded(running: Running) -> str:
    """The sum as headers carry it."""
    return base64.b64encode(running.digest()).decode()


def decoded(text: str, length: int) -> bytes | None:
    """The bytes of a sum in a header; None when they are not base64 of `length` bytes."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == length else None


def declared(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """(algorithm, sum) that the headers give for the body; None when they give none.

    Raises:
        S3Refused: InvalidRequest for more than one, or for something that is no such sum; NotImplemented for one of
            an algorithm we lack, which would pass unchecked.
    """
    unknown = sorted(name for name in headers if name.startswith(_PREFIX) and name not in _ABOUT | HEADERS.keys())
    if unknown:
        raise S3Refused("NotImplemented", f"Clary cannot check {unknown[0]}. It knows {', '.join(HEADERS)}.")
    given = [(name, headers[header]) for header, name in HEADERS.items() if header in headers]
    if len(given) > 1:
        raise S3Refused(
            "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    if not given:
        return None
    check_value(*given[0])
    return given[0]


def check_value(algorithm: str, value: str) -> None:
    """Returns when `value` can be a sum of this algorithm.

    Raises:
        S3Refused: InvalidRequest.
    """
    if decoded(value, len(ALGORITHMS[algorithm]().digest())) is None:
        raise S3Refused("InvalidRequest", f"Value for {header_of(algorithm)} header is invalid.")


def algorithm_named(name: str) -> str:
    """The algorithm as we spell it.

    Raises:
        S3Refused: InvalidRequest for one that S3 does not know.
    """
    if name.upper() not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise S3Refused(
            "InvalidRequest",
            f"Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{known}]",
        )
    return name.upper()
