"""The pages of docs/ as values: links, anchors, code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
#: Pages a make target writes; they are there after its first run.
WRITTEN_LATER = frozenset({"docs/reference/benchmarks.md", "docs/reference/matrix.md", "docs/images/run.png"})

_FENCE = re.compile(r"^ *```(?P<info>[^\n`]*)\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
_ANCHOR = re.compile(r'<a id="(?P<id>[^"]+)">')


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block: `info` is the text after the fence ("json definition")."""

    page: str
    line: int
    info: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def all_pages() -> list[Path]:
    """Every page people read, the ones at the top included; the plan of the work is none of them."""
    return [*sorted(path for path in DOCS.rglob("*.md") if path.name != "plan.md"), *sorted(ROOT.glob("*.md"))]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(*, info: str | None = None) -> list[Block]:
    """Every fenced block of docs/, in order; with `info`, those whose info begins with that word."""
    found = [block for page in all_pages() for block in _blocks(page)]
    return [block for block in found if info is None or block.info.split(" ")[0] == info]


def links(page: Path) -> Iterator[str]:
    """Targets inside this repository, as written."""
    for match in _LINK.finditer(_FENCE.sub("", text_of(page))):
        if "://" not in match["target"] and not match["target"].startswith("mailto:"):
            yield match["target"]


def anchors(page: Path) -> set[str]:
    """What `page#…` may name: headings as GitHub spells them, and explicit anchors."""
    text = _FENCE.sub("", text_of(page))
    return {_slug(match["text"]) for match in _HEADING.finditer(text)} | {
        match["id"] for match in _ANCHOR.finditer(text)
    }


def _blocks(page: Path) -> Iterator[Block]:
    text = text_of(page)
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Block(page=name_of(page), line=line, info=match["info"].strip(), text=match["body"])


def _slug(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")
