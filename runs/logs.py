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


@dataclass(frozen=True, kw_only=True)
class LogLines:
    """Whole lines, without their ends; `next_offset` is where to go on."""

    lines: tuple[str, ...]
    next_offset: int


def read_lines(attempt_id: str, offset: int, most: int) -> LogLines:
    """At most `most` lines from `offset`, the start of a line; one that is not ended only when nothing will follow it.

    A line over `READ_BYTES` comes in pieces.

    Raises:
        StepAttempt.DoesNotExist: there is none.
    """
    facts = StepAttempt.objects.values("status", "log_bytes").get(pk=attempt_id)
    size, ended = facts["log_bytes"], facts["status"] in TERMINAL_ATTEMPT
    offset = min(max(offset, 0), size)
    data = _bytes(attempt_id, offset, min(READ_BYTES, size - offset))
    pieces = _by_newline(data)
    whole_rest = ended and offset + len(data) >= size
    too_long = len(pieces) == 1 and len(data) >= READ_BYTES
    if pieces and not pieces[-1].endswith(b"\n") and not whole_rest and not too_long:
        pieces = pieces[:-1]
    taken = pieces[:most]
    lines = tuple(piece.decode("utf-8", "replace").rstrip("\r\n") for piece in taken)
    return LogLines(lines=lines, next_offset=offset + sum(map(len, taken)))


def last_lines(attempt_id: str, most: int) -> LogLines:
    """The last lines that fit into one piece."""
    size = StepAttempt.objects.values_list("log_bytes", flat=True).get(pk=attempt_id)
    start = max(0, size - READ_BYTES)
    found = read_lines(attempt_id, start, READ_BYTES)
    lines = found.lines[1:] if start else found.lines
    return LogLines(lines=lines[-most:], next_offset=found.next_offset)


def _by_newline(data: bytes) -> list[bytes]:
    """Lines that end at a newline only: progress bars write carriage returns within one."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
