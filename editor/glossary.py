"""The words of docs/glossary.md as data, so that the studio explains a term by the same sentence as the docs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

_ROW = re.compile(r'\| <a id="(?P<id>[^"]+)"></a>(?P<word>[^|]+?) \| (?P<meaning>.+?) \|')


@dataclass(frozen=True, kw_only=True)
class Word:
    """`id` is its anchor. `meaning` is plain text in which `code` stands between backticks."""

    id: str
    word: str
    meaning: str


@cache
def glossary() -> tuple[Word, ...]:
    """Every word, in the order of the page; empty where the docs were not installed."""
    page = Path(settings.BASE_DIR) / "docs" / "glossary.md"
    if not page.is_file():
        return ()
    lines = page.read_text(encoding="utf-8").splitlines()
    return tuple(Word(**found.groupdict()) for line in lines if (found := _ROW.fullmatch(line)))
