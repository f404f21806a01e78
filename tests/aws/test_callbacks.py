"""The two operations that answer a Callback step, and what its row shows, called with boto3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from runs.models import CallbackToken
from tests.aws.conftest import Runs
from tests.aws.refusals import refusal
from tests.aws.server import AwsServer
from tests.runs.definitions import pipeline
from tests.runs.test_callbacks import ANSWER, TYPED, URL, callback

OUTPUTS = [{"Name": name, "Value": value} for name, value in ANSWER]
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def asked(runs: Runs) -> tuple[str, str]:
    """(execution, token) of a step that waits."""
    arn = runs.start(pipeline(callback(outputs=TYPED, arguments={"table": "customers"})))
    return arn, CallbackToken.objects.get().token


def test_a_waiting_step_executes_and_shows_its_token(runs: Runs, asked: tuple[str, str]) -> None:
    (found,) = runs.steps(asked[0])
    assert (found["StepStatus"], found["AttemptCount"]) == ("Executing", 1)
    assert found["Metadata"] == {"Callback": {"CallbackToken": asked[1], "SqsQueueUrl": URL}}
    assert "EndTime" not in found


def test_a_success_ends_the_execution_and_shows_the_outputs(sagemaker: Any, runs: Runs, asked: tuple[str, str]) -> None:
    arn, token = asked
    answered = sagemaker.send_pipeline_execution_step_success(CallbackToken=token, OutputParameters=OUTPUTS)
    assert answered["PipelineExecutionArn"] == arn
    (found,) = runs.steps(arn)
    assert found["StepStatus"] == "Succeeded"
    shown = found["Metadata"]["Callback"]
    assert (shown["CallbackToken"], shown["SqsQueueUrl"]) == (token, URL)
    texts = {one["Name"]: one["Value"] for one in shown["OutputParameters"]}
    assert texts == {"place": "s3://results/x", "rows": "12", "share": "0.5", "good": "true"}
    assert sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"] == "Succeeded"


def test_a_failure_gives_its_reason(sagemaker: Any, runs: Runs, asked: tuple[str, str]) -> None:
    arn, token = asked
    answered = sagemaker.send_pipeline_execution_step_failure(CallbackToken=token, FailureReason="no machine is free")
    assert answered["PipelineExecutionArn"] == arn
    (found,) = runs.steps(arn)
    assert (found["StepStatus"], found["FailureReason"]) == ("Failed", "no machine is free")


def test_an_answer_given_twice_is_a_conflict_unless_the_client_repeats_itself(
    sagemaker: Any, asked: tuple[str, str]
) -> None:
    answer = {"CallbackToken": asked[1], "OutputParameters": OUTPUTS}
    first = sagemaker.send_pipeline_execution_step_success(**answer, ClientRequestToken=TOKEN)
    assert sagemaker.send_pipeline_execution_step_success(**answer, ClientRequestToken=TOKEN)["PipelineExecutionArn"]
    assert first["PipelineExecutionArn"] == asked[0]
    assert refusal(sagemaker.send_pipeline_execution_step_success, **answer)[0] == "ConflictException"
    assert refusal(sagemaker.send_pipeline_execution_step_failure, CallbackToken=asked[1])[0] == "ConflictException"


def test_after_a_stop_the_answer_ends_the_execution(sagemaker: Any, runs: Runs, asked: tuple[str, str]) -> None:
    arn, token = asked
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken=TOKEN)
    assert [one["StepStatus"] for one in runs.steps(arn)] == ["Stopping"]
    sagemaker.send_pipeline_execution_step_failure(CallbackToken=token, FailureReason="cleaned up")
    assert [one["StepStatus"] for one in runs.steps(arn)] == ["Stopped"]
    assert sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"] == "Stopped"


def test_another_workspace_knows_nothing_of_the_token(aws: AwsServer, stranger: Actor, asked: tuple[str, str]) -> None:
    other = aws.client("sagemaker", stranger)
    for operation in ("send_pipeline_execution_step_success", "send_pipeline_execution_step_failure"):
        assert refusal(getattr(other, operation), CallbackToken=asked[1])[0] == "ResourceNotFound"


def test_a_viewer_may_not_answer(aws: AwsServer, viewer: Actor, asked: tuple[str, str]) -> None:
    client = aws.client("sagemaker", viewer)
    said = refusal(client.send_pipeline_execution_step_success, CallbackToken=asked[1], OutputParameters=OUTPUTS)
    assert said[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("success", {"OutputParameters": [{"Name": "place", "Value": "x" * 1025}]}),
        ("success", {"OutputParameters": [{"Name": f"p{n}", "Value": "x"} for n in range(51)]}),
        ("success", {"OutputParameters": [{"Name": "n" * 257, "Value": "x"}]}),
        ("success", {"OutputParameters": [{"Name": "unknown", "Value": "x"}]}),
        ("success", {"OutputParameters": [{"Name": "rows", "Value": "many"}]}),
        ("failure", {"FailureReason": "x" * 257}),
        ("success", {"CallbackToken": "short"}),
        ("success", {"CallbackToken": "with space"}),
    ],
)
def test_an_answer_outside_the_limits_is_a_validation_error_and_the_step_goes_on_waiting(
    aws: AwsServer, member: Actor, runs: Runs, asked: tuple[str, str], operation: str, members: dict[str, Any]
) -> None:
    client = aws.client("sagemaker", member, config={"parameter_validation": False})
    call = getattr(client, f"send_pipeline_execution_step_{operation}")
    assert refusal(call, **{"CallbackToken": asked[1], **members})[0] == "ValidationException"
    assert [one["StepStatus"] for one in runs.steps(asked[0])] == ["Executing"]


def test_the_message_names_the_execution_by_its_arn(asked: tuple[str, str]) -> None:
    body = json.loads(CallbackToken.objects.get().message)
    assert (body["pipelineExecutionArn"], body["token"]) == asked
