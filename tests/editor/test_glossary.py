"""The words of the glossary as the studio reads them."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings

from editor.glossary import glossary
from tests.factories.api import Api

PAGE = (settings.BASE_DIR / "docs" / "glossary.md").read_text()
TERMS = re.findall(r"id: '([a-z-]+)'", (settings.BASE_DIR / "frontend/src/lib/terms.ts").read_text())


def test_every_row_of_the_page_is_a_word() -> None:
    assert len(glossary()) == PAGE.count('<a id="') > 40


@pytest.mark.parametrize("term", sorted(set(TERMS)))
def test_every_term_the_studio_explains_is_in_the_glossary(term: str) -> None:
    assert term in {word.id for word in glossary()}


@pytest.mark.django_db
def test_the_words_are_served_as_plain_text(owner_api: Api) -> None:
    rows = json.loads(owner_api.get("glossary/").content)["results"]
    draft = next(row for row in rows if row["id"] == "draft")
    assert draft == {
        "id": "draft",
        "word": "Draft",
        "meaning": "The definition and layout being edited, at one revision.",
    }
    assert not [row["id"] for row in rows if "</" in row["meaning"] or "](" in row["meaning"]]
