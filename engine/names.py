"""Names people mistype, and the ones they meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

#: AWS ModelPackageGroupName (CreateModelPackageGroup).
GROUP_NAME = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}")
#: The same for people.
GROUP_NAME_WORDS = "1 to 63 letters (a to z), digits and hyphens, with a letter or digit at both ends"


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is near. Case alone never hides a match."""
    candidates = list(known)
    by_lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    if name.lower() in by_lower:
        return by_lower[name.lower()]
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """' Did you mean "X"?' or ""."""
    match = closest(name, known)
    return f' Did you mean "{match}"?' if match else ""


def plain_letters(text: str) -> str:
    """`text` with "u" for "ü" and "ss" for "ß", so that a name made of it can still be read. Twin of plainLetters."""
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(part for part in parts if not unicodedata.category(part).startswith("M"))


def usable_group_name(text: str) -> str:
    """A model group's name that is close to `text`, "" when nothing of it can stay."""
    return re.sub(r"[^A-Za-z0-9]+", "-", plain_letters(text)).strip("-")[:63].rstrip("-")
