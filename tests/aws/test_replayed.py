"""A request that is sent again, put together in another way, or signed with a key that is gone."""

from __future__ import annotations

import hashlib
import http.client
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSRequest

from accounts.actors import Actor
from accounts.models import AccessKey
from accounts.services.tokens import create_access_key
from editor.models import PipelineVersion
from runs.models import Execution, StoredObject
from tests.aws.refusals import ROLE
from tests.aws.server import AwsServer
from tests.aws.signing import send, signed_request

DEFINITION = {"Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}]}
LATE = datetime.now(UTC) - timedelta(minutes=16)


@pytest.fixture
def keys(member: Actor) -> tuple[str, str]:
    row, secret = create_access_key(actor=member)
    return row.access_key_id, secret


def operation(
    aws: AwsServer, keys: tuple[str, str], name: str, *, at: datetime | None = None, **members: str
) -> AWSRequest:
    """A signed call of the SageMaker service."""
    headers = {"X-Amz-Target": f"SageMaker.{name}", "Content-Type": "application/x-amz-json-1.1"}
    body = json.dumps(members).encode()
    return signed_request(aws.endpoint, body=body, service="sagemaker", keys=keys, headers=headers, at=at)


def lines(aws: AwsServer, request: AWSRequest, headers: list[tuple[str, str]]) -> tuple[int, str]:
    """(status, text) of the answer to the request with exactly these header lines."""
    parts = urlsplit(request.url)
    connection = http.client.HTTPConnection("127.0.0.1", aws.port, timeout=10)
    connection.putrequest(request.method, parts.path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders(request.data or b"")
    answer = connection.getresponse()
    try:
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_replayed_operation_within_its_window_changes_nothing_again(aws: AwsServer, keys: tuple[str, str]) -> None:
    made = operation(
        aws,
        keys,
        "CreatePipeline",
        PipelineName="twice",
        RoleArn=ROLE,
        ClientRequestToken="c" * 32,
        PipelineDefinition=json.dumps(DEFINITION),
    )
    assert send(made) == send(made)
    assert PipelineVersion.objects.count() == 1
    started = operation(aws, keys, "StartPipelineExecution", PipelineName="twice", ClientRequestToken="s" * 32)
    status, text = send(started)
    assert (status, send(started)) == (200, (200, text))
    assert Execution.objects.count() == 1


def test_a_replayed_upload_within_its_window_is_the_same_object(
    aws: AwsServer, keys: tuple[str, str], member: Actor
) -> None:
    url = f"{aws.endpoint}/{member.workspace.default_bucket}/k"
    request = signed_request(url, method="PUT", body=b"one", service="s3", keys=keys)
    assert [send(request)[0], send(request)[0]] == [200, 200]
    assert {row.sha256 for row in StoredObject.objects.all()} == {hashlib.sha256(b"one").hexdigest()}
    assert "XAmzContentSHA256Mismatch" in send(request, b"two")[1]


def test_a_replay_after_the_window_is_too_late(aws: AwsServer, keys: tuple[str, str], member: Actor) -> None:
    listing = operation(aws, keys, "ListPipelines", at=LATE)
    status, text = send(listing)
    assert (status, json.loads(text)["__type"]) == (400, "InvalidSignatureException")
    assert json.loads(text)["message"].startswith("Signature expired: ")
    url = f"{aws.endpoint}/{member.workspace.default_bucket}/k"
    status, text = send(signed_request(url, method="PUT", body=b"x", service="s3", keys=keys, at=LATE))
    assert (status, "<Code>RequestTimeTooSkewed</Code>" in text) == (403, True)
    url = f"{aws.endpoint}/{member.workspace.default_bucket}?list-type=2"
    status, text = send(signed_request(url, method="GET", service="s3", keys=keys, at=LATE, expires=600))
    assert (status, "<Code>AccessDenied</Code>" in text, "Request has expired" in text) == (403, True, True)
    assert not StoredObject.objects.exists()


def test_a_key_that_was_deleted_is_unknown_at_once(aws: AwsServer, keys: tuple[str, str]) -> None:
    request = operation(aws, keys, "ListPipelines")
    assert send(request)[0] == 200
    AccessKey.objects.filter(access_key_id=keys[0]).delete()
    assert json.loads(send(request)[1])["__type"] == "UnrecognizedClientException"


def test_the_key_of_another_workspace_reaches_nothing_here(aws: AwsServer, member: Actor, stranger: Actor) -> None:
    row, secret = create_access_key(actor=stranger)
    theirs = (row.access_key_id, secret)
    aws.client("sagemaker", member).create_pipeline(
        PipelineName="ours", PipelineDefinition=json.dumps(DEFINITION), RoleArn=ROLE
    )
    account = member.workspace.account_id
    for name in ("ours", f"arn:aws:sagemaker:us-east-1:{account}:pipeline/ours"):
        status, text = send(operation(aws, theirs, "DescribePipeline", PipelineName=name))
        assert (status, json.loads(text)["__type"]) == (400, "ResourceNotFound")
    url = f"{aws.endpoint}/{member.workspace.default_bucket}?list-type=2"
    assert send(signed_request(url, method="GET", service="s3", keys=theirs))[0] in (403, 404)


def test_headers_come_in_any_order_and_several_of_a_name_are_one(aws: AwsServer, keys: tuple[str, str]) -> None:
    """The canonical form joins them by a comma, in the order they came."""
    request = signed_request(
        f"{aws.endpoint}/",
        method="GET",
        service="s3",
        keys=keys,
        headers={"x-amz-meta-a": "1,2", "Host": f"127.0.0.1:{aws.port}"},
    )
    single = [(name, value) for name, value in request.headers.items() if name.lower() != "x-amz-meta-a"]
    assert lines(aws, request, [*reversed(single), ("x-amz-meta-a", "1,2")])[0] == 200
    assert lines(aws, request, [("X-AMZ-Meta-A", "1"), *single, ("x-amz-meta-a", "2")])[0] == 200
    status, text = lines(aws, request, [("x-amz-meta-a", "2"), *single, ("x-amz-meta-a", "1")])
    assert (status, "<Code>SignatureDoesNotMatch</Code>" in text) == (403, True)
    again = [*single, ("x-amz-meta-a", "1,2"), ("Authorization", "x")]
    assert lines(aws, request, again)[0] in (400, 403)


@pytest.mark.parametrize(
    ("service", "code"), [("s3", "AccessDenied"), ("sts", "SignatureDoesNotMatch"), ("sagemaker", "InvalidSignature")]
)
def test_a_signature_that_leaves_the_host_open_is_refused(
    aws: AwsServer, keys: tuple[str, str], service: str, code: str
) -> None:
    request = signed_request(aws.endpoint, method="GET", service=service, keys=keys)
    signed = request.headers["Authorization"].replace("SignedHeaders=host;", "SignedHeaders=")
    request.headers.replace_header("Authorization", signed)
    status, text = send(request)
    assert (400 <= status < 500, code in text) == (True, True), text
