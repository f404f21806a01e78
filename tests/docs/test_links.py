"""Every link inside the documentation leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import DOCS, ROOT, WRITTEN_LATER, all_pages, anchors, links, name_of, text_of


@pytest.mark.parametrize("path", all_pages(), ids=name_of)
def test_the_links_of_a_page_resolve(path: Path) -> None:
    broken = []
    for target in links(path):
        place, _, anchor = unquote(target).partition("#")
        found = (path.parent / place).resolve() if place else path
        if not found.exists():
            if found.relative_to(ROOT).as_posix() not in WRITTEN_LATER:
                broken.append(target)
        elif anchor and anchor not in anchors(found):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", [page for page in all_pages() if page.is_relative_to(DOCS)], ids=name_of)
def test_a_page_says_what_it_is_under_its_heading(path: Path) -> None:
    lines = [line for line in text_of(path).splitlines() if line.strip()]
    assert lines[0].startswith("# ")
    assert re.match(r"[\w*`\[]", lines[1]) or lines[1].startswith("```"), lines[1]


def test_the_glossary_defines_each_word_once_and_in_order() -> None:
    terms = re.findall(r'^\| <a id="([^"]+)"></a>([^|]+) \| ', text_of(DOCS / "glossary.md"), re.MULTILINE)
    assert len(terms) > 40
    assert [anchor for anchor, word in terms if anchor != word.lower().replace(" ", "-")] == []
    assert len({anchor for anchor, _ in terms}) == len(terms)


def test_every_page_of_the_reference_is_linked_from_another() -> None:
    linked = {
        (page.parent / unquote(target).partition("#")[0]).resolve() for page in all_pages() for target in links(page)
    }
    pages = [*(DOCS / "reference").rglob("*.md"), *(DOCS / "how-to").glob("*.md")]
    assert [name_of(page) for page in pages if page not in linked] == []
