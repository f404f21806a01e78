"""The Range header: one range of bytes; several are answered with the whole, as S3 does."""

from __future__ import annotations

import re

from aws.s3.errors import S3Refused

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def range_of(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, behind the last) byte; None for the whole object or a header that cannot be read.

    Raises:
        S3Refused: InvalidRange when nothing of it is there.
    """
    found = _RANGE.fullmatch((header or "").replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        length = int(found[2])
        if length == 0 or size == 0:
            raise _unsatisfiable(header, size)
        return max(0, size - length), size
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise _unsatisfiable(header, size)
    return first, min(last + 1, size)


def copied_range(header: str, size: int) -> tuple[int, int]:
    """(first, behind the last) byte of x-amz-copy-source-range, which has to lie inside the source.

    Raises:
        S3Refused: InvalidArgument or InvalidRange.
    """
    found = _RANGE.fullmatch(header)
    if found is None or not found[1] or not found[2] or int(found[2]) < int(found[1]):
        raise S3Refused("InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last.")
    if int(found[2]) >= size:
        raise _unsatisfiable(header, size)
    return int(found[1]), int(found[2]) + 1


def _unsatisfiable(header: str | None, size: int) -> S3Refused:
    return S3Refused("InvalidRange", RangeRequested=header or "", ActualObjectSize=str(size))
