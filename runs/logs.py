"""Reading an attempt's log as text."""

from __future__ import annotations

from dataclasses import dataclass

from engine.execution.states import TERMINAL_ATTEMPT
from runs.models import LogChunk, StepAttempt

READ_BYTES = 256 * 1024
#: Longest incomplete UTF-8 sequence at the end of a piece.
PARTIAL = 3


@dataclass(frozen=True, kw_only=True)
class LogPiece:
    """`offset` and `next_offset` are bytes of the kept log; `complete`: nothing will follow `next_offset`."""

    attempt: int
    offset: int
    next_offset: int
    text: str
    complete: bool
    truncated: bool
    raw_bytes: int | None


def read_log(attempt_id: str, offset: int = 0, limit: int = READ_BYTES) -> LogPiece:
    """At most `limit` bytes from `offset` on; invalid UTF-8 is replaced, a character is never cut in two.

    Raises:
        StepAttempt.DoesNotExist: there is none.
    """
    facts = StepAttempt.objects.values("number", "status", "log_bytes", "log_raw_bytes").get(pk=attempt_id)
    size, raw = facts["log_bytes"], facts["log_raw_bytes"]
    ended = facts["status"] in TERMINAL_ATTEMPT
    offset = min(max(offset, 0), size)
    data = _bytes(attempt_id, offset, min(limit, size - offset))
    if not (ended and offset + len(data) >= size):
        data = data[: len(data) - _cut(data)]
    end = offset + len(data)
    return LogPiece(
        attempt=facts["number"],
        offset=offset,
        next_offset=end,
        text=data.decode("utf-8", "replace"),
        complete=ended and end >= size,
        truncated=raw is not None and raw > size,
        raw_bytes=raw,
    )


def raw_log(attempt_id: str) -> bytes:
    """Everything that is kept of an attempt's log, byte for byte as it was printed; at most the cap of a log."""
    return _bytes(attempt_id, 0, StepAttempt.objects.values_list("log_bytes", flat=True).get(pk=attempt_id))


def log_end(attempt_id: str, size: int, limit: int) -> str:
    """The last `limit` bytes of the `size` that are kept, as text from the start of a line."""
    start = max(0, size - limit)
    text = _bytes(attempt_id, start, size - start).decode("utf-8", "replace")
    return text.partition("\n")[2] if start else text


def _bytes(attempt_id: str, offset: int, length: int) -> bytes:
    if length <= 0:
        return b""
    chunks = LogChunk.objects.filter(attempt_id=attempt_id)
    first = chunks.filter(offset__lte=offset).order_by("-offset").values_list("offset", flat=True).first()
    rows = chunks.filter(offset__gte=first or 0, offset__lt=offset + length).order_by("offset")
    joined = bytearray()
    start = first or 0
    for chunk_offset, data in rows.values_list("offset", "data"):
        if chunk_offset == start + len(joined):
            joined += bytes(data)
    return bytes(joined[offset - start : offset - start + length])


def _cut(data: bytes) -> int:
    """How many bytes at the end begin a character that is not complete."""
    for back in range(1, min(PARTIAL, len(data)) + 1):
        byte = data[-back]
        if byte & 0b1100_0000 == 0b1000_0000:
            continue
        wanted = 2 if byte >> 5 == 0b110 else 3 if byte >> 4 == 0b1110 else 4 if byte >> 3 == 0b11110 else 1
        return back if wanted > back else 0
    return 0
