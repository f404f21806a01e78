"""Sessions: CSRF in a studio, the same answer for sockets, nothing after the end."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.actors import Actor
from accounts.models import Membership, User
from accounts.selectors import actor_for_session
from accounts.services.logins import create_login_link
from tests.factories.api import Api


@pytest.fixture
def studio(owner: Actor) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=owner.user_id))})
    return client


def test_the_session_document_says_who_and_what(owner: Actor, studio: Client) -> None:
    document = studio.get("/api/session/").json()
    assert document["workspace"] == {
        "id": owner.workspace.id,
        "name": "lab",
        "account_id": owner.workspace.account_id,
        "default_bucket": owner.workspace.default_bucket,
        "network": True,
    }
    assert document["role"] == "admin"
    assert "manage-members" in document["permissions"]
    assert document["last_pipeline_id"] is None


def test_a_change_without_the_csrf_header_is_refused(studio: Client) -> None:
    answer = studio.post("/api/validate/", {"definition": "{}"}, content_type="application/json")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "csrf-failed"


def test_a_change_with_the_csrf_header_passes(studio: Client) -> None:
    studio.get("/api/session/")
    headers = {"X-CSRFToken": studio.cookies["csrftoken"].value}
    answer = studio.post("/api/validate/", {"definition": "{"}, content_type="application/json", headers=headers)
    assert answer.status_code == 200


def test_a_socket_reads_the_same_session(owner: Actor, studio: Client) -> None:
    key = studio.cookies[settings.SESSION_COOKIE_NAME].value
    assert actor_for_session(key) == owner
    assert actor_for_session("nonsense") is None
    studio.get("/api/session/")
    headers = {"X-CSRFToken": studio.cookies["csrftoken"].value}
    studio.delete("/api/session/", headers=headers)
    assert actor_for_session(key) is None


def test_a_disabled_user_is_out_at_once(owner: Actor, studio: Client) -> None:
    key = studio.cookies[settings.SESSION_COOKIE_NAME].value
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    assert studio.get("/api/session/").status_code == 401
    assert actor_for_session(key) is None


def test_somebody_without_a_workspace_is_told_so(owner: Actor, studio: Client) -> None:
    Membership.objects.all().delete()
    answer = studio.get("/api/session/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-a-member")


def test_the_session_document_costs_few_queries(
    owner: Actor, studio: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    studio.get("/api/session/")
    # session, user, membership, own row, last pipeline, workers (and the database clock)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        studio.get("/api/session/")


def test_a_token_request_costs_two_queries_more_than_its_work(
    member_api: Api, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    member_api.get("tokens/")
    with django_assert_num_queries(3):  # type: ignore[operator]
        member_api.get("tokens/")
