"""CloudWatch Logs over the logs of jobs, as `logs=True` of the SageMaker SDK reads them.

A job is one stream, `<job name>/algo-1-<when it was made>`, in the group of its kind. Lines carry the time at which
their attempt began: the times of single lines are not kept. Read from the head, or the last lines; a backward token
leads nowhere.
"""

from __future__ import annotations

import re
from datetime import datetime

from aws.call import Call, Document, Operation
from aws.errors import AwsError
from aws.json_service import JsonService
from aws.pagination import page_of_rows
from runs.errors import JobNotFound
from runs.jobs import find_job, jobs
from runs.logs import LogLines, last_lines, read_lines
from runs.models import Job, StepAttempt

GROUPS = {
    "/aws/sagemaker/ProcessingJobs": "Processing",
    "/aws/sagemaker/TrainingJobs": "Training",
    "/aws/sagemaker/TransformJobs": "Transform",
}
MOST_STREAMS = 50
MOST_EVENTS = 10_000
_TOKEN = re.compile(r"[fb]/(\d{1,18})")


def describe_log_groups(call: Call) -> Document:
    prefix = call.get("logGroupNamePrefix", "")
    account = call.actor.workspace.account_id
    arns = {name: f"arn:aws:logs:{call.region}:{account}:log-group:{name}:*" for name in GROUPS}
    return {"logGroups": [{"logGroupName": name, "arn": arn} for name, arn in arns.items() if name.startswith(prefix)]}


def describe_log_streams(call: Call) -> Document:
    kind = _kind(call)
    prefix, slash, rest = call.get("logStreamNamePrefix", "").partition("/")
    by_time = call.get("orderBy") == "LastEventTime"
    if by_time and prefix:
        raise _wrong("Cannot order by LastEventTime with a logStreamNamePrefix.")
    rows = jobs(call.actor, kind)
    rows = rows.filter(name=prefix) if slash else rows.filter(name__startswith=prefix)
    key, descending = "created_at" if by_time else "name", call.get("descending", False)
    try:
        page = page_of_rows(call, rows, key=key, descending=descending, default=MOST_STREAMS)
    except AwsError:
        raise _wrong("The specified nextToken is invalid.") from None
    streams = []
    for job in page.results:
        attempt = _attempt(job)
        name = _stream_name(job)
        if attempt is None or attempt.log_bytes == 0 or not name.startswith(f"{job.name}/{rest}"):
            continue
        began = _milliseconds(attempt.claimed_at or job.created_at)
        streams.append(
            {
                "logStreamName": name,
                "creationTime": began,
                "firstEventTimestamp": began,
                "lastEventTimestamp": began,
                "storedBytes": attempt.log_bytes,
                "arn": f"arn:aws:logs:{call.region}:{call.actor.workspace.account_id}"
                f":log-group:{_group(call)}:log-stream:{name}",
            }
        )
    return {"logStreams": streams, "nextToken": page.token}


def get_log_events(call: Call) -> Document:
    name = call["logStreamName"]
    job, attempt = _stream(call, name)
    began = _milliseconds(attempt.claimed_at or job.created_at)
    most = call.get("limit", MOST_EVENTS)
    token = call.get("nextToken")
    offset = _offset(token) if token is not None else 0
    if token is not None and token.startswith("b/"):
        found = LogLines(lines=(), next_offset=offset)  # everything before was in the answer that gave the token
    elif token is None and not call.get("startFromHead", False):
        found = last_lines(attempt.pk, most)
    else:
        found = read_lines(attempt.pk, offset, most)
    wanted = call.get("startTime", 0) <= began < call.get("endTime", began + 1)
    events = [{"timestamp": began, "message": line, "ingestionTime": began} for line in found.lines] if wanted else []
    return {
        "events": events,
        "nextForwardToken": f"f/{found.next_offset}",
        "nextBackwardToken": f"b/{offset}",
    }


def _group(call: Call) -> str:
    name: str = call.get("logGroupName") or call.get("logGroupIdentifier", "").rpartition("log-group:")[2]
    return name.removesuffix(":*")


def _kind(call: Call) -> str:
    kind = GROUPS.get(_group(call))
    if kind is None:
        raise _missing("The specified log group does not exist.")
    return kind


def _stream(call: Call, name: str) -> tuple[Job, StepAttempt]:
    try:
        job = find_job(call.actor, _kind(call), name.partition("/")[0]).job
    except JobNotFound:
        raise _missing("The specified log stream does not exist.") from None
    attempt = _attempt(job) if job is not None else None
    if job is None or attempt is None or name != _stream_name(job):
        raise _missing("The specified log stream does not exist.")
    return job, attempt


def _attempt(job: Job) -> StepAttempt | None:
    return StepAttempt.objects.filter(step=job.step_id, number=job.attempt).first()


def _stream_name(job: Job) -> str:
    return f"{job.name}/algo-1-{int(job.created_at.timestamp())}"


def _offset(token: str) -> int:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise _wrong("The specified nextToken is invalid.")
    return int(found[1])


def _wrong(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def _missing(message: str) -> AwsError:
    return AwsError("ResourceNotFoundException", message)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


OPERATIONS: dict[str, Operation] = {
    "DescribeLogGroups": describe_log_groups,
    "DescribeLogStreams": describe_log_streams,
    "GetLogEvents": get_log_events,
}
answer = JsonService("logs", OPERATIONS).answer
