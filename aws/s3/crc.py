"""CRC-32C and CRC-64/NVME of long byte strings, with numpy: the interpreter alone would be a hundred times slower.

A block is cut into lanes that are worked on side by side, sixteen bits at a time through one table; the lanes' sums are
then folded in pairs. Folding uses that a CRC is linear: appending n zero bytes is one matrix over GF(2), here applied
byte by byte through tables. Reflected polynomials, all bits set before and after, as zlib's CRC-32.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

CRC32C = (32, 0x82F63B78)
CRC64NVME = (64, 0x9A6C9329AC4BC9B5)
_LANES = 4096
_BLOCK = _LANES * 256


class Crc:
    """A running CRC; the methods of a hashlib object, as far as they are needed."""

    def __init__(self, kind: tuple[int, int]) -> None:
        self._kind = kind
        self._state = (1 << kind[0]) - 1

    def update(self, data: bytes) -> None:
        view = memoryview(data)
        whole = len(view) - len(view) % _BLOCK
        for start in range(0, whole, _BLOCK):
            self._state = _advance(self._kind, self._state, _BLOCK) ^ _block(self._kind, view[start : start + _BLOCK])
        table = _table(self._kind)
        state = self._state
        for byte in view[whole:] if len(view) - whole < 256 else ():
            state = table[(state ^ byte) & 0xFF] ^ (state >> 8)
        self._state = state
        if len(view) - whole >= 256:
            self._rest(view[whole:])

    def digest(self) -> bytes:
        bits, _ = self._kind
        return (self._state ^ ((1 << bits) - 1)).to_bytes(bits // 8, "big")

    def _rest(self, view: memoryview) -> None:
        """Less than a block: zeros in front change nothing but the state, which is moved over by the true length."""
        padded = bytes(_BLOCK - len(view)) + bytes(view)
        self._state = _advance(self._kind, self._state, len(view)) ^ _block(self._kind, memoryview(padded))


def _block(kind: tuple[int, int], view: memoryview) -> int:
    """The CRC of one block from state 0, without the final inversion."""
    import numpy

    table, unsigned = _wide_table(kind)
    words = numpy.frombuffer(view, dtype="<u2").reshape(_LANES, -1)
    columns = numpy.ascontiguousarray(words.T)
    state = numpy.zeros(_LANES, dtype=unsigned)
    index = numpy.empty(_LANES, dtype=numpy.intp)
    low, shift = unsigned(0xFFFF), unsigned(16)
    for column in columns:
        numpy.bitwise_and(state, low, out=index, casting="unsafe")
        index ^= column
        state >>= shift
        state ^= table[index]
    length = _BLOCK // _LANES
    while len(state) > 1:
        state = _moved(kind, state[0::2], length) ^ state[1::2]
        length *= 2
    return int(state[0])


def _moved(kind: tuple[int, int], states: numpy.ndarray[Any, Any], zeros: int) -> numpy.ndarray[Any, Any]:
    """Each state after `zeros` more zero bytes."""
    import numpy

    tables, unsigned = _zero_tables(kind, zeros)
    moved = numpy.zeros_like(states)
    for position, table in enumerate(tables):
        moved ^= table[((states >> unsigned(8 * position)) & unsigned(0xFF)).astype(numpy.intp)]
    return moved


def _advance(kind: tuple[int, int], state: int, zeros: int) -> int:
    """One state after `zeros` more zero bytes."""
    return _apply(_matrix(kind, zeros), state)


@lru_cache(maxsize=4)
def _table(kind: tuple[int, int]) -> tuple[int, ...]:
    values = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (kind[1] if value & 1 else 0)
        values.append(value)
    return tuple(values)


@lru_cache(maxsize=4)
def _wide_table(kind: tuple[int, int]) -> tuple[numpy.ndarray[Any, Any], Any]:
    """(what sixteen bits become, the type of a state)."""
    import numpy

    unsigned: Any = numpy.uint32 if kind[0] == 32 else numpy.uint64
    narrow = numpy.array(_table(kind), dtype=unsigned)
    words = numpy.arange(65536)
    half = narrow[words & 0xFF] ^ (words >> 8).astype(unsigned)
    return narrow[(half & unsigned(0xFF)).astype(numpy.intp)] ^ (half >> unsigned(8)), unsigned


@lru_cache(maxsize=64)
def _zero_tables(kind: tuple[int, int], zeros: int) -> tuple[list[numpy.ndarray[Any, Any]], Any]:
    import numpy

    _, unsigned = _wide_table(kind)
    matrix = _matrix(kind, zeros)
    tables = [
        numpy.array([_apply(matrix, value << (8 * position)) for value in range(256)], dtype=unsigned)
        for position in range(kind[0] // 8)
    ]
    return tables, unsigned


@lru_cache(maxsize=256)
def _matrix(kind: tuple[int, int], zeros: int) -> tuple[int, ...]:
    """What each single bit becomes after `zeros` zero bytes."""
    bits, _ = kind
    if zeros == 0:
        return tuple(1 << bit for bit in range(bits))
    if zeros == 1:
        table = _table(kind)
        return tuple(table[(1 << bit) & 0xFF] ^ ((1 << bit) >> 8) for bit in range(bits))
    half = _matrix(kind, zeros // 2)
    whole = tuple(_apply(half, column) for column in half)
    return tuple(_apply(_matrix(kind, 1), column) for column in whole) if zeros % 2 else whole


def _apply(matrix: tuple[int, ...], value: int) -> int:
    result = 0
    while value:
        low = value & -value
        result ^= matrix[low.bit_length() - 1]
        value ^= low
    return result
