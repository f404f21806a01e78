"""The record of changes holds, and shows when it was touched."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import AuditEntry
from accounts.selectors import audit_entries


def write(actor: Actor, count: int) -> list[AuditEntry]:
    with transaction.atomic():
        return [audit.record(actor, "test", f"thing-{n}", {"n": n}) for n in range(count)]


def test_entries_are_numbered_and_chained_per_workspace(owner: Actor, stranger: Actor) -> None:
    mine = write(owner, 3)
    write(stranger, 1)
    assert [one.sequence for one in mine] == [1, 2, 3]
    assert mine[2].previous_hash == mine[1].hash
    assert audit.first_broken_entry(owner.workspace) is None
    assert audit.first_broken_entry(stranger.workspace) is None


@pytest.mark.parametrize("field", ["actor", "action", "target", "detail", "previous_hash", "hash"])
def test_a_changed_field_shows(owner: Actor, field: str) -> None:
    write(owner, 3)
    AuditEntry.objects.filter(sequence=2).update(**{field: "forged"})
    assert audit.first_broken_entry(owner.workspace) == 2


def test_a_removed_entry_shows_wherever_it_stood(owner: Actor) -> None:
    write(owner, 3)
    AuditEntry.objects.filter(sequence=3).delete()
    assert audit.first_broken_entry(owner.workspace) == 3
    AuditEntry.objects.filter(sequence=1).delete()
    assert audit.first_broken_entry(owner.workspace) == 1


def test_an_entry_of_a_rolled_back_change_is_gone_too(owner: Actor) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(owner, "test", "thing")
        raise ZeroDivisionError
    assert not AuditEntry.objects.exists()
    assert write(owner, 1)[0].sequence == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(owner: Actor) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(owner, "test", "thing")


def test_nobody_reads_another_workspaces_record(owner: Actor, stranger: Actor) -> None:
    write(owner, 2)
    assert audit_entries(owner).count() == 2
    assert audit_entries(stranger).count() == 0
