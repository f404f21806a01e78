"""Queues of a workspace: messages in, messages out, each held by one receiver at a time.

A receipt is the message's id with the mark of that receipt: who received it later holds another one, and only the
newest counts. Nothing is lost with a receiver: what it did not delete is free again after the visibility time-out.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.clock import database_now
from runs.errors import MessageNotHeld, QueueExists, ReceiptInvalid
from runs.models import Queue, QueueMessage
from runs.queues import queue_named

#: SQS: messages one ReceiveMessage returns at most.
MOST_RECEIVED = 10


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The figures of a queue; None leaves one as it is, or at SQS's default."""

    visibility_seconds: int | None = None
    retention_seconds: int | None = None
    delay_seconds: int | None = None
    wait_seconds: int | None = None
    message_bytes: int | None = None

    def given(self) -> dict[str, int]:
        return {name: value for name, value in vars(self).items() if value is not None}


def create_queue(*, actor: Actor, name: str, settings: Settings | None = None) -> Queue:
    """The queue of that name, made when there is none.

    Raises:
        NotPermitted
        QueueExists: it is there with other figures than those given.
    """
    require(actor, Permission.USE_QUEUES)
    given = settings.given() if settings else {}
    with transaction.atomic():
        now = database_now()
        queue, made = Queue.objects.get_or_create(
            workspace=actor.workspace, name=name, defaults={**given, "created_at": now, "changed_at": now}
        )
        if made:
            audit.record(actor, "queue.create", name, given)
        elif any(getattr(queue, figure) != value for figure, value in given.items()):
            raise QueueExists(queue=name)
    return queue


def change_queue(*, actor: Actor, name: str, settings: Settings) -> Queue:
    """Raises: NotPermitted, QueueNotFound."""
    require(actor, Permission.USE_QUEUES)
    with transaction.atomic():
        queue = queue_named(actor, name)
        given = settings.given()
        Queue.objects.filter(pk=queue.pk).update(**given, changed_at=database_now())
        audit.record(actor, "queue.change", name, given)
    queue.refresh_from_db()
    return queue


def delete_queue(*, actor: Actor, name: str) -> None:
    """Its messages go with it. Raises: NotPermitted, QueueNotFound."""
    require(actor, Permission.USE_QUEUES)
    with transaction.atomic():
        queue_named(actor, name).delete()
        audit.record(actor, "queue.delete", name)


def purge_queue(*, actor: Actor, name: str) -> None:
    """Deletes every message, also those somebody holds. Raises: NotPermitted, QueueNotFound."""
    require(actor, Permission.USE_QUEUES)
    with transaction.atomic():
        QueueMessage.objects.filter(queue=queue_named(actor, name)).delete()
        audit.record(actor, "queue.purge", name)


def send_message(
    *, actor: Actor, name: str, body: str, delay_seconds: int | None = None, attributes: Mapping[str, Any] | None = None
) -> QueueMessage:
    """Raises: NotPermitted, QueueNotFound."""
    require(actor, Permission.USE_QUEUES)
    queue = queue_named(actor, name)
    delay = queue.delay_seconds if delay_seconds is None else delay_seconds
    now = database_now()
    return put(queue, body, now=now, sender=actor.username, due=now + timedelta(seconds=delay), attributes=attributes)


def put(
    queue: Queue,
    body: str,
    *,
    now: datetime,
    sender: str,
    due: datetime | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> QueueMessage:
    """The new message, in whatever transaction the caller has open."""
    return QueueMessage.objects.create(
        id=uuid.uuid4(),
        queue=queue,
        body=body,
        attributes=dict(attributes or {}),
        sent_by=sender,
        sent_at=now,
        visible_at=due or now,
        expires_at=now + timedelta(seconds=queue.retention_seconds),
    )


def receive_messages(
    *, actor: Actor, name: str, most: int = 1, visibility_seconds: int | None = None
) -> list[QueueMessage]:
    """At most `most` messages, the oldest first, each held by the caller from now on. An empty queue costs a read.

    Raises:
        NotPermitted, QueueNotFound
    """
    require(actor, Permission.USE_QUEUES)
    queue = queue_named(actor, name)
    hold = timedelta(seconds=queue.visibility_seconds if visibility_seconds is None else visibility_seconds)
    now = database_now()
    free = QueueMessage.objects.filter(queue=queue, visible_at__lte=now, expires_at__gt=now)
    taken = []
    for message in free.order_by("sent_at", "pk")[: min(most, MOST_RECEIVED)]:
        columns = {
            "visible_at": now + hold,
            "received": message.received + 1,
            "first_received_at": message.first_received_at or now,
            "handle": secrets.token_hex(16),
        }
        seen = QueueMessage.objects.filter(pk=message.pk, received=message.received, visible_at=message.visible_at)
        if seen.update(**columns):  # nobody else was faster
            for column, value in columns.items():
                setattr(message, column, value)
            taken.append(message)
    return taken


def receipt_of(message: QueueMessage) -> str:
    return f"{message.pk.hex}{message.handle}"


def delete_message(*, actor: Actor, name: str, receipt: str) -> None:
    """Done is done: a message that is gone, or that somebody else received since, stays as it is.

    Raises:
        NotPermitted, QueueNotFound, ReceiptInvalid
    """
    _held(actor, name, receipt).delete()


def change_visibility(*, actor: Actor, name: str, receipt: str, seconds: int) -> None:
    """Holds the message so much longer from now on; 0 gives it back.

    Raises:
        NotPermitted, QueueNotFound, ReceiptInvalid
        MessageNotHeld: it is gone, free again, or somebody else's.
    """
    now = database_now()
    held = _held(actor, name, receipt).filter(visible_at__gt=now)
    if not held.update(visible_at=now + timedelta(seconds=seconds)):
        raise MessageNotHeld


def _held(actor: Actor, name: str, receipt: str) -> Any:
    require(actor, Permission.USE_QUEUES)
    queue = queue_named(actor, name)
    try:
        message_id = uuid.UUID(hex=receipt[:32])
        bytes.fromhex(receipt[32:])
    except ValueError:
        raise ReceiptInvalid from None
    if len(receipt) != 64:
        raise ReceiptInvalid
    return QueueMessage.objects.filter(pk=message_id, queue=queue, handle=receipt[32:])
