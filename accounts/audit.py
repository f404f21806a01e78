"""The append-only, hash-chained record of who changed what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AuditEntry, AuditHead, Workspace


def record(actor: Actor, action: str, target: str, detail: Mapping[str, Any] | None = None) -> AuditEntry:
    """The new last entry of the workspace's chain. Call it last inside the changing transaction.

    The head's row lock orders concurrent writers (SQLite: the IMMEDIATE transaction does).

    Raises:
        RuntimeError: outside a transaction, where the change and its entry could come apart.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs into the transaction of its change.")
    head, _ = AuditHead.objects.select_for_update().get_or_create(workspace=actor.workspace)
    entry = AuditEntry(
        workspace=actor.workspace,
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor=actor.username,
        action=action,
        target=target[:256],
        detail=json.dumps(dict(detail or {}), sort_keys=True, separators=(",", ":"), default=str),
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=head.pk).update(sequence=entry.sequence, hash=entry.hash)
    return entry


def first_broken_entry(workspace: Workspace) -> int | None:
    """Sequence of the first entry that was changed, removed or added by hand; None when the chain holds."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(workspace=workspace).order_by("sequence").iterator():
        if entry.sequence != expected or entry.previous_hash != previous or entry.hash != entry_hash(entry):
            return expected
        previous, expected = entry.hash, expected + 1
    head = AuditHead.objects.filter(workspace=workspace).first()
    if head is not None and (head.sequence != expected - 1 or head.hash != previous):
        return expected
    return None


def entry_hash(entry: AuditEntry) -> str:
    """sha256 over every field and the hash before."""
    at: datetime = entry.at
    fields = [
        entry.workspace_id,
        entry.sequence,
        at.isoformat(),
        entry.actor,
        entry.action,
        entry.target,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()
