"""Reading who is who. Everything a credential opens goes through here, sockets and AWS calls included."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AccessKey, ApiToken, AuditEntry, Membership, User, Workspace
from accounts.roles import Role
from accounts.secrets import digest, unseal
from accounts.signing import SigningIdentity, temporary_identity

#: AWS's own prefix of temporary access keys; stored ones begin with AKIA.
TEMPORARY_PREFIX = "ASIA"
USE_NOTED_EVERY = timedelta(minutes=5)
_ACCESS_KEY_ID = re.compile(r"[\x20-\x7e]{1,128}")
#: Every signed request asks this first. Written out, because building it anew takes longer than all the database does.
_KEY_AND_HOLDER = """
SELECT k.access_key_id, k.user_id, k.secret, k.expires_at, u.username, m.role, w.id AS workspace_id,
       w.name AS workspace_name, w.account_id AS workspace_account_id, w.default_bucket AS workspace_default_bucket
FROM accounts_accesskey k
JOIN accounts_user u ON u.id = k.user_id AND u.is_active
JOIN accounts_membership m ON m.user_id = k.user_id AND m.workspace_id = k.workspace_id
JOIN accounts_workspace w ON w.id = k.workspace_id
WHERE k.access_key_id = %s
"""


def actor_for_user(user_id: int, workspace_id: str | None = None) -> Actor | None:
    """The user in the named workspace, else in the one they joined first; None without a membership."""
    members = Membership.objects.filter(user_id=user_id, user__is_active=True)
    if workspace_id is not None:
        members = members.filter(workspace_id=workspace_id)
    return _actor(members.select_related("user", "workspace").order_by("pk").first())


def actor_for_token(token: str) -> Actor | None:
    """Whoever a valid API token stands for, with the lower of the token's and the member's role."""
    now = timezone.now()
    row = (
        ApiToken.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), digest=digest(token))
        .only("pk", "user_id", "workspace_id", "role", "last_used_at", "expires_at")
        .first()
    )
    if row is None:
        return None
    if row.last_used_at is None or row.last_used_at < now - USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    actor = actor_for_user(row.user_id, row.workspace_id)
    if actor is None:
        return None
    role = min(actor.role, Role(row.role), key=lambda one: one.rank)
    return replace(actor, role=role, credential_ends_at=row.expires_at)


def actor_for_session(session_key: str) -> Actor | None:
    """Whoever is logged in under a session cookie; the same checks as Django's middleware."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils.crypto import constant_time_compare

    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=session.get(SESSION_KEY), is_active=True).first()
    if user is None or not constant_time_compare(session.get(HASH_SESSION_KEY) or "", user.get_session_auth_hash()):
        return None
    return actor_for_user(user.pk)


def signing_identity(access_key_id: str) -> SigningIdentity | None:
    """What to check a SigV4 signature with, and whose it is; None when the key is unknown, expired or revoked."""
    if not _ACCESS_KEY_ID.fullmatch(access_key_id):  # PostgreSQL refuses a NUL even in a question
        return None
    if access_key_id.startswith(TEMPORARY_PREFIX):
        return temporary_identity(access_key_id)
    row = next(iter(AccessKey.objects.raw(_KEY_AND_HOLDER, [access_key_id])), None)
    if row is None or (row.expires_at is not None and row.expires_at <= timezone.now()):
        return None
    columns = ("id", "name", "account_id", "default_bucket")
    facts: Any = row  # with the further columns of the statement
    actor = Actor(
        user_id=row.user_id,
        username=facts.username,
        workspace=Workspace.from_db(row._state.db, columns, [getattr(facts, f"workspace_{name}") for name in columns]),
        role=Role(facts.role),
        credential_ends_at=row.expires_at,
    )
    return SigningIdentity(secret=unseal(bytes(row.secret)), actor=actor)


def first_admin() -> User | None:
    """The owner: the admin who was there first."""
    member = (
        Membership.objects.filter(role=Role.ADMIN.value, user__is_active=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return member.user if member else None


def api_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens here, newest first."""
    return ApiToken.objects.filter(user_id=actor.person_id, workspace=actor.workspace).order_by("-created_at", "-pk")


def audit_entries(actor: Actor) -> QuerySet[AuditEntry]:
    """The workspace's record, newest first."""
    return AuditEntry.objects.filter(workspace=actor.workspace).order_by("-sequence")


def _actor(member: Membership | None) -> Actor | None:
    if member is None:
        return None
    return Actor(
        user_id=member.user_id, username=member.user.username, workspace=member.workspace, role=Role(member.role)
    )
