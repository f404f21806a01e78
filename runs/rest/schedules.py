"""Schedules over REST."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from editor import selectors as editor
from runs import schedule_serializers as serializers
from runs import selectors
from runs.clock import database_now
from runs.models import Schedule
from runs.services.schedules import (
    ScheduleFacts,
    begins,
    change_schedule,
    create_schedule,
    delete_schedule,
    facts_of,
    timetable_of,
)


class PipelineSchedulesView(Endpoint):
    @operation(
        "schedules_list",
        "What starts this pipeline by the clock",
        responses={200: serializers.ScheduleListSerializer},
    )
    def get(self, actor: Actor, *, pipeline_id: str) -> Response:
        editor.pipeline(actor, pipeline_id)
        found = selectors.schedules(actor, pipeline=pipeline_id)
        return Response({"results": [_row(one) for one in found]})

    @operation(
        "schedules_create",
        "Start the newest version, or an alias, by the clock",
        request=serializers.ScheduleCreateSerializer,
        responses={201: serializers.ScheduleSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, Any]) -> Response:
        name = body.pop("name")
        made = create_schedule(actor=actor, pipeline_id=pipeline_id, name=name, facts=ScheduleFacts(**body))
        return Response(_row(selectors.schedule_of(actor, made.pk)), status=201)


class ScheduleView(Endpoint):
    @operation("schedules_read", "One schedule", responses={200: serializers.ScheduleSerializer})
    def get(self, actor: Actor, *, schedule_id: str) -> Response:
        return Response(_row(selectors.schedule_of(actor, schedule_id)))

    @operation(
        "schedules_update",
        "Change, pause or resume; from now on it acts as you",
        request=serializers.ScheduleChangeSerializer,
        responses={200: serializers.ScheduleSerializer},
    )
    def patch(self, actor: Actor, *, schedule_id: str, body: dict[str, Any]) -> Response:
        facts = replace(facts_of(selectors.schedule_of(actor, schedule_id)), **body)
        change_schedule(actor=actor, schedule_id=schedule_id, facts=facts)
        return Response(_row(selectors.schedule_of(actor, schedule_id)))

    @operation("schedules_delete", "Delete; what it started goes on", responses={204: None})
    def delete(self, actor: Actor, *, schedule_id: str) -> Response:
        delete_schedule(actor=actor, schedule_id=schedule_id)
        return Response(status=204)


class SchedulePreviewView(Endpoint):
    @operation(
        "schedules_preview",
        "An expression in words, and its next five fire times",
        query=serializers.SchedulePreviewQuery,
        responses={200: serializers.SchedulePreviewSerializer},
    )
    def get(self, actor: Actor, *, query: dict[str, str]) -> Response:
        timetable = timetable_of(ScheduleFacts(expression=query["expression"], zone=query["zone"]))
        now = database_now()
        fires = timetable.upcoming(now, begins=now)
        return Response({"expression": timetable.text, "words": timetable.words, "next_fires": _texts(fires)})


def _row(schedule: Schedule) -> dict[str, Any]:
    timetable = timetable_of(facts_of(schedule))
    upcoming: list[datetime] = []
    if schedule.next_fire is not None:
        more = timetable.upcoming(schedule.next_fire, begins=begins(schedule), ends=schedule.end_date, count=4)
        upcoming = [schedule.next_fire, *more]
    same = ("id", "name", "group", "description", "expression", "zone", "enabled", "alias", "parameters")
    times = ("start_date", "end_date", "created_at", "updated_at")
    return {
        **{name: getattr(schedule, name) for name in same},
        **{name: _text(getattr(schedule, name)) for name in times},
        "pipeline": {
            "id": schedule.pipeline_id,
            "name": schedule.pipeline.name,
            "display_name": schedule.pipeline.display_name,
        },
        "words": timetable.words,
        "owner": schedule.owner.username if schedule.owner else "",
        "next_fires": _texts(upcoming),
        "last": _last(schedule),
    }


def _last(schedule: Schedule) -> dict[str, Any] | None:
    if schedule.last_fire is None:
        return None
    execution = schedule.last_execution
    return {
        "due": _text(schedule.last_fire),
        "at": _text(schedule.last_at),
        "outcome": schedule.last_outcome,
        "note": schedule.last_note,
        "execution": {"id": execution.pk, "status": execution.status} if execution else None,
    }


def _texts(moments: list[datetime]) -> list[str | None]:
    return [_text(one) for one in moments]


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
