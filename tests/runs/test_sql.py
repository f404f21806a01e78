"""The compiled statements say the same as the ORM."""

from __future__ import annotations

from datetime import UTC, datetime

from runs import sql
from runs.models import Execution, StepExecution, StoredObject
from tests.runs.definitions import chain
from tests.runs.workers import Bench


def test_select_gives_what_the_orm_gives(bench: Bench) -> None:
    execution = bench.run(chain(3))
    by_orm = {row.pk: row for row in StepExecution.objects.filter(execution=execution)}
    names = ("S0", "S2")
    found = sql.select(StepExecution, {"execution": execution.pk, "name": names})
    assert sorted(row.name for row in found) == ["S0", "S2"]
    for row in found:
        for field in StepExecution._meta.concrete_fields:
            assert getattr(row, field.attname) == getattr(by_orm[row.pk], field.attname), field.name
    (locked,) = sql.select(Execution, {"pk": execution.pk}, deferred=("definition", "layout"), lock=True)
    assert locked.get_deferred_fields() == {"definition", "layout"}
    assert locked.started_at == execution.started_at


def test_update_changes_only_what_where_names(bench: Bench) -> None:
    execution = bench.run(chain(3))
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    changed = sql.update(
        StepExecution, {"execution": execution.pk, "name": ("S0", "S1")}, {"metrics": {"a": 1.5}, "queued_at": moment}
    )
    assert changed == 2
    rows = StepExecution.objects.filter(execution=execution).order_by("name")
    assert [row.metrics for row in rows] == [{"a": 1.5}, {"a": 1.5}, {}]
    assert rows[0].queued_at == moment
    assert sql.update(StepExecution, {"execution": execution.pk, "status": ("Waiting",)}, {"metrics": {}}) == 0


def test_insert_and_between_follow_the_order_of_keys(bench: Bench) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    workspace = bench.owner.workspace.pk
    keys = ["a", "a/b", "a/c", "b"]
    place = {"workspace_id": workspace, "bucket": "bucket-x"}
    sql.insert(StoredObject, [StoredObject(**place, key=key, sha256="0" * 64, size=1, created_at=now) for key in keys])
    where = {"workspace": workspace, "bucket": "bucket-x"}
    found = sql.select(StoredObject, where, between=("key", "a/", "a0"))
    assert sorted(row.key for row in found) == ["a/b", "a/c"]
    assert {row.created_at for row in found} == {now}


def test_of_the_versions_of_a_key_only_the_newest_is_read(bench: Bench) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    place = {"workspace_id": bench.owner.workspace.pk, "bucket": "bucket-x"}
    for size in (1, 2, 3):
        rows = [StoredObject(**place, key=key, sha256="0" * 64, size=size, created_at=now) for key in ("a", "b")]
        sql.insert(StoredObject, rows[: 3 - size + 1])
    where = {"workspace": bench.owner.workspace.pk, "bucket": "bucket-x"}
    found = sql.select(StoredObject, where, between=("key", "a", "c"), newest_by="key")
    assert {row.key: row.size for row in found} == {"a": 3, "b": 2}


def test_the_first_row_of_an_order_is_read_alone(bench: Bench) -> None:
    execution = bench.run(chain(3))
    (first,) = sql.select(StepExecution, {"execution": execution.pk}, first_by=("status", "position"))
    assert first.name == "S0"
    assert sql.select(StepExecution, {"execution": "nobody"}, first_by=("position",)) == []
