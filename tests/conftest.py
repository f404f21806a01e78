"""Fixtures every room uses."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.roles import Role
from tests.factories.api import Api
from tests.people import found, join


@pytest.fixture
def owner(db: None) -> Actor:
    """Admin of the workspace most tests happen in."""
    return found("lab", "olive")


@pytest.fixture
def member(owner: Actor) -> Actor:
    """An editor of the owner's workspace."""
    return join(owner.workspace, "miles", Role.EDITOR)


@pytest.fixture
def operator(owner: Actor) -> Actor:
    return join(owner.workspace, "otto", Role.OPERATOR)


@pytest.fixture
def viewer(owner: Actor) -> Actor:
    """May look at the owner's workspace, and nothing else."""
    return join(owner.workspace, "vera", Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> Actor:
    """Admin of another workspace: must not even learn what exists here."""
    return found("elsewhere", "sven")


@pytest.fixture
def owner_api(owner: Actor) -> Api:
    return Api(owner)


@pytest.fixture
def member_api(member: Actor) -> Api:
    return Api(member)


@pytest.fixture
def stranger_api(stranger: Actor) -> Api:
    return Api(stranger)


@pytest.fixture
def anonymous_api(db: None) -> Api:
    return Api()
