"""API tokens: shown once, never stronger than their owner, gone when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor, system_actor
from accounts.errors import KeyTooStrong, NotAPerson, NotPermitted, OutlivesCredential, TokenNotFound
from accounts.models import ApiToken, Membership, User
from accounts.roles import Role
from accounts.selectors import actor_for_token, api_tokens
from accounts.services.tokens import create_access_key, create_token, revoke_token
from tests.factories.api import Api


def test_a_token_stands_for_its_owner(member: Actor) -> None:
    _, token = create_token(actor=member, name="laptop")
    assert actor_for_token(token) == member


def test_only_the_hash_and_a_prefix_are_kept(member: Actor) -> None:
    row, token = create_token(actor=member, name="laptop")
    row.refresh_from_db()
    assert token.startswith(row.prefix)
    assert token not in str(vars(row))


def test_a_token_may_be_weaker_but_not_stronger_than_its_owner(member: Actor) -> None:
    _, token = create_token(actor=member, name="watch", role=Role.VIEWER)
    weak = actor_for_token(token)
    assert weak is not None
    assert weak.role is Role.VIEWER
    with pytest.raises(NotPermitted):
        create_token(actor=member, name="more", role=Role.ADMIN)


def test_a_token_follows_its_owner_down(member: Actor) -> None:
    _, token = create_token(actor=member, name="laptop")
    Membership.objects.filter(user_id=member.user_id).update(role="viewer")
    lower = actor_for_token(token)
    assert lower is not None
    assert lower.role is Role.VIEWER


@pytest.mark.parametrize("change", ["expired", "revoked", "disabled", "expelled"])
def test_a_token_that_is_over_opens_nothing(member: Actor, change: str) -> None:
    row, token = create_token(actor=member, name="laptop")
    if change == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif change == "revoked":
        revoke_token(actor=member, token_id=row.id)
    elif change == "disabled":
        User.objects.filter(pk=member.user_id).update(is_active=False)
    else:
        Membership.objects.filter(user_id=member.user_id).delete()
    assert actor_for_token(token) is None


def test_nobody_revokes_or_sees_somebody_elses_token(owner: Actor, member: Actor, stranger: Actor) -> None:
    row, _ = create_token(actor=member, name="laptop")
    for other in (owner, stranger):
        with pytest.raises(TokenNotFound):
            revoke_token(actor=other, token_id=row.id)
        assert row not in api_tokens(other)


def test_clary_itself_gets_no_token(owner: Actor) -> None:
    with pytest.raises(NotAPerson):
        create_token(actor=system_actor(owner.workspace), name="no")


def test_use_is_noted_at_most_every_five_minutes(member: Actor) -> None:
    row, token = create_token(actor=member, name="laptop")
    actor_for_token(token)
    row.refresh_from_db()
    first = row.last_used_at
    actor_for_token(token)
    row.refresh_from_db()
    assert first is not None
    assert row.last_used_at == first


def test_the_rest_of_tokens(member_api: Api) -> None:
    made = member_api.post("tokens/", {"name": "ci", "role": "operator"})
    assert made.status_code == 201
    token = made.json()["token"]
    assert actor_for_token(token) is not None
    listed = member_api.get("tokens/").json()["results"]
    assert [row["name"] for row in listed] == ["ci", "test"]
    assert all("token" not in row for row in listed)
    assert member_api.delete(f"tokens/{made.json()['id']}/").status_code == 204
    assert actor_for_token(token) is None
    assert member_api.delete(f"tokens/{made.json()['id']}/").status_code == 404


def test_a_wrong_bearer_is_401_and_names_the_scheme(anonymous_api: Api) -> None:
    anonymous_api.headers = {"Authorization": "Bearer clary_nothing"}
    answer = anonymous_api.get("session/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "credentials-unknown"


def test_a_token_never_touches_session_or_csrf(member_api: Api) -> None:
    answer = member_api.post("validate/", {"definition": "{"})
    assert answer.status_code == 200
    assert not [name for name in answer.cookies if name.startswith("clary_session")]


def test_what_an_ending_token_makes_ends_with_it(member: Actor) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    _, short = create_token(actor=member, name="short", expires_at=soon)
    holder = actor_for_token(short)
    assert holder is not None
    assert create_token(actor=holder, name="same")[0].expires_at == soon
    earlier = soon - timedelta(minutes=1)
    assert create_token(actor=holder, name="sooner", expires_at=earlier)[0].expires_at == earlier
    assert create_access_key(actor=holder)[0].expires_at == soon
    with pytest.raises(OutlivesCredential):
        create_token(actor=holder, name="later", expires_at=soon + timedelta(seconds=1))
    with pytest.raises(OutlivesCredential):
        create_access_key(actor=holder, expires_at=soon + timedelta(days=1))


def test_no_chain_of_tokens_outlives_or_outranks_the_first(member_api: Api) -> None:
    soon = (timezone.now() + timedelta(minutes=5)).isoformat()
    first = member_api.post("tokens/", {"name": "ci", "role": "viewer", "expires_at": soon}).json()["token"]
    api = Api()
    api.headers = {"Authorization": f"Bearer {first}"}
    second = api.post("tokens/", {"name": "child"}).json()
    assert second["role"] == "viewer"
    api.headers = {"Authorization": f"Bearer {second['token']}"}
    assert api.post("tokens/", {"name": "up", "role": "editor"}).status_code == 403
    late = api.post("tokens/", {"name": "late", "expires_at": "2999-01-01T00:00:00Z"})
    assert (late.status_code, late.json()["code"], late.json()["pointer"]) == (
        403,
        "outlives-credential",
        "/expires_at",
    )


def test_an_access_key_is_made_only_with_the_whole_role(member: Actor) -> None:
    _, token = create_token(actor=member, name="watch", role=Role.VIEWER)
    weak = actor_for_token(token)
    assert weak is not None
    with pytest.raises(KeyTooStrong):
        create_access_key(actor=weak)
