"""The columns of a wide table, a page at a time: found by name, each with its facts and first values."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from accounts.actors import Actor
from runs.models import StoredObject
from runs.services.tables import Look, seen, stored_table
from runs.tables.options import DRAWN_COLUMNS, ReadOptions


def columns_at(*, actor: Actor, uri: str, search: str = "", offset: int = 0, full: bool = False) -> dict[str, Any]:
    """A page of the columns of the table stored at a URI, as `columns_of` gives it.

    Raises:
        NotPermitted, UriInvalid, ObjectNotFound, TableUnreadable
    """
    stored, options = stored_table(actor, uri)
    return columns_of(stored, options, search=search, offset=offset, full=full)


def columns_of(
    stored: StoredObject, options: ReadOptions, *, search: str = "", offset: int = 0, full: bool = False
) -> dict[str, Any]:
    """At most a hundred columns from `offset` on, of those whose name holds `search`, and their first values.

    `total` columns are in the table, `found` of them match; `places` counts the given ones from 0. Facts are of the
    first rows unless all were read (`sample`); `full` begins to read all rows of these columns.

    Raises:
        TableUnreadable
    """
    look = Look.at(stored, options)
    names = [column["name"] for column in seen(look, full=False)["columns"]]
    matching = _matching(names, search)
    places = tuple(matching[offset : offset + DRAWN_COLUMNS])
    first = tuple(range(min(len(names), DRAWN_COLUMNS)))
    page = seen(look if places == first or not places else replace(look, places=places), full=full)
    return {
        "total": len(names),
        "found": len(matching),
        "offset": offset,
        "places": places,
        "columns": page["columns"][: len(places)],
        "preview": page["preview"] if places else {"columns": [], "rows": []},
        "sample": page["sample"],
        "profile": page["profile"],
    }


def _matching(names: list[str], search: str) -> list[int]:
    """Places of the names that hold `search`, whatever the case; one that is exactly it comes first."""
    wanted = _plain(search.strip())
    if not wanted:
        return list(range(len(names)))
    plain = [_plain(name) for name in names]
    found = [place for place, name in enumerate(plain) if wanted in name]
    return sorted(found, key=lambda place: plain[place] != wanted)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
