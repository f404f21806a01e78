"""CloudWatch Logs with boto3, as the SageMaker SDK reads them with logs=True."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from runs.models import Job, LogChunk, StepAttempt
from tests.aws.conftest import Runs
from tests.aws.refusals import refused
from tests.aws.server import AwsServer
from tests.aws.test_jobs import process

GROUP = "/aws/sagemaker/ProcessingJobs"


@pytest.fixture
def logs(aws: AwsServer, member: Actor) -> Any:
    return aws.client("logs", member)


@pytest.fixture
def attempt(sagemaker: Any, runs: Runs) -> StepAttempt:
    """The attempt of the plain job clean-1, which has ended."""
    process(sagemaker)
    runs.finish()
    LogChunk.objects.all().delete()
    return StepAttempt.objects.get()


def write(attempt: StepAttempt, data: bytes, *, ended: bool = True) -> None:
    LogChunk.objects.filter(attempt=attempt).delete()
    LogChunk.objects.create(attempt=attempt, offset=0, data=data)
    status = "Succeeded" if ended else "Executing"
    StepAttempt.objects.filter(pk=attempt.pk).update(log_bytes=len(data), log_raw_bytes=len(data), status=status)


def stream(logs: Any, job: str = "clean-1") -> str:
    found = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{job}/", orderBy="LogStreamName")
    (one,) = found["logStreams"]
    return str(one["logStreamName"])


def test_a_job_is_one_stream_that_is_read_page_by_page_from_the_head(logs: Any, attempt: StepAttempt) -> None:
    write(attempt, b"first\n50 %\r100 %\nthird\nno end")
    name = stream(logs)
    assert name.startswith("clean-1/algo-1-")

    first = logs.get_log_events(logGroupName=GROUP, logStreamName=name, startFromHead=True, limit=2)
    assert [one["message"] for one in first["events"]] == ["first", "50 %\r100 %"]
    more = {"logGroupName": GROUP, "logStreamName": name, "startFromHead": True}
    second = logs.get_log_events(**more, nextToken=first["nextForwardToken"])
    assert [one["message"] for one in second["events"]] == ["third", "no end"]
    last = logs.get_log_events(**more, nextToken=second["nextForwardToken"])
    assert (last["events"], last["nextForwardToken"]) == ([], second["nextForwardToken"])


def test_a_line_comes_when_it_is_whole_while_the_job_runs(logs: Any, attempt: StepAttempt) -> None:
    write(attempt, b"whole\nhal", ended=False)
    name = stream(logs)
    events = logs.get_log_events(logGroupName=GROUP, logStreamName=name, startFromHead=True)["events"]
    assert [one["message"] for one in events] == ["whole"]
    write(attempt, b"whole\nhalf\n")
    # As the SDK goes on: from the last timestamp, without as many as it has seen of it.
    since = logs.get_log_events(
        logGroupName=GROUP, logStreamName=name, startFromHead=True, startTime=events[-1]["timestamp"]
    )
    assert [one["message"] for one in since["events"]][1:] == ["half"]


def test_without_a_start_the_last_lines_come(logs: Any, attempt: StepAttempt) -> None:
    write(attempt, b"".join(b"line %d\n" % number for number in range(100)))
    events = logs.get_log_events(logGroupName=GROUP, logStreamName=stream(logs), limit=2)["events"]
    assert [one["message"] for one in events] == ["line 98", "line 99"]


def test_a_job_that_printed_nothing_has_no_stream(logs: Any, attempt: StepAttempt) -> None:
    write(attempt, b"")
    found = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix="clean-1/")
    assert found["logStreams"] == []


def test_streams_come_in_pages_by_name_or_by_time(logs: Any, sagemaker: Any, runs: Runs) -> None:
    names = ["clean-2", "clean-1", "clean-3"]
    for name in names:
        process(sagemaker, name)
    runs.finish()
    for attempt in StepAttempt.objects.all():
        write(attempt, b"x\n")

    def listed(**given: Any) -> list[str]:
        pages = logs.get_paginator("describe_log_streams").paginate(
            logGroupName=GROUP, PaginationConfig={"PageSize": 2}, **given
        )
        return [one["logStreamName"].partition("/")[0] for page in pages for one in page["logStreams"]]

    assert listed() == sorted(names)
    assert listed(descending=True) == sorted(names, reverse=True)
    assert listed(orderBy="LastEventTime") == names
    for given, said in (
        ({"nextToken": "x"}, "nextToken"),
        ({"orderBy": "LastEventTime", "logStreamNamePrefix": "clean"}, "LastEventTime"),
    ):
        with refused("InvalidParameterException", said):
            logs.describe_log_streams(logGroupName=GROUP, **given)


def test_the_groups_are_those_of_sagemaker(logs: Any) -> None:
    names = [one["logGroupName"] for one in logs.describe_log_groups(logGroupNamePrefix="/aws/")["logGroups"]]
    assert GROUP in names


def test_what_is_not_there_is_refused_in_the_words_of_aws(logs: Any, attempt: StepAttempt) -> None:
    write(attempt, b"x\n")
    name = stream(logs)
    with refused("ResourceNotFoundException", "log group does not exist"):
        logs.describe_log_streams(logGroupName="/aws/lambda/x")
    for wrong in ("nobody/algo-1-1", "clean-1/algo-1-1", "clean-1"):
        with refused("ResourceNotFoundException", "log stream does not exist"):
            logs.get_log_events(logGroupName=GROUP, logStreamName=wrong)
    with refused("InvalidParameterException", "nextToken"):
        logs.get_log_events(logGroupName=GROUP, logStreamName=name, nextToken="f/x")
    with refused("UnknownOperationException", "FilterLogEvents is not implemented"):
        logs.filter_log_events(logGroupName=GROUP)


def test_a_stranger_reads_no_log(aws: AwsServer, logs: Any, stranger: Actor, attempt: StepAttempt) -> None:
    write(attempt, b"secret\n")
    theirs = aws.client("logs", stranger)
    assert theirs.describe_log_streams(logGroupName=GROUP)["logStreams"] == []
    with refused("ResourceNotFoundException", "log stream does not exist"):
        theirs.get_log_events(logGroupName=GROUP, logStreamName=stream(logs))
    assert Job.objects.filter(name="clean-1").exists()
