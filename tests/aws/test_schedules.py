"""EventBridge Scheduler with boto3: the calls `put_triggers` of the SageMaker SDK makes, and bad input."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.actors import Actor
from editor.services.published import Facts, create_published
from runs.models import Schedule
from tests.aws.refusals import refused
from tests.aws.server import AwsServer
from tests.runs.definitions import chain, pipeline, step

ROLE = "arn:aws:iam::123456789012:role/any"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def scheduler(aws: AwsServer, member: Actor) -> Any:
    return aws.client("scheduler", member)


@pytest.fixture
def target(member: Actor) -> dict[str, Any]:
    definition = pipeline(step("A"), parameters=[{"Name": "Rate", "Type": "Float", "DefaultValue": 0.1}])
    create_published(actor=member, name="nightly", definition=json.dumps(definition), facts=Facts())
    arn = f"arn:aws:sagemaker:us-east-1:{member.workspace.account_id}:pipeline/nightly"
    return {"Arn": arn, "RoleArn": ROLE, "SageMakerPipelineParameters": {}}


def asked(target: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Name": "at-seven",
        "ScheduleExpression": "cron(0 7 ? * MON-FRI *)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
        "State": "ENABLED",
        "StartDate": START,
        **more,
    }


def test_a_schedule_is_updated_into_being_as_the_sdk_does(scheduler: Any, target: dict[str, Any]) -> None:
    with refused("ResourceNotFoundException", "does not exist"):
        scheduler.update_schedule(**asked(target))
    made = scheduler.create_schedule(**asked(target))
    assert made["ScheduleArn"].endswith(":schedule/default/at-seven")

    changed = asked(target, ScheduleExpression="rate(6 hours)", State="DISABLED")
    assert scheduler.update_schedule(**changed)["ScheduleArn"] == made["ScheduleArn"]

    read = scheduler.get_schedule(Name="at-seven")
    assert (read["ScheduleExpression"], read["State"]) == ("rate(6 hours)", "DISABLED")
    assert read["StartDate"] == START
    assert read["Target"] == target
    assert read["ScheduleExpressionTimezone"] == "UTC"

    scheduler.delete_schedule(Name="at-seven")
    with refused("ResourceNotFoundException", "does not exist"):
        scheduler.get_schedule(Name="at-seven")
    with refused("ResourceNotFoundException", "does not exist"):
        scheduler.delete_schedule(Name="at-seven")


def test_values_for_parameters_are_kept_and_checked(scheduler: Any, target: dict[str, Any]) -> None:
    values = [{"Name": "Rate", "Value": "0.5"}]
    with_values = {**target, "SageMakerPipelineParameters": {"PipelineParameterList": values}}
    scheduler.create_schedule(**asked(with_values))
    assert Schedule.objects.get().parameters == {"Rate": "0.5"}
    wrong = {**target, "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "Rat", "Value": "1"}]}}
    with refused("ValidationException", "Rat"):
        scheduler.create_schedule(**asked(wrong, Name="other"))


def test_a_flexible_window_says_how_long_it_is(scheduler: Any, target: dict[str, Any]) -> None:
    with refused("ValidationException", "MaximumWindowInMinutes"):
        scheduler.create_schedule(**asked(target, FlexibleTimeWindow={"Mode": "FLEXIBLE"}))
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    scheduler.create_schedule(**asked(target, FlexibleTimeWindow=window))
    assert scheduler.get_schedule(Name="at-seven")["FlexibleTimeWindow"] == window


def test_the_list_has_pages_and_filters(scheduler: Any, target: dict[str, Any]) -> None:
    for number in range(3):
        state = "DISABLED" if number == 1 else "ENABLED"
        scheduler.create_schedule(**asked(target, Name=f"s{number}", State=state))
    first = scheduler.list_schedules(MaxResults=2)
    second = scheduler.list_schedules(MaxResults=2, NextToken=first["NextToken"])
    assert [one["Name"] for one in first["Schedules"] + second["Schedules"]] == ["s0", "s1", "s2"]
    assert first["Schedules"][0]["Target"] == {"Arn": target["Arn"]}
    assert [one["Name"] for one in scheduler.list_schedules(State="DISABLED")["Schedules"]] == ["s1"]
    assert [one["Name"] for one in scheduler.list_schedules(NamePrefix="s2")["Schedules"]] == ["s2"]
    assert scheduler.list_schedules(GroupName="other")["Schedules"] == []


def test_a_token_sent_twice_makes_one_schedule(scheduler: Any, target: dict[str, Any]) -> None:
    first = scheduler.create_schedule(**asked(target, ClientToken="token-1"))
    assert scheduler.create_schedule(**asked(target, ClientToken="token-1"))["ScheduleArn"] == first["ScheduleArn"]
    with refused("ConflictException", "already exists"):
        scheduler.create_schedule(**asked(target, ClientToken="token-2"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ScheduleExpression": "cron(0 7 * * MON *)"}, "question mark"),
        ({"ScheduleExpression": "every day"}, "Expected cron"),
        ({"ScheduleExpressionTimezone": "Mars/Base"}, "Unknown time zone"),
        ({"State": "ASLEEP"}, "enum value set"),
        ({"EndDate": datetime(2025, 1, 1, tzinfo=UTC)}, "after the start date"),
        ({"Target": {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:x", "RoleArn": ROLE}}, "not supported"),
    ],
)
def test_what_cannot_be_is_refused(scheduler: Any, target: dict[str, Any], changes: dict[str, Any], said: str) -> None:
    with refused("ValidationException", said):
        scheduler.create_schedule(**asked(target, **changes))
    assert not Schedule.objects.exists()


def test_a_target_that_does_not_exist_is_refused(scheduler: Any, target: dict[str, Any]) -> None:
    with refused("ValidationException", "does not exist"):
        scheduler.create_schedule(**asked({**target, "Arn": target["Arn"] + "-not"}))


def test_an_operation_we_lack_is_named(scheduler: Any) -> None:
    with refused("UnknownOperationException", "ListScheduleGroups is not implemented"):
        scheduler.list_schedule_groups()


def test_a_viewer_may_list_and_not_create(aws: AwsServer, viewer: Actor, target: dict[str, Any]) -> None:
    looking = aws.client("scheduler", viewer)
    assert looking.list_schedules()["Schedules"] == []
    with refused("AccessDeniedException", "role"):
        looking.create_schedule(**asked(target))


def test_a_stranger_finds_nothing(aws: AwsServer, scheduler: Any, stranger: Actor, target: dict[str, Any]) -> None:
    scheduler.create_schedule(**asked(target))
    theirs = aws.client("scheduler", stranger)
    assert theirs.list_schedules()["Schedules"] == []
    with refused("ResourceNotFoundException", "does not exist"):
        theirs.get_schedule(Name="at-seven")
    create_published(actor=stranger, name="nightly", definition=json.dumps(chain(1)), facts=Facts())
    with refused("ValidationException", "of this account"):
        theirs.create_schedule(**asked(target))
