"""Texts with a NUL character, on a database that has none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import ConnectionHandler
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Jsonb

from scripts.throw_away_postgres import ThrowAwayPostgres
from tests.machine import need


@pytest.fixture(scope="module")
def connection(django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    need("postgres")
    import dj_database_url

    cluster = ThrowAwayPostgres()
    try:
        cluster.start()
        made: dict[str, Any] = {**dj_database_url.parse(cluster.url), "ENGINE": "config.postgresql"}
        handler = ConnectionHandler({"default": made})
        handler["default"].inc_thread_sharing()
        with django_db_blocker.unblock():
            yield handler["default"]
            handler["default"].close()
    finally:
        cluster.close()


def back(connection: BaseDatabaseWrapper, kind: str, value: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}", [value])
        return cursor.fetchone()[0]


def test_a_text_keeps_everything_but_its_nul(connection: BaseDatabaseWrapper) -> None:
    assert back(connection, "text", "a\0bü") == "a\ufffdbü"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"a\0": ["x\0y"]}, {"a\ufffd": ["x\ufffdy"]}),
        ({"a": "\\u0000"}, {"a": "\\u0000"}),
        ({"a": "\\\0"}, {"a": "\\\ufffd"}),
        ({"a": 1.5, "b": None}, {"a": 1.5, "b": None}),
    ],
)
def test_a_document_keeps_everything_but_its_nul(connection: BaseDatabaseWrapper, given: Any, kept: Any) -> None:
    found = back(connection, "jsonb", Jsonb(given, dumps=json.dumps))
    assert (json.loads(found) if isinstance(found, str) else found) == kept


def test_a_question_with_a_nul_finds_nothing(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 WHERE 'a' = ANY(%s)", [["b\0", "c"]])
        assert cursor.fetchall() == []
