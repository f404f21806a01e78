"""API tokens and access keys of one's own."""

from __future__ import annotations

import secrets
import string
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.errors import NotPermitted, TokenNotFound
from accounts.models import AccessKey, ApiToken
from accounts.permissions import Permission, require
from accounts.roles import Role
from accounts.secrets import digest, new_token, seal

TOKEN_PREFIX = "clary_"


def create_token(
    *, actor: Actor, name: str, role: Role | None = None, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """The row and the token itself, which is never shown again. `role` may be lower than the actor's, not higher."""
    require(actor, Permission.MANAGE_KEYS)
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
            expires_at=expires_at,
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
    """The row and the secret, in the shapes AWS SDKs expect (20 and 40 characters)."""
    require(actor, Permission.MANAGE_KEYS)
    letters = string.ascii_uppercase + string.digits
    key_id = "AKIA" + "".join(secrets.choice(letters) for _ in range(16))
    secret = secrets.token_urlsafe(30)
    with transaction.atomic():
        row = AccessKey.objects.create(
            access_key_id=key_id,
            user_id=actor.person_id,
            workspace=actor.workspace,
            secret=seal(secret),
            expires_at=expires_at,
        )
        audit.record(actor, "create-access-key", key_id)
    return row, secret
