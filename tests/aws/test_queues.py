"""SQS with boto3, as consumers of Callback steps use it: over the queues of their own workspace."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from accounts.actors import Actor
from runs.models import CallbackToken, Queue, QueueMessage
from tests.aws.conftest import Runs
from tests.aws.refusals import refusal
from tests.aws.server import AwsServer
from tests.runs.definitions import pipeline
from tests.runs.test_callbacks import URL, callback

OLD = "AWS.SimpleQueueService"


@pytest.fixture
def sqs(aws: AwsServer, operator: Actor) -> Any:
    return aws.client("sqs", operator)


@pytest.fixture
def url(sqs: Any) -> str:
    made: str = sqs.create_queue(QueueName="answers")["QueueUrl"]
    return made


def take(sqs: Any, url: str, **members: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, **members).get("Messages", [])
    return found


def test_a_queue_is_made_once_found_by_name_and_deleted(sqs: Any, aws: AwsServer, operator: Actor) -> None:
    url = sqs.create_queue(QueueName="answers", Attributes={"VisibilityTimeout": "5"})["QueueUrl"]
    assert url == f"{aws.endpoint}/{operator.workspace.account_id}/answers"
    assert sqs.create_queue(QueueName="answers", Attributes={"VisibilityTimeout": "5"})["QueueUrl"] == url
    assert refusal(sqs.create_queue, QueueName="answers", Attributes={"VisibilityTimeout": "6"})[0] == (
        "QueueAlreadyExists"
    )
    assert sqs.get_queue_url(QueueName="answers")["QueueUrl"] == url
    sqs.create_queue(QueueName="other")
    assert sqs.list_queues(QueueNamePrefix="ans")["QueueUrls"] == [url]
    page = sqs.list_queues(MaxResults=1)
    rest = sqs.list_queues(MaxResults=1, NextToken=page["NextToken"])
    assert [one.rpartition("/")[2] for one in page["QueueUrls"] + rest["QueueUrls"]] == ["answers", "other"]
    assert "NextToken" not in rest
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="answers")
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x")[0] == f"{OLD}.NonExistentQueue"


def test_a_message_is_sent_received_and_deleted(sqs: Any, operator: Actor, url: str) -> None:
    text = 'line\nä "quoted" 😀'
    sent = sqs.send_message(QueueUrl=url, MessageBody=text)
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    assert sent["MD5OfMessageBody"] == digest
    (message,) = take(sqs, url, MessageSystemAttributeNames=["All"])
    assert (message["Body"], message["MD5OfBody"], message["MessageId"]) == (text, digest, sent["MessageId"])
    system = message["Attributes"]
    assert (system["ApproximateReceiveCount"], system["SenderId"]) == ("1", operator.username)
    assert int(system["SentTimestamp"]) <= int(system["ApproximateFirstReceiveTimestamp"])
    assert take(sqs, url) == []
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert not QueueMessage.objects.exists()


def test_what_is_not_deleted_comes_back_after_the_visibility_time_out(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x")
    (first,) = take(sqs, url, VisibilityTimeout=1)
    assert take(sqs, url) == []
    (again,) = take(sqs, url, WaitTimeSeconds=5, MessageSystemAttributeNames=["ApproximateReceiveCount"])
    assert again["Attributes"] == {"ApproximateReceiveCount": "2"}
    assert again["ReceiptHandle"] != first["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])  # an old receipt deletes nothing
    assert QueueMessage.objects.count() == 1
    said = refusal(
        sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0
    )
    assert said[0] == f"{OLD}.MessageNotInflight"
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"], VisibilityTimeout=0)
    assert len(take(sqs, url)) == 1


def test_messages_come_oldest_first_ten_at_most_and_each_to_one_receiver(sqs: Any, url: str) -> None:
    for start in (0, 10, 20):
        entries = [{"Id": f"m{n}", "MessageBody": str(n)} for n in range(start, start + 10)]
        assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 10
    assert [one["Body"] for one in take(sqs, url, MaxNumberOfMessages=3)] == ["0", "1", "2"]
    with ThreadPoolExecutor(4) as receivers:
        parts = list(receivers.map(lambda _: take(sqs, url, MaxNumberOfMessages=10), range(8)))
    bodies = [one["Body"] for part in parts for one in part]
    assert all(len(part) <= 10 for part in parts)
    assert sorted(bodies, key=int) == [str(n) for n in range(3, 30)]
    held = [{"Id": f"r{n}", "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(parts[0])]
    if held:
        longer = [{**one, "VisibilityTimeout": 60} for one in held]
        assert len(sqs.change_message_visibility_batch(QueueUrl=url, Entries=longer)["Successful"]) == len(held)
        assert len(sqs.delete_message_batch(QueueUrl=url, Entries=held)["Successful"]) == len(held)
        assert QueueMessage.objects.count() == 30 - len(held)


def test_an_entry_that_fails_fails_alone(sqs: Any, url: str) -> None:
    entries = [{"Id": "good", "MessageBody": "x"}, {"Id": "bad", "MessageBody": "x", "DelaySeconds": 901}]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["good"]
    assert [(one["Id"], one["Code"]) for one in answer["Failed"]] == [("bad", "InvalidParameterValue")]


def test_a_receiver_that_waits_gets_the_message_when_it_comes(sqs: Any, url: str) -> None:
    began = time.monotonic()
    late = threading.Timer(1.0, sqs.send_message, kwargs={"QueueUrl": url, "MessageBody": "at last"})
    late.start()
    (message,) = take(sqs, url, WaitTimeSeconds=20)
    waited = time.monotonic() - began
    late.join()
    assert message["Body"] == "at last"
    assert 0.9 < waited < 4


def test_a_wait_in_vain_ends_in_time_and_the_queue_may_say_how_long(sqs: Any, url: str) -> None:
    began = time.monotonic()
    assert take(sqs, url) == []
    assert time.monotonic() - began < 0.8
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"ReceiveMessageWaitTimeSeconds": "1"})
    assert take(sqs, url) == []
    assert 0.9 < time.monotonic() - began < 4


def test_a_message_is_not_handed_to_a_receiver_that_has_left(
    aws: AwsServer, operator: Actor, sqs: Any, url: str
) -> None:
    hasty = aws.client("sqs", operator, config={"read_timeout": 1})
    with pytest.raises(ReadTimeoutError):
        hasty.receive_message(QueueUrl=url, WaitTimeSeconds=20)
    time.sleep(0.3)  # the closed connection has to arrive
    sqs.send_message(QueueUrl=url, MessageBody="x")
    time.sleep(1.2)
    assert QueueMessage.objects.get().received == 0


def test_many_who_wait_hold_up_nobody(aws: AwsServer, operator: Actor, sqs: Any, url: str) -> None:
    waiting = aws.client("sqs", operator, config={"max_pool_connections": 40})
    with ThreadPoolExecutor(40) as receivers:
        futures = [receivers.submit(take, waiting, url, WaitTimeSeconds=3) for _ in range(40)]
        time.sleep(0.5)
        began = time.monotonic()
        sqs.get_queue_url(QueueName="answers")
        assert time.monotonic() - began < 1.5
        assert all(future.result() == [] for future in futures)


def test_a_message_can_be_delayed_and_the_queue_counts(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=60)
    sqs.send_message(QueueUrl=url, MessageBody="now")
    sqs.send_message(QueueUrl=url, MessageBody="held")
    take(sqs, url)
    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert counted == dict.fromkeys(names, "1")
    everything = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert everything["QueueArn"].startswith("arn:aws:sqs:us-east-1:")
    assert everything["VisibilityTimeout"] == "30"
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url)
    sqs.purge_queue(QueueUrl=url)
    assert not QueueMessage.objects.exists()


def test_attributes_of_a_message_travel_with_it(sqs: Any, url: str) -> None:
    attributes = {
        "Kind": {"DataType": "String", "StringValue": "task"},
        "Number": {"DataType": "Number.int", "StringValue": "7"},
        "Raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    (message,) = take(sqs, url, MessageAttributeNames=["All"], VisibilityTimeout=0)
    assert message["MessageAttributes"] == attributes
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    (message,) = take(sqs, url, MessageAttributeNames=["K.*"])
    assert list(message["MessageAttributes"]) == ["Kind"]


@pytest.mark.parametrize(
    ("operation", "members", "code"),
    [
        ("create_queue", {"QueueName": "no spaces"}, "InvalidParameterValue"),
        ("create_queue", {"QueueName": "q" * 81}, "InvalidParameterValue"),
        ("create_queue", {"QueueName": "q.fifo"}, "InvalidParameterValue"),
        ("create_queue", {"QueueName": "q", "Attributes": {"VisibilityTimeout": "43201"}}, "InvalidAttributeValue"),
        ("create_queue", {"QueueName": "q", "Attributes": {"VisibilityTimeout": "²"}}, "InvalidAttributeValue"),
        ("create_queue", {"QueueName": "q", "Attributes": {"RedrivePolicy": "{}"}}, "InvalidAttributeName"),
        ("list_queues", {"MaxResults": 0}, "InvalidParameterValue"),
        ("send_message", {"QueueUrl": "answers", "MessageBody": ""}, "MissingParameter"),
        ("send_message", {"QueueUrl": "answers", "MessageBody": "\x01"}, "InvalidMessageContents"),
        ("send_message", {"QueueUrl": "answers", "MessageBody": "x" * 1_048_577}, "InvalidParameterValue"),
        ("send_message", {"QueueUrl": "", "MessageBody": "x"}, f"{OLD}.NonExistentQueue"),
        ("receive_message", {"QueueUrl": "answers", "MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ("receive_message", {"QueueUrl": "answers", "WaitTimeSeconds": 21}, "InvalidParameterValue"),
        ("delete_message", {"QueueUrl": "answers", "ReceiptHandle": "nonsense"}, "ReceiptHandleIsInvalid"),
        ("delete_message", {"QueueUrl": "answers", "ReceiptHandle": "ab" * 40}, "ReceiptHandleIsInvalid"),
        ("send_message_batch", {"QueueUrl": "answers", "Entries": []}, f"{OLD}.EmptyBatchRequest"),
        ("add_permission", {"QueueUrl": "answers", "Label": "l", "AWSAccountIds": ["1"], "Actions": ["*"]}, "Unknown"),
    ],
)
def test_what_cannot_be_done_has_the_code_of_sqs(
    aws: AwsServer, operator: Actor, url: str, operation: str, members: dict[str, Any], code: str
) -> None:
    client = aws.client("sqs", operator, config={"parameter_validation": False})
    assert refusal(getattr(client, operation), **members)[0].startswith(code)


def test_queues_belong_to_a_workspace_and_viewers_have_none(
    aws: AwsServer, sqs: Any, url: str, stranger: Actor, viewer: Actor
) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="secret")
    other = aws.client("sqs", stranger)
    assert "QueueUrls" not in other.list_queues()
    assert refusal(other.receive_message, QueueUrl=url)[0] == f"{OLD}.NonExistentQueue"
    other.create_queue(QueueName="answers")
    assert take(other, url) == []
    only_looks = aws.client("sqs", viewer)
    assert refusal(only_looks.receive_message, QueueUrl=url)[0] == "AccessDeniedException"
    assert Queue.objects.filter(name="answers").count() == 2


def test_a_consumer_answers_a_callback_by_the_address_the_definition_has(
    sqs: Any, aws: AwsServer, operator: Actor, runs: Runs
) -> None:
    arn = runs.start(pipeline(callback(outputs={"place": "String"}, arguments={"table": "customers"})))
    (message,) = take(sqs, URL, WaitTimeSeconds=5)
    body = json.loads(message["Body"])
    assert (body["pipelineExecutionArn"], body["arguments"], body["status"]) == (
        arn,
        {"table": "customers"},
        "Executing",
    )
    assert body["token"] == CallbackToken.objects.get().token
    outputs = [{"Name": "place", "Value": "s3://results/x"}]
    answers = aws.client("sagemaker", operator)
    answers.send_pipeline_execution_step_success(CallbackToken=body["token"], OutputParameters=outputs)
    sqs.delete_message(QueueUrl=URL, ReceiptHandle=message["ReceiptHandle"])
    assert [one["StepStatus"] for one in runs.steps(arn)] == ["Succeeded"]
