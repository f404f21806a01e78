"""Starting what is due by the clock: once per fire time, however many schedulers run and whenever they restart.

A fire time is taken by one guarded UPDATE of `next_fire`, in the same transaction that starts the execution: either
both are there afterwards or neither. Fire times that passed while no scheduler ran are made up for by one execution.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import system_actor
from accounts.errors import Refused
from accounts.selectors import actor_for_user
from runs.clock import database_now
from runs.models import Execution, Schedule
from runs.services.schedules import begins, facts_of, timetable_of
from runs.services.start import Noted, start_execution
from runs.timetable import Timetable

log = logging.getLogger(__name__)

BATCH = 100
#: Fire times that were missed are counted up to this many.
MOST_COUNTED = 1000


def fire_due() -> int:
    """Serves every fire time that has come. How many executions began."""
    now = database_now()
    due = Schedule.objects.filter(next_fire__lte=now, pipeline__deleted_at__isnull=True).order_by("next_fire", "pk")
    found = list(due.values_list("pk", "next_fire")[:BATCH])
    return sum(_fire(pk, seen, now) for pk, seen in found if seen is not None)


def _fire(schedule_id: str, seen: datetime, now: datetime) -> bool:
    """Serves the fire time `seen`; False when another scheduler was first or nothing could be started."""
    with transaction.atomic():
        schedule = Schedule.objects.select_related("workspace").filter(pk=schedule_id, next_fire=seen).first()
        if schedule is None:
            return False
        timetable = timetable_of(facts_of(schedule))
        upcoming = timetable.next_after(now, begins=begins(schedule), ends=schedule.end_date)
        mine = Schedule.objects.filter(pk=schedule_id, next_fire=seen)
        if not mine.update(next_fire=upcoming, last_fire=seen, last_at=now):
            return False
        note = _lateness(timetable, schedule, seen, now)
        execution, note = _start(schedule, seen, note)
        outcome = Schedule.Outcome.STARTED if execution else Schedule.Outcome.REFUSED
        Schedule.objects.filter(pk=schedule_id).update(
            last_outcome=outcome, last_note=note, last_execution=execution.pk if execution else None
        )
        actor = system_actor(schedule.workspace)
        detail = {"due": seen.isoformat(), "outcome": outcome.value, "note": note}
        audit.record(actor, "schedule.fire", schedule_id, detail)
        if upcoming is None and schedule.delete_after:
            audit.record(actor, "schedule.delete", schedule_id, {"name": schedule.name, "because": "it was its last"})
            Schedule.objects.filter(pk=schedule_id).delete()
    log.info("schedule %s fired for %s: %s %s", schedule.name, seen.isoformat(), outcome.value, note)
    return execution is not None


def _start(schedule: Schedule, seen: datetime, note: str) -> tuple[Execution | None, str]:
    """(the execution, `note`), or (None, why there is none)."""
    owner = actor_for_user(schedule.owner_id, schedule.workspace_id) if schedule.owner_id is not None else None
    if owner is None:
        return None, "Whoever made this schedule is no member of the workspace any more. Save it again to act as you."
    local = seen.astimezone(timetable_of(facts_of(schedule)).zone)
    try:
        with transaction.atomic():
            execution = start_execution(
                actor=owner,
                pipeline_id=schedule.pipeline_id,
                source="version",
                alias=schedule.alias or None,
                parameters=schedule.parameters,
                display_name=f"{schedule.name} {local:%Y-%m-%d %H:%M}",
                noted=Noted(
                    description=f"Started by the schedule {schedule.name}, due {local.isoformat()}.",
                    role_arn=schedule.extras.get("target", {}).get("RoleArn", ""),
                ),
            )
    except Refused as refused:
        return None, str(refused)
    return execution, note


def _lateness(timetable: Timetable, schedule: Schedule, seen: datetime, now: datetime) -> str:
    """What to tell about fire times that passed while nobody served them; empty when there were none."""
    missed = -1
    moment: datetime | None = seen
    for _ in range(MOST_COUNTED):
        if moment is None or moment > now:
            break
        missed += 1
        moment = timetable.next_after(moment, begins=begins(schedule), ends=schedule.end_date)
    if missed < 1:
        return ""
    times = f"{missed} fire times" if missed > 1 else "1 fire time"
    return f"No scheduler ran: one execution makes up for this and {times} after it."
