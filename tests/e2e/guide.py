"""A tutorial that is read while it is done: every word in bold has to be met on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Guide:
    """The sections of a page, and the bold words of the one that is being done."""

    def __init__(self, path: Path) -> None:
        parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        self._sections = {part.splitlines()[0]: part for part in parts[1:]}
        self._words: set[str] = set()
        self._met: set[str] = set()

    @contextmanager
    def section(self, title: str) -> Iterator[None]:
        """Inside, `word` names what is pressed; at the end every bold word of the section has been named."""
        self._words = set(re.findall(r"\*\*([^*]+)\*\*", self._sections[title].replace("\n   ", " ")))
        self._met = set()
        yield
        assert self._words == self._met, f"{title}: the text says {sorted(self._words - self._met)}, nobody did"

    def word(self, label: str) -> str:
        """The label itself, which the text has to have in bold."""
        assert label in self._words, f"the text does not speak of {label}"
        self._met.add(label)
        return label

    def numbered(self) -> list[str]:
        """The titles that are steps: those with a number."""
        return [title for title in self._sections if title[0].isdigit()]
