"""Schedules: who may make them, and that each fire time starts one execution."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from editor.errors import PipelineNotFound
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish, put_version, set_alias
from runs import dispatch, schedules
from runs.errors import CannotStart, ScheduleInvalid, ScheduleNameInUse, ScheduleNotFound
from runs.models import Execution, Schedule
from runs.services.schedules import ScheduleFacts, change_schedule, create_schedule, delete_schedule, facts_of
from tests.people import found as new_workspace
from tests.runs.definitions import chain, pipeline, step
from tests.runs.workers import Bench

HOURLY = ScheduleFacts(expression="rate(1 hour)")


def published(owner: Actor, definition: Any = None) -> str:
    made = create_pipeline(actor=owner, name="nightly", definition=json.dumps(definition or chain(1)))
    publish(actor=owner, pipeline_id=made.pk)
    return made.pk


def scheduled(actor: Actor, pipeline_id: str, facts: ScheduleFacts = HOURLY, name: str = "every-hour") -> Schedule:
    return create_schedule(actor=actor, pipeline_id=pipeline_id, name=name, facts=facts)


def due_since(schedule: Schedule, minutes: float) -> datetime:
    """Puts the schedule's whole clock back, so that its next fire time was `minutes` ago."""
    now = datetime.now(UTC)
    due = now - timedelta(minutes=minutes)
    Schedule.objects.filter(pk=schedule.pk).update(next_fire=due, created_at=due - timedelta(hours=1))
    return due


def test_an_operator_schedules_and_the_audit_says_so(bench: Bench, owner: Actor, operator: Actor) -> None:
    schedule = scheduled(operator, published(owner))
    assert schedule.next_fire is not None
    assert AuditEntry.objects.get(action="schedule.create").actor == "otto"


def test_a_viewer_may_not_schedule_and_a_stranger_finds_nothing(
    bench: Bench, owner: Actor, viewer: Actor, stranger: Actor
) -> None:
    pipeline_id = published(owner)
    schedule = scheduled(owner, pipeline_id)
    with pytest.raises(NotPermitted):
        scheduled(viewer, pipeline_id, name="another")
    with pytest.raises(PipelineNotFound):
        scheduled(stranger, pipeline_id)
    with pytest.raises(ScheduleNotFound):
        change_schedule(actor=stranger, schedule_id=schedule.pk, facts=HOURLY)
    with pytest.raises(ScheduleNotFound):
        delete_schedule(actor=stranger, schedule_id=schedule.pk)


def test_a_fire_time_starts_one_execution_of_the_newest_version(bench: Bench, owner: Actor) -> None:
    pipeline_id = published(owner)
    put_version(actor=owner, pipeline_id=pipeline_id, definition=json.dumps(chain(2)))
    schedule = scheduled(owner, pipeline_id)
    due = due_since(schedule, minutes=1)

    assert schedules.fire_due() == 1
    assert schedules.fire_due() == 0

    execution = Execution.objects.get()
    schedule.refresh_from_db()
    assert execution.source_label == "v2"
    assert execution.description == f"Started by the schedule every-hour, due {due.isoformat()}."
    assert (schedule.last_fire, schedule.last_outcome, schedule.last_note) == (due, "started", "")
    assert schedule.last_execution_id == execution.pk
    assert schedule.next_fire == due + timedelta(hours=1)


def test_an_alias_is_followed_at_each_fire_time(bench: Bench, owner: Actor) -> None:
    pipeline_id = published(owner)
    set_alias(actor=owner, pipeline_id=pipeline_id, name="prod", number=1)
    put_version(actor=owner, pipeline_id=pipeline_id, definition=json.dumps(chain(2)))
    due_since(scheduled(owner, pipeline_id, ScheduleFacts(expression="rate(1 hour)", alias="prod")), minutes=1)
    schedules.fire_due()
    assert Execution.objects.get().source_label == "v1"


def test_fire_times_missed_while_nothing_ran_are_made_up_for_by_one_execution(bench: Bench, owner: Actor) -> None:
    schedule = scheduled(owner, published(owner))
    due = due_since(schedule, minutes=60 * 24)

    assert schedules.fire_due() == 1

    schedule.refresh_from_db()
    assert Execution.objects.count() == 1
    assert "24 fire times" in schedule.last_note
    assert schedule.next_fire == due + timedelta(hours=25)


