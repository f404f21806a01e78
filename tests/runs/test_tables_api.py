"""What is in a stored table, told to whoever may look."""

from __future__ import annotations

import json
from typing import Any

from accounts.actors import Actor
from runs import namespace
from runs.clock import database_now
from runs.models import TableSummary
from runs.services import tables
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.workers import Bench

CSV = b"age,city\n31,Kyiv\n45,Lviv\n,Odesa\n"


def store(actor: Actor, key: str, data: bytes) -> str:
    uri = f"s3://{actor.workspace.default_bucket}/{key}"
    sha256, size = blob_store().put_bytes(data)
    namespace.store_object(workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())
    return uri


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_a_table_says_its_columns_and_first_rows(bench: Bench, owner: Actor, owner_api: Api) -> None:
    found = read(owner_api.get("objects/table/", uri=store(owner, "out/people.csv", CSV)))
    assert found["rows"] == 3
    assert [(one["name"], one["type"], one["missing"]) for one in found["columns"]] == [
        ("age", "integer", 1),
        ("city", "text", 0),
    ]
    assert found["preview"]["rows"][0] == [31, "Kyiv"]
    assert found["sample"] is None
    assert found["profile"] == "ready"


def test_the_second_look_reads_nothing(bench: Bench, owner: Actor, owner_api: Api, monkeypatch: Any) -> None:
    uri = store(owner, "out/people.csv", CSV)
    first = read(owner_api.get("objects/table/", uri=uri))
    monkeypatch.setattr(tables, "inspect", None)
    assert read(owner_api.get("objects/table/", uri=uri)) == first


def test_what_is_no_table_is_said_each_time(bench: Bench, owner: Actor, owner_api: Api) -> None:
    uri = store(owner, "out/page.csv", b"<!DOCTYPE html><html><body>log in</body></html>")
    for _ in range(2):
        refused = read(owner_api.get("objects/table/", uri=uri), 422)
        assert refused["code"] == "table-unreadable"
        assert refused["reason"] == "file-is-a-web-page"
        assert "web page" in refused["detail"]


def test_a_large_table_is_sampled_until_somebody_asks_for_all_of_it(
    bench: Bench, owner: Actor, owner_api: Api, monkeypatch: Any
) -> None:
    uri = store(owner, "out/long.csv", b"n\n" + b"".join(b"%d\n" % n for n in range(30_000)))
    short = read(owner_api.get("objects/table/", uri=uri))
    assert short["sample"] == {"rows": 9_999, "exact": False}
    assert short["profile"] == "none"
    begun: list[Any] = []
    monkeypatch.setattr(tables, "begin", lambda *work: begun.append(work))
    assert read(owner_api.get("objects/table/", uri=uri, full="true"))["profile"] == "running"
    assert read(owner_api.get("objects/table/", uri=uri, full="true"))["profile"] == "running"
    assert len(begun) == 1
    monkeypatch.setattr(tables.connection, "close", lambda: None)
    work, *args = begun[0]
    work(*args)
    full = read(owner_api.get("objects/table/", uri=uri))
    assert (full["rows"], full["sample"], full["profile"]) == (30_000, None, "ready")
    assert full["columns"][0]["max"] == 29_999


def test_a_profile_that_died_is_begun_again(bench: Bench, owner: Actor, owner_api: Api, monkeypatch: Any) -> None:
    uri = store(owner, "out/long.csv", b"n\n" + b"".join(b"%d\n" % n for n in range(30_000)))
    begun: list[Any] = []
    monkeypatch.setattr(tables, "begin", lambda *work: begun.append(work))
    read(owner_api.get("objects/table/", uri=uri, full="true"))
    TableSummary.objects.filter(full=True).update(begun_at=database_now() - 2 * tables.PROFILE_AGE)
    assert read(owner_api.get("objects/table/", uri=uri))["profile"] == "none"
    read(owner_api.get("objects/table/", uri=uri, full="true"))
    assert len(begun) == 2


def test_a_stranger_sees_no_table(bench: Bench, owner: Actor, stranger_api: Api) -> None:
    refused = read(stranger_api.get("objects/table/", uri=store(owner, "out/people.csv", CSV)), 404)
    assert refused["code"] == "object-not-found"
