"""Tokens are kept as hashes; secrets that must be read again are encrypted under a key file."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.files import key_from_file

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def new_token(prefix: str = "") -> str:
    """A fresh token of 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token. Plain sha256: the token itself has 256 random bits, so nothing can be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def seal(secret: str) -> bytes:
    """`secret` encrypted and authenticated."""
    return _cipher(settings.ACCESS_KEY_FILE).encrypt(secret.encode())


def unseal(sealed: bytes) -> str:
    """The text `seal` was given."""
    return _cipher(settings.ACCESS_KEY_FILE).decrypt(sealed).decode()


@lru_cache(maxsize=4)
def _cipher(key_file: Path) -> Fernet:
    from cryptography.fernet import Fernet  # 4 MB that only access keys need

    return Fernet(key_from_file(key_file) + "=")
