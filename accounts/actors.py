"""Who asks: the first argument of every service and selector."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accounts.errors import NotAPerson
from accounts.models import Workspace
from accounts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person or key acting in one workspace. `user_id` is None for Clary itself (schedules, triggers).

    `credential_ends_at`: when the token or key it came with expires; None for a session and for one without an end.
    """

    user_id: int | None
    username: str
    workspace: Workspace
    role: Role
    credential_ends_at: datetime | None = field(default=None, compare=False)

    @property
    def person_id(self) -> int:
        """The user's id, where only a person can act.

        Raises:
            NotAPerson: Clary itself asks.
        """
        if self.user_id is None:
            raise NotAPerson(username=self.username)
        return self.user_id


def system_actor(workspace: Workspace, name: str = "clary") -> Actor:
    """Clary itself, with every right in `workspace`."""
    return Actor(user_id=None, username=name, workspace=workspace, role=Role.ADMIN)
