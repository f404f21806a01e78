"""The first start: an owner, a workspace, and the credentials file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.files import write_private
from accounts.identifiers import new_account_id
from accounts.models import Membership, User, Workspace
from accounts.roles import Role
from accounts.services.tokens import create_access_key, create_token

OWNER = "owner"
WORKSPACE = "default"


@dataclass(frozen=True, kw_only=True)
class FirstStart:
    """`created` is False on every later start."""

    owner: User
    workspace: Workspace
    created: bool
    credentials: Path


def ensure_owner(*, url: str) -> FirstStart:
    """The first admin and their workspace, made when there is no user yet. Safe to repeat and to race.

    The first call writes `$CLARY_HOME/credentials.json` (0600) inside the transaction, so there is never an owner
    without credentials; later calls only keep its `url` current.
    """
    path = Path(settings.CLARY_HOME) / "credentials.json"
    with transaction.atomic():
        member = (
            Membership.objects.filter(role=Role.ADMIN.value).select_related("user", "workspace").order_by("pk").first()
        )
        if member is not None:
            _keep_url(path, url)
            return FirstStart(owner=member.user, workspace=member.workspace, created=False, credentials=path)
        owner = User(username=OWNER, display_name="Owner")
        owner.set_unusable_password()
        owner.save()
        workspace = create_workspace(name=WORKSPACE)
        Membership.objects.create(user=owner, workspace=workspace, role=Role.ADMIN.value)
        actor = Actor(user_id=owner.pk, username=owner.username, workspace=workspace, role=Role.ADMIN)
        _, token = create_token(actor=actor, name="credentials.json")
        key, secret = create_access_key(actor=actor)
        facts = {
            "url": url,
            "username": owner.username,
            "api_token": token,
            "aws_access_key_id": key.access_key_id,
            "aws_secret_access_key": secret,
            "region": settings.CLARY_REGION,
        }
        write_private(path, json.dumps(facts, indent=2).encode() + b"\n")
    return FirstStart(owner=owner, workspace=workspace, created=True, credentials=path)


def create_workspace(*, name: str) -> Workspace:
    """A workspace with its own account id and default bucket."""
    account_id = new_account_id()
    return Workspace.objects.create(name=name, account_id=account_id, default_bucket=f"clary-{account_id}")


def last_url() -> str:
    """Where this installation was last started, for links printed by another process; else the configured address."""
    return str(credentials().get("url") or settings.PUBLIC_URL)


def credentials() -> dict[str, Any]:
    """What `credentials.json` says; nothing where its owner moved or edited it."""
    return _facts(Path(settings.CLARY_HOME) / "credentials.json")


def _keep_url(path: Path, url: str) -> None:
    facts = _facts(path)
    if facts and facts.get("url") != url:
        write_private(path, json.dumps({**facts, "url": url}, indent=2).encode() + b"\n")


def _facts(path: Path) -> dict[str, Any]:
    """What the file holds; nothing where its owner moved or edited it, which is theirs to do."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
