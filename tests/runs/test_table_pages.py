"""Every column of a wide table can be reached, a page at a time, and the whole table saved."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from accounts.actors import Actor
from runs.models import TableSummary
from runs.services import tables
from tests.factories.api import Api
from tests.runs.test_tables_api import read, store
from tests.runs.workers import Bench

WIDE = 250


def wide(rows: int = 3) -> bytes:
    names = ",".join(f"Gene {n}" for n in range(WIDE))
    return "\n".join([names, *(",".join(str(row * n) for n in range(WIDE)) for row in range(1, rows + 1)), ""]).encode()


def test_a_wide_table_answers_its_first_columns_and_how_many_there_are(
    bench: Bench, owner: Actor, owner_api: Api
) -> None:
    found = read(owner_api.get("objects/table/", uri=store(owner, "out/wide.csv", wide())))
    assert (found["column_count"], len(found["columns"]), len(found["preview"]["columns"])) == (WIDE, 100, 100)


def test_every_column_is_on_a_page_with_facts_and_values(bench: Bench, owner: Actor, owner_api: Api) -> None:
    uri = store(owner, "out/wide.csv", wide())
    places: list[int] = []
    for offset in (0, 100, 200):
        page = read(owner_api.get("objects/table/columns/", uri=uri, offset=offset))
        assert (page["total"], page["found"], page["offset"]) == (WIDE, WIDE, offset)
        assert [one["name"] for one in page["columns"]] == page["preview"]["columns"]
        assert all(one["histogram"] and one["missing"] == 0 for one in page["columns"])
        for place, column, value in zip(page["places"], page["columns"], page["preview"]["rows"][1], strict=True):
            assert column["name"] == f"Gene {place}"
            assert value == 2 * place
        places += page["places"]
    assert places == list(range(WIDE))


def test_columns_are_found_by_a_part_of_their_name_and_the_exact_one_comes_first(
    bench: Bench, owner: Actor, owner_api: Api
) -> None:
    uri = store(owner, "out/wide.csv", wide())
    page = read(owner_api.get("objects/table/columns/", uri=uri, search="gene 24"))
    assert page["found"] == 11
    assert page["places"] == [24, *range(240, 250)]
    assert page["preview"]["rows"][0] == page["places"]


def test_a_search_without_a_hit_answers_nothing(bench: Bench, owner: Actor, owner_api: Api) -> None:
    uri = store(owner, "out/wide.csv", wide())
    for query in ({"search": "protein"}, {"offset": 900}):
        page = read(owner_api.get("objects/table/columns/", uri=uri, **query))
        assert (page["columns"], page["preview"], page["total"]) == ([], {"columns": [], "rows": []}, WIDE)


def test_a_page_is_read_once(bench: Bench, owner: Actor, owner_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = store(owner, "out/wide.csv", wide())
    first = read(owner_api.get("objects/table/columns/", uri=uri, offset=100))
    monkeypatch.setattr(tables, "inspect", None)
    assert read(owner_api.get("objects/table/columns/", uri=uri, offset=100)) == first


def test_looks_at_searched_columns_are_kept_within_bounds(
    bench: Bench, owner: Actor, owner_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_PARTS", 2)
    uri = store(owner, "out/wide.csv", wide())
    for number in range(4):
        read(owner_api.get("objects/table/columns/", uri=uri, search=f"Gene 10{number}"))
    assert TableSummary.objects.count() == 3  # the first columns, and the last two looks


def test_all_rows_of_a_page_are_read_on_request(
    bench: Bench, owner: Actor, owner_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = store(owner, "out/wide.csv", wide(rows=5_000))
    short = read(owner_api.get("objects/table/columns/", uri=uri, offset=100))
    assert (short["profile"], short["sample"]["rows"] < 5_000) == ("none", True)
    begun: list[Any] = []
    monkeypatch.setattr(tables, "begin", lambda *work: begun.append(work))
    assert read(owner_api.get("objects/table/columns/", uri=uri, offset=100, full="true"))["profile"] == "running"
    monkeypatch.setattr(tables.connection, "close", lambda: None)
    work, *args = begun[0]
    work(*args)
    page = read(owner_api.get("objects/table/columns/", uri=uri, offset=100))
    assert (page["profile"], page["sample"], page["columns"][0]["max"]) == ("ready", None, 500_000)


@pytest.mark.parametrize("query", [{"offset": -1}, {"offset": "x"}, {"search": "x" * 201}, {"offset": 10**9}])
def test_nonsense_is_refused(bench: Bench, owner: Actor, owner_api: Api, query: dict[str, Any]) -> None:
    uri = store(owner, "out/wide.csv", wide())
    assert owner_api.get("objects/table/columns/", uri=uri, **query).status_code == 400


def saved(response: Any) -> bytes:
    async def pieces() -> bytes:
        return b"".join([piece async for piece in response])

    assert response.status_code == 200, response.content
    return asyncio.run(pieces())


def test_a_table_is_saved_as_csv_whole(bench: Bench, owner: Actor, owner_api: Api) -> None:
    uri = store(owner, "out/people.jsonl", b'{"age": 31, "city": "=Kyiv"}\n' * 300)
    response = owner_api.get("objects/table/csv/", uri=uri)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''people.csv"
    assert saved(response) == b"age,city\n" + b"31,'=Kyiv\n" * 300


def test_what_is_no_table_is_refused_in_words(bench: Bench, owner: Actor, owner_api: Api) -> None:
    uri = store(owner, "out/page.csv", b"<!DOCTYPE html><html><body>log in</body></html>")
    for path in ("objects/table/csv/", "objects/table/columns/"):
        refused = owner_api.get(path, uri=uri)
        assert refused.status_code == 422
        assert "web page" in json.loads(refused.content)["detail"]


@pytest.mark.parametrize("path", ["objects/table/csv/", "objects/table/columns/"])
def test_strangers_find_nothing(bench: Bench, owner: Actor, stranger_api: Api, path: str) -> None:
    uri = store(owner, "out/wide.csv", wide())
    assert stranger_api.get(path, uri=uri).status_code == 404
