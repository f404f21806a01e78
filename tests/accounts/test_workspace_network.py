"""An admin cuts the steps of a workspace off the network."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry, Workspace
from accounts.services.workspaces import set_network
from tests.factories.api import Api

pytestmark = pytest.mark.django_db


def test_an_admin_switches_it_and_the_change_is_on_record(owner: Actor, owner_api: Api) -> None:
    response = owner_api.patch("workspace/", {"network": False})
    assert (response.status_code, response.json()["network"]) == (200, False)  # type: ignore[attr-defined]
    assert not Workspace.objects.get(pk=owner.workspace.pk).network
    assert owner_api.get("session/").json()["workspace"]["network"] is False  # type: ignore[attr-defined]
    entry = AuditEntry.objects.get(action="workspace.network")
    assert (entry.actor, entry.target) == ("olive", owner.workspace.pk)


def test_saying_the_same_again_changes_nothing(owner: Actor) -> None:
    set_network(actor=owner, allowed=True)
    assert not AuditEntry.objects.filter(action="workspace.network").exists()


def test_an_editor_may_not(member: Actor) -> None:
    with pytest.raises(NotPermitted):
        set_network(actor=member, allowed=False)


@pytest.mark.parametrize("body", [{}, {"network": "maybe"}, {"network": None}, []])
def test_what_is_no_answer_is_refused(owner_api: Api, body: object) -> None:
    assert owner_api.patch("workspace/", body).status_code == 400
