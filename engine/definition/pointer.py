"""JSON pointers (RFC 6901): how problems, patches and edges name a place in a document."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Any


class _Missing(Enum):
    """One false value that is no JSON value; an enum member stays itself through copies and pickles."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False


#: Stands for "nothing there" where None is a legal JSON value.
MISSING: Any = _Missing.MISSING


def join(base: str, *tokens: str | int) -> str:
    """`base` with tokens appended, each escaped: join("/Steps", 0, "a/b") is "/Steps/0/a~1b"."""
    if len(tokens) == 1:
        return f"{base}/{escape(str(tokens[0]))}"
    return base + "".join("/" + escape(str(token)) for token in tokens)


def escape(token: str) -> str:
    if "/" not in token and "~" not in token:
        return token
    return token.replace("~", "~0").replace("/", "~1")


def split(pointer: str) -> list[str]:
    """The unescaped tokens of a pointer; "" has none. A pointer that does not begin with "/" is a ValueError."""
    return list(_split(pointer))


@lru_cache(maxsize=1024)
def _split(pointer: str) -> tuple[str, ...]:
    """The same few pointers are asked for at every step of a definition."""
    if pointer == "":
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"A JSON pointer begins with '/': {pointer!r}")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def list_index(token: str) -> int | None:
    """The list position a token names, or None: digits only, no leading zero (RFC 6901 section 4)."""
    if token.isascii() and token.isdigit() and (token == "0" or token[0] != "0") and len(token) <= 9:
        return int(token)
    return None


def child(value: Any, token: str) -> Any:
    """The member or item a token names, or MISSING."""
    if isinstance(value, dict):
        return value.get(token, MISSING)
    if isinstance(value, list):
        index = list_index(token)
        return value[index] if index is not None and index < len(value) else MISSING
    return MISSING


def resolve(document: Any, pointer: str | Iterable[str]) -> Any:
    """The value at a pointer (text or tokens), or MISSING. Never raises for a well-formed pointer."""
    value = document
    for token in _split(pointer) if isinstance(pointer, str) else pointer:
        value = child(value, token)
        if value is MISSING:
            return MISSING
    return value
