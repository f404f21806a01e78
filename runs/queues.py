"""Reading queues. Every selector filters by the actor's workspace."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.clock import database_now
from runs.errors import QueueNotFound
from runs.models import Queue, QueueMessage


@dataclass(frozen=True, kw_only=True)
class Depth:
    """How many messages a queue holds: free to take, held by whoever received them, not yet due."""

    visible: int
    held: int
    delayed: int


def queues(actor: Actor, *, prefix: str = "") -> QuerySet[Queue]:
    """By name."""
    require(actor, Permission.USE_QUEUES)
    return Queue.objects.filter(workspace=actor.workspace, name__startswith=prefix).order_by("name")


def queue_named(actor: Actor, name: str) -> Queue:
    """Raises: QueueNotFound."""
    found = queues(actor).filter(name=name).first()
    if found is None:
        raise QueueNotFound(queue=name)
    return found


def depth(queue: Queue) -> Depth:
    now = database_now()
    waiting = Q(visible_at__gt=now)
    counted = QueueMessage.objects.filter(queue=queue, expires_at__gt=now).aggregate(
        visible=Count("pk", filter=~waiting),
        held=Count("pk", filter=waiting & Q(received__gt=0)),
        delayed=Count("pk", filter=waiting & Q(received=0)),
    )
    return Depth(**counted)
