"""The table of environment variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from config.env import Environment
from scripts.reference.markdown import code, table

#: No value any reader but those of free text takes.
_NONSENSE = "\N{REPLACEMENT CHARACTER}"


def settings() -> str:
    """One row per variable Clary reads."""
    rows = (
        (
            code(item.metadata["name"]),
            _default(item.default),
            _takes(item.metadata["read"]),
            item.metadata["description"],
        )
        for item in fields(Environment)
    )
    return table(("Variable", "Default", "Takes", "Meaning"), rows)


def _default(value: Any) -> str:
    if isinstance(value, Path):
        return code(f"./{value.name}")
    return code(value) if value != () else ""


def _takes(read: Callable[[str], Any]) -> str:
    """What the variable must be, in the words of its own error message."""
    try:
        value = read(_NONSENSE)
    except ValueError as wrong:
        return str(wrong)
    if isinstance(value, Path):
        return "a path"
    return "names separated by commas" if isinstance(value, tuple) else "any text"
