"""The generated parts of the pages are what the code says today."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.reference_tables import UnknownPart, makers, pages, refreshed
from tests.docs.pages import name_of, text_of

PARTS = makers()


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_the_generated_parts_of_a_page_are_current(path: Path) -> None:
    text = text_of(path)
    assert refreshed(text, PARTS) == text, f"{name_of(path)} is stale: python -m scripts.reference_tables"


def test_every_generated_part_stands_on_a_page() -> None:
    written = "".join(text_of(page) for page in pages())
    assert [name for name in PARTS if f"<!-- generated: {name} -->" not in written] == []


def test_a_marker_nobody_makes_is_refused() -> None:
    with pytest.raises(UnknownPart, match="nonsense"):
        refreshed("<!-- generated: nonsense -->\n<!-- end -->", PARTS)


def test_what_stands_around_a_part_is_kept() -> None:
    text = "before\n\n<!-- generated: one -->\nold\n<!-- end -->\n\nafter\n"
    again = refreshed(text, {"one": lambda: "new"})
    assert again == "before\n\n<!-- generated: one -->\n\nnew\n\n<!-- end -->\n\nafter\n"
    assert refreshed(again, {"one": lambda: "new"}) == again
