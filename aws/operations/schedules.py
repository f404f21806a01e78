"""EventBridge Scheduler, as far as its schedules start pipelines: what `put_triggers` of the SDK uses."""

from __future__ import annotations

from typing import Any

from aws import arns
from aws.call import Call, Document, Operation
from aws.errors import AwsError, invalid
from aws.idempotency import once
from aws.pagination import page_of_rows
from aws.rest_json import RestJsonService
from editor.errors import PipelineNotFound
from editor.models import Pipeline
from editor.selectors import published_pipeline
from runs import selectors
from runs.errors import CannotStart, ScheduleInvalid, ScheduleNameInUse
from runs.models import Schedule
from runs.models.schedules import DEFAULT_GROUP
from runs.services.schedules import ScheduleFacts, change_schedule, create_schedule, delete_schedule


def create(call: Call) -> Document:
    def act() -> str:
        pipeline, facts = _pipeline(call), _facts(call)
        try:
            made = create_schedule(
                actor=call.actor, pipeline_id=pipeline.pk, name=call["Name"], facts=facts, group=_group(call)
            )
        except ScheduleNameInUse:
            raise AwsError("ConflictException", f"Schedule {call['Name']} already exists.", 409) from None
        except (ScheduleInvalid, CannotStart) as refused:
            raise invalid(str(refused)) from None
        return _arn(call, made)

    return {"ScheduleArn": once(call, act, member="ClientToken")}


def update(call: Call) -> Document:
    """Everything the call does not say goes back to its default, as AWS does."""
    schedule = _schedule(call)

    def act() -> str:
        pipeline, facts = _pipeline(call), _facts(call)
        try:
            changed = change_schedule(actor=call.actor, schedule_id=schedule.pk, facts=facts, pipeline_id=pipeline.pk)
        except (ScheduleInvalid, CannotStart) as refused:
            raise invalid(str(refused)) from None
        return _arn(call, changed)

    return {"ScheduleArn": once(call, act, member="ClientToken")}


def get(call: Call) -> Document:
    schedule = _schedule(call)
    return {
        **_summary(call, schedule),
        "ScheduleExpression": schedule.expression,
        "ScheduleExpressionTimezone": schedule.zone,
        "StartDate": schedule.start_date,
        "EndDate": schedule.end_date,
        "Description": schedule.description or None,
        "Target": _target(call, schedule),
        "FlexibleTimeWindow": schedule.extras.get("window", {"Mode": "OFF"}),
        "ActionAfterCompletion": "DELETE" if schedule.delete_after else "NONE",
    }


def delete(call: Call) -> Document:
    schedule = _schedule(call)
    delete_schedule(actor=call.actor, schedule_id=schedule.pk)
    return {}


def list_schedules(call: Call) -> Document:
    rows = selectors.schedules(call.actor)
    if call.get("GroupName"):
        rows = rows.filter(group=call["GroupName"])
    if call.get("NamePrefix"):
        rows = rows.filter(name__startswith=call["NamePrefix"])
    if call.get("State"):
        rows = rows.filter(enabled=call["State"] == "ENABLED")
    page = page_of_rows(call, rows, key="name", descending=False)
    found = [{**_summary(call, one), "Target": {"Arn": _target(call, one)["Arn"]}} for one in page.results]
    return {"Schedules": found, "NextToken": page.token}


def _facts(call: Call) -> ScheduleFacts:
    target = call["Target"]
    given = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    window = call["FlexibleTimeWindow"]
    if window["Mode"] == "FLEXIBLE" and "MaximumWindowInMinutes" not in window:
        raise invalid("FlexibleTimeWindow needs MaximumWindowInMinutes when its Mode is FLEXIBLE.")
    return ScheduleFacts(
        expression=call["ScheduleExpression"],
        zone=call.get("ScheduleExpressionTimezone", "UTC"),
        enabled=call.get("State", "ENABLED") == "ENABLED",
        start_date=call.get("StartDate"),
        end_date=call.get("EndDate"),
        description=call.get("Description", ""),
        parameters={one["Name"]: one["Value"] for one in given},
        delete_after=call.get("ActionAfterCompletion") == "DELETE",
        extras={"target": target, "window": window},
    )


def _pipeline(call: Call) -> Pipeline:
    arn = call["Target"]["Arn"]
    kind, _, name = (arns.resource_of(call.actor, arn) or "").partition("/")
    if kind != "pipeline" or not name:
        raise invalid(f"Provided Arn is not supported here: {arn}. Schedules start pipelines of this account.")
    try:
        return published_pipeline(call.actor, name)
    except PipelineNotFound:
        raise invalid(f"The target pipeline does not exist: {arn}.") from None


def _schedule(call: Call) -> Schedule:
    found = selectors.schedules(call.actor).filter(group=_group(call), name=call["Name"]).first()
    if found is None:
        raise AwsError("ResourceNotFoundException", f"Schedule {call['Name']} does not exist.", 404)
    return found


def _group(call: Call) -> str:
    group: str = call.get("GroupName", DEFAULT_GROUP)
    return group


def _summary(call: Call, schedule: Schedule) -> Document:
    return {
        "Arn": _arn(call, schedule),
        "Name": schedule.name,
        "GroupName": schedule.group,
        "State": "ENABLED" if schedule.enabled else "DISABLED",
        "CreationDate": schedule.created_at,
        "LastModificationDate": schedule.updated_at,
    }


def _target(call: Call, schedule: Schedule) -> dict[str, Any]:
    """As it came; for a schedule made in the studio, as AWS would need it."""
    known = schedule.extras.get("target")
    if known:
        return dict(known)
    values = [{"Name": name, "Value": str(value)} for name, value in schedule.parameters.items()]
    account = call.actor.workspace.account_id
    return {
        "Arn": arns.pipeline_arn(call.actor, schedule.pipeline.name),
        "RoleArn": schedule.pipeline.role_arn or f"arn:aws:iam::{account}:role/clary",
        "SageMakerPipelineParameters": {"PipelineParameterList": values} if values else {},
    }


def _arn(call: Call, schedule: Schedule) -> str:
    account = call.actor.workspace.account_id
    return f"arn:aws:scheduler:{call.region}:{account}:schedule/{schedule.group}/{schedule.name}"


OPERATIONS: dict[str, Operation] = {
    "CreateSchedule": create,
    "UpdateSchedule": update,
    "GetSchedule": get,
    "DeleteSchedule": delete,
    "ListSchedules": list_schedules,
}
answer = RestJsonService("scheduler", OPERATIONS).answer
