"""API tokens and access keys of one's own."""

from __future__ import annotations

import secrets
import string
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.errors import KeyTooStrong, NotPermitted, OutlivesCredential, TokenNotFound
from accounts.models import AccessKey, ApiToken
from accounts.permissions import Permission, require
from accounts.roles import Role
from accounts.secrets import digest, new_token, seal
from accounts.selectors import actor_for_user

TOKEN_PREFIX = "clary_"


def create_token(
    *, actor: Actor, name: str, role: Role | None = None, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """The row and the token itself, which is never shown again.

    It is never stronger than the credential that makes it: `role` may be lower than the actor's, not higher, and it
    ends no later; without `expires_at` it ends together with that credential.

    Raises:
        NotPermitted: a higher role.
        OutlivesCredential: a later end.
    """
    require(actor, Permission.MANAGE_KEYS)
    ends_at = _end_of(actor, expires_at)
    wanted = role or actor.role
    if wanted.rank > actor.role.rank:
        raise NotPermitted(permission="create-token", needed=wanted.value, role=actor.role.value)
    token = new_token(TOKEN_PREFIX)
    with transaction.atomic():
        row = ApiToken.objects.create(
            user_id=actor.person_id,
            workspace=actor.workspace,
            name=name,
            role=wanted.value,
            prefix=token[:12],
            digest=digest(token),
            expires_at=ends_at,
        )
        audit.record(actor, "create-token", row.id, {"name": name, "role": wanted.value})
    return row, token


def revoke_token(*, actor: Actor, token_id: str) -> None:
    """Ends the actor's own token at once, open sockets included.

    Raises:
        TokenNotFound: no such token, or somebody else's.
    """
    require(actor, Permission.MANAGE_KEYS)
    with transaction.atomic():
        gone, _ = ApiToken.objects.filter(pk=token_id, user_id=actor.person_id, workspace=actor.workspace).delete()
        if not gone:
            raise TokenNotFound(id=token_id)
        audit.record(actor, "revoke-token", token_id)


def create_access_key(*, actor: Actor, expires_at: datetime | None = None) -> tuple[AccessKey, str]:
    """The row and the secret, in the shapes AWS SDKs expect (20 and 40 characters).

    A key always has its owner's whole role, so only a credential with that role makes one; its end as for tokens.

    Raises:
        KeyTooStrong: the credential is weaker than its owner.
        OutlivesCredential: a later end.
    """
    require(actor, Permission.MANAGE_KEYS)
    owner = actor_for_user(actor.person_id, actor.workspace.id)
    if owner is not None and owner.role.rank > actor.role.rank:
        raise KeyTooStrong(role=owner.role.value, have=actor.role.value)
    ends_at = _end_of(actor, expires_at)
    letters = string.ascii_uppercase + string.digits
    key_id = "AKIA" + "".join(secrets.choice(letters) for _ in range(16))
    secret = secrets.token_urlsafe(30)
    with transaction.atomic():
        row = AccessKey.objects.create(
            access_key_id=key_id,
            user_id=actor.person_id,
            workspace=actor.workspace,
            secret=seal(secret),
            expires_at=ends_at,
        )
        audit.record(actor, "create-access-key", key_id)
    return row, secret


def _end_of(actor: Actor, wanted: datetime | None) -> datetime | None:
    """When what the actor makes ends; a session makes what it likes, as its owner proved who they are."""
    latest = actor.credential_ends_at
    if latest is None or wanted is None:
        return wanted or latest
    if wanted > latest:
        raise OutlivesCredential(pointer="/expires_at", latest=latest.isoformat(timespec="seconds"))
    return wanted