def test_a_start_that_is_refused_is_told_and_the_next_one_is_tried(bench: Bench, owner: Actor) -> None:
    pipeline_id = published(owner)
    schedule = scheduled(owner, pipeline_id)
    needs = pipeline(step("A"), parameters=[{"Name": "Rate", "Type": "Float"}])
    put_version(actor=owner, pipeline_id=pipeline_id, definition=json.dumps(needs))
    due_since(schedule, minutes=1)

    assert schedules.fire_due() == 0

    schedule.refresh_from_db()
    assert schedule.last_outcome == "refused"
    assert "Rate" in schedule.last_note
    assert schedule.next_fire is not None
    assert not Execution.objects.exists()


def test_a_schedule_of_somebody_who_left_starts_nothing(bench: Bench, owner: Actor, operator: Actor) -> None:
    schedule = scheduled(operator, published(owner))
    Membership.objects.filter(user_id=operator.user_id).delete()
    due_since(schedule, minutes=1)
    schedules.fire_due()
    schedule.refresh_from_db()
    assert "no member of the workspace any more" in schedule.last_note


def test_a_schedule_of_somebody_who_may_only_look_now_starts_nothing(
    bench: Bench, owner: Actor, operator: Actor
) -> None:
    schedule = scheduled(operator, published(owner))
    Membership.objects.filter(user_id=operator.user_id).update(role=Role.VIEWER.value)
    due_since(schedule, minutes=1)
    schedules.fire_due()
    schedule.refresh_from_db()
    assert (schedule.last_outcome, Execution.objects.count()) == ("refused", 0)


def test_a_paused_schedule_has_no_fire_time_and_resumes_from_now(bench: Bench, owner: Actor) -> None:
    schedule = scheduled(owner, published(owner))
    facts = facts_of(schedule)
    paused = ScheduleFacts(**{**vars(facts), "enabled": False})
    assert change_schedule(actor=owner, schedule_id=schedule.pk, facts=paused).next_fire is None
    resumed = change_schedule(actor=owner, schedule_id=schedule.pk, facts=facts)
    assert resumed.next_fire is not None
    assert resumed.next_fire > datetime.now(UTC)


def test_a_schedule_that_ends_may_delete_itself(bench: Bench, owner: Actor) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    facts = ScheduleFacts(expression=f"at({later:%Y-%m-%dT%H:%M:%S})", delete_after=True)
    schedule = scheduled(owner, published(owner), facts)
    past = f"at({datetime.now(UTC) - timedelta(seconds=5):%Y-%m-%dT%H:%M:%S})"
    Schedule.objects.filter(pk=schedule.pk).update(expression=past)
    due_since(schedule, minutes=0.1)
    assert schedules.fire_due() == 1
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"expression": "soon"}, ScheduleInvalid),
        ({"expression": "rate(1 day)", "zone": "Nowhere"}, ScheduleInvalid),
        ({"expression": "rate(1 day)", "parameters": {"Unknown": "1"}}, CannotStart),
        (
            {
                "expression": "rate(1 day)",
                "start_date": datetime(2027, 2, 1, tzinfo=UTC),
                "end_date": datetime(2027, 1, 1, tzinfo=UTC),
            },
            ScheduleInvalid,
        ),
    ],
)
def test_a_schedule_that_could_never_work_is_refused(
    bench: Bench, owner: Actor, facts: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        scheduled(owner, published(owner), ScheduleFacts(**facts))
    assert not Schedule.objects.exists()


def test_an_unpublished_pipeline_cannot_be_scheduled(bench: Bench, owner: Actor) -> None:
    made = create_pipeline(actor=owner, name="draft-only", definition=json.dumps(chain(1)))
    with pytest.raises(ScheduleInvalid, match="Publish it first"):
        scheduled(owner, made.pk)


def test_a_name_is_used_once(bench: Bench, owner: Actor) -> None:
    pipeline_id = published(owner)
    scheduled(owner, pipeline_id)
    with pytest.raises(ScheduleNameInUse):
        scheduled(owner, pipeline_id)


@pytest.mark.django_db(transaction=True)
def test_many_schedulers_at_once_start_one_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = new_workspace("race", "rosa")
    monkeypatch.setattr(dispatch, "_ringer", lambda attempt_ids: None)
    due_since(scheduled(owner, published(owner)), minutes=1)
    fired: list[int] = []
    together = threading.Barrier(4)

    def scheduler() -> None:
        together.wait()
        try:
            fired.append(schedules.fire_due())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=scheduler) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(fired) == [0, 0, 0, 1]
    assert Execution.objects.count() == 1
