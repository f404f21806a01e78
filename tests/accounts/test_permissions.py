"""Four roles, each with everything the weaker one has."""

from __future__ import annotations

from itertools import pairwise

import pytest

from accounts.actors import Actor, system_actor
from accounts.errors import NotPermitted
from accounts.permissions import MINIMUM_ROLE, Permission, permissions_of, require
from accounts.roles import Role


def test_every_permission_has_its_role() -> None:
    assert set(MINIMUM_ROLE) == set(Permission)


def test_each_role_holds_all_of_the_weaker_one() -> None:
    sets = [set(permissions_of(role)) for role in Role]
    assert all(weaker < stronger for weaker, stronger in pairwise(sets))
    assert sets[-1] == set(Permission)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.VIEWER, Permission.VIEW, Permission.START_EXECUTION),
        (Role.OPERATOR, Permission.DECIDE_APPROVAL, Permission.EDIT_PIPELINE),
        (Role.EDITOR, Permission.EDIT_CODE, Permission.MANAGE_MEMBERS),
    ],
)
def test_the_line_between_two_roles(role: Role, may: Permission, may_not: Permission) -> None:
    assert may in permissions_of(role)
    assert may_not not in permissions_of(role)


def test_a_refusal_names_the_role_that_is_needed(viewer: Actor) -> None:
    with pytest.raises(NotPermitted, match="needs the role editor; your role here is viewer"):
        require(viewer, Permission.EDIT_PIPELINE)


def test_clary_itself_may_everything_in_its_workspace(owner: Actor) -> None:
    for permission in Permission:
        require(system_actor(owner.workspace), permission)
