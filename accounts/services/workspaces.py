"""What holds for everything in a workspace."""

from __future__ import annotations

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import Workspace
from accounts.permissions import Permission, require


def set_network(*, actor: Actor, allowed: bool) -> Workspace:
    """Whether steps may use the network. Steps that run keep what they started with.

    Raises:
        NotPermitted
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
        if workspace.network != allowed:
            workspace.network = allowed
            workspace.save(update_fields=["network"])
            audit.record(actor, "workspace.network", workspace.pk, {"allowed": allowed})
    return workspace
