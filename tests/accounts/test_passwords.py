"""Logging in with a password, and the throttle in front of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor, system_actor
from accounts.errors import (
    CredentialsWrong,
    CurrentPasswordNeeded,
    CurrentPasswordWrong,
    NotAPerson,
    PasswordTooWeak,
    TooManyAttempts,
)
from accounts.models import LoginFailure, User
from accounts.services.logins import create_login_link, log_in_with_password, set_password
from tests.factories.api import Api

GOOD = "correct horse battery"
HERE = "10.0.0.1"


def attempt(password: str, *, username: str = "olive", address: str = HERE) -> User:
    return log_in_with_password(username=username, password=password, address=address)


@pytest.fixture
def protected(owner: Actor) -> Actor:
    set_password(actor=owner, password=GOOD)
    return owner


def test_the_right_password_logs_in_and_leaves_no_failure(protected: Actor) -> None:
    assert attempt(GOOD).pk == protected.user_id
    assert not LoginFailure.objects.exists()


def test_an_unknown_user_a_wrong_password_and_no_password_look_alike(protected: Actor, member: Actor) -> None:
    for username in ("olive", "nobody", "miles"):
        with pytest.raises(CredentialsWrong):
            attempt("wrong wrong wrong", username=username)


def test_the_sixth_attempt_is_refused_even_with_the_right_password(protected: Actor) -> None:
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            attempt("wrong")
    with pytest.raises(TooManyAttempts) as refused:
        attempt(GOOD)
    assert 0 < refused.value.retry_after_seconds <= 15 * 60 + 1


def test_another_address_is_not_locked_out(protected: Actor) -> None:
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            attempt("wrong")
    assert attempt(GOOD, address="10.0.0.2").username == "olive"


def test_another_account_at_the_same_address_is_not_locked_out(protected: Actor, member: Actor) -> None:
    set_password(actor=member, password=GOOD)
    for _ in range(8):
        with pytest.raises((CredentialsWrong, TooManyAttempts)):
            attempt("wrong", username="olive")
    for n in range(60):
        LoginFailure.objects.create(username=f"guess-{n}", address=HERE)
    assert attempt(GOOD, username="miles").pk == member.user_id


def test_one_address_cannot_try_many_accounts(protected: Actor) -> None:
    for n in range(100):
        LoginFailure.objects.create(username=f"guess-{n}", address=HERE)
    with pytest.raises(TooManyAttempts):
        attempt(GOOD)


def test_the_time_to_wait_ends_when_the_first_attempt_is_possible_again(protected: Actor) -> None:
    for minutes in (14, *[5] * 99):
        LoginFailure.objects.create(username="guess", address=HERE, at=timezone.now() - timedelta(minutes=minutes))
    with pytest.raises(TooManyAttempts) as refused:
        attempt(GOOD)
    assert refused.value.retry_after_seconds <= 61


def test_failures_are_forgotten_after_a_quarter_of_an_hour(protected: Actor) -> None:
    for _ in range(5):
        LoginFailure.objects.create(username="olive", address=HERE, at=timezone.now() - timedelta(minutes=16))
    assert attempt(GOOD).username == "olive"
    assert not LoginFailure.objects.exists()


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password1234"[:8]])
def test_a_weak_password_is_refused_with_the_reason(owner: Actor, weak: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        set_password(actor=owner, password=weak)
    assert "password" in str(refused.value)


def test_clary_itself_has_no_password(owner: Actor) -> None:
    with pytest.raises(NotAPerson):
        set_password(actor=system_actor(owner.workspace), password=GOOD)


def test_logging_in_over_rest_opens_a_session(protected: Actor) -> None:
    api = Api()
    answer = api.post("session/", {"username": "olive", "password": GOOD})
    assert answer.status_code == 200
    assert answer.json()["role"] == "admin"
    assert api.get("session/").json()["user"] == {
        "username": "olive",
        "display_name": "Olive",
        "has_password": True,
    }


def test_a_refused_login_says_so_in_the_same_words_for_everybody(protected: Actor) -> None:
    known = Api().post("session/", {"username": "olive", "password": "nope nope nope"})
    unknown = Api().post("session/", {"username": "nobody", "password": "nope nope nope"})
    assert known.status_code == unknown.status_code == 401
    assert known.json()["code"] == unknown.json()["code"] == "credentials-wrong"


def test_the_throttle_answers_429_with_the_time_to_wait(protected: Actor) -> None:
    for _ in range(5):
        Api().post("session/", {"username": "olive", "password": "nope"})
    answer = Api().post("session/", {"username": "olive", "password": GOOD})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(owner: Actor) -> None:
    user = User.objects.get(pk=owner.user_id)
    here, there = Client(), Client()
    for client in (here, there):
        client.get("/", {"token": create_login_link(user=user)})
    answer = here.post("/api/session/password/", {"password": GOOD}, content_type="application/json")
    assert answer.status_code == 204
    assert here.get("/api/session/").status_code == 200
    assert there.get("/api/session/").status_code == 401


def test_a_session_changes_a_password_only_with_the_current_one(protected: Actor) -> None:
    api = Api()
    api.post("session/", {"username": "olive", "password": GOOD})
    without = api.post("session/password/", {"password": "another good one"})
    assert (without.status_code, without.json()["code"]) == (403, "current-password-needed")
    wrong = api.post("session/password/", {"password": "another good one", "current_password": "guess"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "current-password-wrong")
    assert attempt(GOOD).username == "olive"
    right = api.post("session/password/", {"password": "another good one", "current_password": GOOD})
    assert right.status_code == 204
    assert attempt("another good one").username == "olive"


def test_guessing_the_current_password_is_throttled(protected: Actor) -> None:
    for _ in range(5):
        with pytest.raises(CurrentPasswordWrong):
            set_password(actor=protected, password="another good one", current="guess", address=HERE)
    with pytest.raises(TooManyAttempts):
        set_password(actor=protected, password="another good one", current=GOOD, address=HERE)


def test_a_one_time_link_replaces_a_lost_password_for_a_quarter_of_an_hour(protected: Actor) -> None:
    client = Client()
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=protected.user_id))})
    answer = client.post("/api/session/password/", {"password": "another good one"}, content_type="application/json")
    assert answer.status_code == 204
    with pytest.raises(CurrentPasswordNeeded):
        set_password(actor=protected, password=GOOD, link_used_at=timezone.now() - timedelta(minutes=16))


def test_an_api_token_cannot_set_the_password_of_its_owner(owner_api: Api) -> None:
    weak = owner_api.post("tokens/", {"name": "watch", "role": "viewer"}).json()["token"]
    api = Api()
    api.headers = {"Authorization": f"Bearer {weak}"}
    answer = api.post("session/password/", {"password": GOOD})
    assert (answer.status_code, answer.json()["code"]) == (403, "session-needed")
    assert not User.objects.exclude(password__startswith="!").exists()


def test_logging_out_ends_the_session(owner: Actor) -> None:
    client = Client()
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=owner.user_id))})
    assert client.delete("/api/session/").status_code == 204
    assert client.get("/api/session/").status_code == 401
