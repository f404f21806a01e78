"""A request that cannot be read gets a clear error, never a crash."""

from __future__ import annotations

import base64
import json
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from accounts.actors import Actor
from tests.factories.api import Api

PROBLEM = "application/problem+json"
DEEP = "[" * 100_000 + "]" * 100_000


def cursor(value: object, pk: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, pk]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("body", "status", "code", "says"),
    [
        ("{", 400, "malformed-json", "not JSON"),
        ("", 400, "invalid", "required"),
        (b"\xff\xfe{", 400, "malformed-json", "not UTF-8"),
        ('{"name": "\\ud800"}', 400, "malformed-json", "surrogate"),
        ('{"name": NaN}', 400, "malformed-json", "NaN"),
        ('{"name": 1e999}', 400, "malformed-json", "too large"),
        ('{"name": ' + "9" * 10_000 + "}", 400, "malformed-json", "not JSON"),
        (DEEP, 400, "malformed-json", "deep"),
        ('{"name": "x", "layout": ' + "[" * 900 + "]" * 900 + "}", 400, "malformed-json", "deep"),
        ("[]", 400, "invalid", "dictionary"),
        ('"text"', 400, "invalid", "dictionary"),
        ("null", 400, "invalid", "No data"),
        ('{"name": "\\u0000"}', 400, "invalid", "Null characters"),
        ('{"name": {"a": 1}}', 400, "invalid", "string"),
        ('{"name": "a b"}', 400, "name-invalid", "letters, digits"),
        ('{"name": "x", "definition": 5}', 400, "definition-invalid", "object"),
        ('{"name": "x", "definition": "{"}', 400, "definition-invalid", "JSON"),
        ('{"name": "x", "definition": "[]"}', 400, "definition-invalid", "object"),
        ('{"name": "x", "layout": []}', 400, "layout-invalid", "object"),
        ('{"name": "x", "layout": {"nodes": []}}', 400, "layout-invalid", "nodes"),
    ],
)
def test_a_body_that_cannot_be_used(member_api: Api, body: str | bytes, status: int, code: str, says: str) -> None:
    answer = member_api.send("post", "pipelines/", body)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    problem = answer.json()
    assert problem["code"] == code
    assert says in problem["detail"]
    assert problem["request_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize("depth", [400, 600, 900, 950, 975])
def test_a_deep_value_in_a_patch_is_refused(member_api: Api, depth: int) -> None:
    operation = '{"op": "add", "path": "/Metadata/a", "value": ' + "[" * depth + "]" * depth + "}"
    made = member_api.post("pipelines/", {"name": "deep"}).json()
    path = f"pipelines/{made['id']}/draft/commands/"
    body = f'{{"revision": {made["revision"]}, "commands": [{{"name": "x", "definition": [{operation}]}}]}}'
    assert member_api.send("post", path, body).status_code == 400


def test_a_field_error_points_at_the_field(member_api: Api) -> None:
    body = {"revision": 1, "commands": [{"name": "x", "definition": [{"op": "explode", "path": ""}]}]}
    problem = member_api.post("pipelines/aaaaaaaaaaaa/draft/commands/", body).json()
    assert problem["pointer"] == "/commands/0/definition/0/op"
    assert problem["errors"][0]["pointer"] == problem["pointer"]


def test_another_content_type_is_415(member_api: Api) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = member_api.send("post", "pipelines/", "name=x", content_type=content_type)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_body_over_the_limit_is_413_whether_or_not_it_says_so(member_api: Api) -> None:
    with override_settings(API_BODY_BYTES=1000):
        answer = member_api.post("pipelines/", {"name": "x" * 2000})
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_a_body_without_a_length_is_411(member_api: Api) -> None:
    member_api.headers["Transfer-Encoding"] = "chunked"
    answer = member_api.send("post", "pipelines/", "")
    assert (answer.status_code, answer.json()["code"]) == (411, "length-required")


def test_a_definition_over_its_limit_says_how_large_it_may_be(member_api: Api) -> None:
    answer = member_api.post("validate/", {"definition": '{"Steps": [], "x": "' + "y" * (17 * 1024 * 1024) + '"}'})
    assert answer.status_code == 400
    assert "16777216" in answer.json()["detail"]


def test_the_wrong_method_is_405(member_api: Api) -> None:
    answer = member_api.send("put", "pipelines/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "pipelines/UPPER/",
        "pipelines/a%00b/",
        "pipelines/aaaaaaaaaaaa/versions/99999999999999999999/",
        "%ff/",
    ],
)
def test_a_path_that_leads_nowhere_is_404(member_api: Api, path: str) -> None:
    answer = member_api.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_a_path_with_nul_asks_the_database_nothing(
    member_api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = member_api.get("executions/aaaaaaaaaaaa/steps/a%00b/logs/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "W10"},
        {"cursor": "bnVsbA"},
        {"cursor": "WzEsMl0"},
        {"cursor": "WyJ4IiwgInkiXQ"},
        {"limit": "0"},
        {"limit": "1000000"},
        {"limit": "many"},
        {"search": "\0"},
        {"cursor": "x" * 10_000},
        {"cursor": cursor("0001-01-01T00:00:00+23:59", "zz")},
        {"cursor": cursor("9999-12-31T23:59:59-23:59", "zz")},
        {"cursor": cursor("2026-01-01T00:00:00", "zz")},
        {"cursor": cursor("2026-01-01T00:00:00+00:00", "\ud800")},
    ],
)
def test_a_query_that_cannot_be_used(member_api: Api, query: dict[str, Any]) -> None:
    assert member_api.get("pipelines/", **query).status_code == 400


def test_a_database_that_is_away_is_503_with_a_time_to_come_back(member_api: Api) -> None:
    with patch("editor.selectors.pipelines", side_effect=OperationalError("gone")):
        answer = member_api.get("pipelines/")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
    assert answer["Retry-After"] == "2"
    assert "gone" not in answer.content.decode()


def test_a_database_that_goes_away_outside_a_view_is_503_too(owner: Actor) -> None:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    with patch("django.contrib.sessions.backends.db.SessionStore.load", side_effect=OperationalError("gone")):
        answer = client.get("/")
    assert answer.status_code == 503


def test_a_fault_of_ours_names_the_request_and_nothing_else(member_api: Api) -> None:
    with patch("editor.selectors.pipelines", side_effect=ZeroDivisionError("secret detail")):
        answer = member_api.get("pipelines/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert answer.json()["request_id"] in answer.json()["detail"]
    assert "secret detail" not in answer.content.decode()
