"""Finds metric values in a log: its own process, because a user's regular expression can run for ever.

    python matcher.py '[["accuracy", "acc=([0-9.]+)"], …]'   < log   > one JSON object per chunk {"accuracy": 0.93}

A line is cut after 4 KiB. A carriage return ends a line too (progress bars). Values that are no finite number are
left out.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections.abc import Iterable, Iterator

LINE_BYTES = 4096
_CHUNK = 256 * 1024
_ENDS = re.compile(rb"[\r\n]")


def lines(chunks: Iterable[bytes]) -> Iterator[list[str]]:
    """Complete lines of each chunk; the last, unfinished one comes at the end."""
    rest = b""
    for chunk in chunks:
        *whole, rest = _ENDS.split(rest + chunk)
        rest = rest[:LINE_BYTES]
        yield [line[:LINE_BYTES].decode(errors="replace") for line in whole if line]
    if rest:
        yield [rest.decode(errors="replace")]


def match(patterns: list[tuple[str, re.Pattern[str]]], batch: list[str]) -> dict[str, float]:
    """The last value of each metric in these lines; the first group is the value, else the whole match."""
    found: dict[str, float] = {}
    for line in batch:
        for name, pattern in patterns:
            for hit in pattern.finditer(line):
                value = _number(hit.group(1 if pattern.groups else 0))
                if value is not None:
                    found[name] = value
    return found


def compiled(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, re.Pattern[str]]]:
    """Patterns that Python cannot compile are left out; validation has named them before the run."""
    good = []
    for name, text in pairs:
        try:
            good.append((name, re.compile(text)))
        except re.error:
            continue
    return good


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _read_all() -> Iterator[bytes]:
    while chunk := os.read(0, _CHUNK):
        yield chunk


if __name__ == "__main__":
    searched = compiled(json.loads(sys.argv[1]))
    for some in lines(_read_all()):
        if values := match(searched, some):
            os.write(1, json.dumps(values).encode() + b"\n")
