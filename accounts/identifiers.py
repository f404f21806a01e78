"""Opaque ids: 12 lower-case letters and digits, 62 random bits."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_lowercase + string.digits
LENGTH = 12


def new_id() -> str:
    """A fresh id for a row the outside sees."""
    number = secrets.randbelow(len(ALPHABET) ** LENGTH)  # asked of the system once, not once per letter
    letters = []
    for _ in range(LENGTH):
        number, position = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[position])
    return "".join(letters)


def new_account_id() -> str:
    """A 12-digit AWS-style account id that never starts with 0."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)
