"""The people of the tests: an owner, a member, and a stranger from another workspace."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Membership, User, Workspace
from accounts.roles import Role
from accounts.services.bootstrap import create_workspace


def join(workspace: Workspace, username: str, role: Role) -> Actor:
    """A new person with `role` in `workspace`."""
    user = User(username=username, display_name=username.title())
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, workspace=workspace, role=role.value)
    return Actor(user_id=user.pk, username=username, workspace=workspace, role=role)


def found(name: str, username: str) -> Actor:
    """A new workspace and its admin."""
    return join(create_workspace(name=name), username, Role.ADMIN)
