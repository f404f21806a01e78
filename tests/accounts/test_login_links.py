"""A printed link logs in once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import LinkUnusable
from accounts.models import AuditEntry, LoginLink, User
from accounts.services.logins import create_login_link, redeem_login_link
from tests.people import join


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def test_a_link_logs_in_once_and_says_so_the_second_time(owner: Actor) -> None:
    token = create_login_link(user=user_of(owner))
    assert redeem_login_link(token=token).username == "olive"
    with pytest.raises(LinkUnusable, match="login_link"):
        redeem_login_link(token=token)


def test_an_expired_link_logs_nobody_in(owner: Actor) -> None:
    token = create_login_link(user=user_of(owner), lifetime=timedelta(seconds=-1))
    with pytest.raises(LinkUnusable):
        redeem_login_link(token=token)


def test_an_unknown_or_odd_token_logs_nobody_in(db: None) -> None:
    for token in ("", "nonsense", "\0", "\ud800", "x" * 100_000):
        with pytest.raises(LinkUnusable):
            redeem_login_link(token=token)


def test_a_disabled_user_cannot_use_their_link(owner: Actor) -> None:
    token = create_login_link(user=user_of(owner))
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    with pytest.raises(LinkUnusable):
        redeem_login_link(token=token)


def test_the_token_itself_is_not_kept(owner: Actor) -> None:
    token = create_login_link(user=user_of(owner))
    assert token not in str(LoginLink.objects.values_list("digest", flat=True))


def test_old_links_are_cleared_away(owner: Actor) -> None:
    create_login_link(user=user_of(owner))
    LoginLink.objects.update(expires_at=timezone.now() - timedelta(days=3))
    create_login_link(user=user_of(owner))
    assert LoginLink.objects.count() == 1


def test_opening_the_link_leaves_a_cookie_and_a_clean_address(owner: Actor) -> None:
    client = Client()
    answer = client.get("/", {"token": create_login_link(user=user_of(owner))})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "no-store" in answer["Cache-Control"]
    cookie = next(one for name, one in answer.cookies.items() if name.startswith("clary_session"))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/api/session/").json()["user"]["username"] == "olive"


def test_a_used_link_shows_a_calm_page_with_the_way_out(owner: Actor) -> None:
    token = create_login_link(user=user_of(owner))
    Client().get("/", {"token": token})
    answer = Client().get("/", {"token": token})
    assert answer.status_code == 410
    assert "manage.py login_link" in answer.content.decode()


def test_a_used_link_still_opens_the_studio_for_whoever_is_logged_in(owner: Actor) -> None:
    client = Client()
    token = create_login_link(user=user_of(owner))
    client.get("/", {"token": token})
    assert client.get("/", {"token": token})["Location"] == "/"


def test_a_probe_does_not_use_the_link_up(owner: Actor) -> None:
    token = create_login_link(user=user_of(owner))
    assert Client().head("/", {"token": token}).status_code == 204
    assert Client().get("/", {"token": token}).status_code == 302


def test_a_login_is_recorded(owner: Actor) -> None:
    redeem_login_link(token=create_login_link(user=user_of(owner)))
    entry = AuditEntry.objects.get(action="log-in")
    assert (entry.actor, entry.detail) == ("olive", '{"how":"link"}')


def test_the_command_prints_a_link_of_the_first_admin(owner: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("login_link")
    link = capsys.readouterr().out.strip()
    assert link.startswith("http://127.0.0.1:8000/?token=")
    assert redeem_login_link(token=link.partition("token=")[2]).username == "olive"


def test_the_command_prints_a_link_of_a_named_user(owner: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    from accounts.roles import Role

    join(owner.workspace, "vera", Role.VIEWER)
    call_command("login_link", "vera")
    token = capsys.readouterr().out.strip().partition("token=")[2]
    assert redeem_login_link(token=token).username == "vera"


def test_the_command_names_a_user_it_does_not_know(owner: Actor) -> None:
    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("login_link", "nobody")
