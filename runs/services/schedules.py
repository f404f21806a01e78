"""Making, changing and deleting schedules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import selectors as editor
from editor.errors import VersionNotFound
from editor.models import PipelineVersion
from engine.definition.parameters import resolve_parameters
from runs import plans
from runs.clock import database_now
from runs.errors import ScheduleInvalid, ScheduleNameInUse, ScheduleNotFound
from runs.models import Schedule
from runs.models.schedules import DEFAULT_GROUP
from runs.services.checking import refuse
from runs.timetable import Timetable, TimetableInvalid, read_timetable

MOST_SCHEDULES = 1000
_NAME = re.compile(r"[0-9a-zA-Z_.-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class ScheduleFacts:
    """When, what and with which values. `parameters` may name fewer than the pipeline has: defaults fill in."""

    expression: str
    zone: str = "UTC"
    enabled: bool = True
    start_date: datetime | None = None
    end_date: datetime | None = None
    description: str = ""
    alias: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    delete_after: bool = False
    extras: Mapping[str, Any] = field(default_factory=dict)


def create_schedule(
    *, actor: Actor, pipeline_id: str, name: str, facts: ScheduleFacts, group: str = DEFAULT_GROUP
) -> Schedule:
    """A schedule that acts as `actor` from now on.

    Raises:
        NotPermitted, NotAPerson, PipelineNotFound, AliasNotFound
        ScheduleInvalid: a name, expression, zone or period that cannot be; a pipeline that was never published.
        ScheduleNameInUse
        CannotStart: the values do not fit the parameters of the version it would start.
    """
    require(actor, Permission.MANAGE_SCHEDULES)
    if not _NAME.fullmatch(name):
        reason = f"{name!r} is no schedule name: expected 1 to 64 letters, digits, dots, hyphens and underscores."
        raise ScheduleInvalid(reason=reason, pointer="/name")
    now = database_now()
    schedule = Schedule(workspace=actor.workspace, group=group, name=name, created_at=now)
    with transaction.atomic():
        own = Schedule.objects.filter(workspace=actor.workspace)
        if own.count() >= MOST_SCHEDULES:
            raise ScheduleInvalid(reason=f"A workspace has at most {MOST_SCHEDULES} schedules. Delete one first.")
        if own.filter(group=group, name=name).exists():
            raise ScheduleNameInUse(name=name, pointer="/name")
        _fill(schedule, actor, pipeline_id, facts, now)
        try:
            with transaction.atomic():
                schedule.save(force_insert=True)
        except IntegrityError:
            raise ScheduleNameInUse(name=name, pointer="/name") from None
        audit.record(actor, "schedule.create", schedule.pk, _told(schedule))
    return schedule


def change_schedule(
    *, actor: Actor, schedule_id: str, facts: ScheduleFacts, pipeline_id: str | None = None
) -> Schedule:
    """The schedule with `facts` in place of what it said; it acts as `actor` from now on.

    A fire time that passed and was not served yet is dropped: what counts is the new timetable, from now.

    Raises:
        as `create_schedule`, and ScheduleNotFound.
    """
    require(actor, Permission.MANAGE_SCHEDULES)
    with transaction.atomic():
        schedule = _own(actor, schedule_id)
        _fill(schedule, actor, pipeline_id or schedule.pipeline_id, facts, database_now())
        schedule.save()
        audit.record(actor, "schedule.change", schedule.pk, _told(schedule))
    return schedule


def delete_schedule(*, actor: Actor, schedule_id: str) -> None:
    """What it started goes on.

    Raises:
        NotPermitted, ScheduleNotFound
    """
    require(actor, Permission.MANAGE_SCHEDULES)
    with transaction.atomic():
        schedule = _own(actor, schedule_id)
        audit.record(actor, "schedule.delete", schedule.pk, _told(schedule))
        schedule.delete()


def facts_of(schedule: Schedule) -> ScheduleFacts:
    """What it says now, to change a part of it."""
    return ScheduleFacts(**{name: getattr(schedule, name) for name in ScheduleFacts.__dataclass_fields__})


def timetable_of(facts: ScheduleFacts) -> Timetable:
    """Raises: ScheduleInvalid."""
    try:
        return read_timetable(facts.expression, facts.zone)
    except TimetableInvalid as problem:
        raise ScheduleInvalid(reason=str(problem), pointer="/expression") from None


def begins(schedule: Schedule) -> datetime:
    """What a rate is counted from, and before which nothing fires."""
    return schedule.start_date or schedule.created_at


def _fill(schedule: Schedule, actor: Actor, pipeline_id: str, facts: ScheduleFacts, now: datetime) -> None:
    timetable = timetable_of(facts)
    if facts.start_date and facts.end_date and facts.end_date <= facts.start_date:
        raise ScheduleInvalid(reason="The end date must lie after the start date.", pointer="/end_date")
    _check_values(actor, pipeline_id, facts)
    for name in ScheduleFacts.__dataclass_fields__:
        setattr(schedule, name, getattr(facts, name))
    schedule.expression = timetable.text
    schedule.parameters = dict(facts.parameters)
    schedule.extras = dict(facts.extras)
    schedule.pipeline_id = pipeline_id
    schedule.owner_id = actor.person_id
    schedule.updated_at = now
    upcoming = timetable.next_after(now, begins=begins(schedule), ends=facts.end_date)
    schedule.next_fire = upcoming if facts.enabled else None


def _check_values(actor: Actor, pipeline_id: str, facts: ScheduleFacts) -> None:
    """Refuses values that would be refused at every fire time."""
    version = _version(actor, pipeline_id, facts.alias)
    compiled = plans.remember(version.sha256, lambda: version.definition)
    _, problems = resolve_parameters(compiled.definition, facts.parameters)
    refuse(problems)


def _version(actor: Actor, pipeline_id: str, alias: str) -> PipelineVersion:
    try:
        return editor.newest_version(actor, pipeline_id, alias=alias or None)
    except VersionNotFound:
        reason = "Schedules start published versions, and this pipeline has none yet. Publish it first."
        raise ScheduleInvalid(reason=reason) from None


def _own(actor: Actor, schedule_id: str) -> Schedule:
    found = Schedule.objects.select_for_update().filter(workspace=actor.workspace, pk=schedule_id).first()
    if found is None:
        raise ScheduleNotFound(schedule=schedule_id)
    return found


def _told(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "pipeline": schedule.pipeline_id,
        "expression": schedule.expression,
        "zone": schedule.zone,
        "enabled": schedule.enabled,
    }
