"""Whoever signs with a key of this server is let in; everybody else gets AWS's own codes."""

from __future__ import annotations

import json
import socket
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accounts.actors import Actor
from accounts.models import AccessKey, User
from accounts.services.tokens import create_access_key
from tests.aws.server import AwsServer
from tests.aws.signing import send, signed_request

CALLS = {"sts": "get_caller_identity", "sagemaker": "list_pipelines", "s3": "list_buckets"}
FORM = b"Action=GetCallerIdentity&Version=2011-06-15"


def test_the_caller_is_told_who_they_are(aws: AwsServer, viewer: Actor) -> None:
    found = aws.client("sts", viewer).get_caller_identity()
    account = viewer.workspace.account_id
    assert (found["Account"], found["Arn"]) == (account, f"arn:aws:iam::{account}:user/vera")


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("sts", "InvalidClientTokenId"),
        ("sagemaker", "UnrecognizedClientException"),
        ("s3", "InvalidAccessKeyId"),
    ],
)
def test_an_unknown_key_is_refused(aws: AwsServer, service: str, code: str) -> None:
    client = aws.client(service, aws_access_key_id="AKIANOSUCHKEY0000000", aws_secret_access_key="x")
    assert code_of(client, service) == code


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("sts", "SignatureDoesNotMatch"),
        ("sagemaker", "InvalidSignatureException"),
        ("s3", "SignatureDoesNotMatch"),
    ],
)
def test_a_wrong_secret_is_refused(aws: AwsServer, owner: Actor, service: str, code: str) -> None:
    key, _ = create_access_key(actor=owner)
    client = aws.client(service, aws_access_key_id=key.access_key_id, aws_secret_access_key="wrong")
    assert code_of(client, service) == code


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("sts", "SignatureDoesNotMatch"),
        ("sagemaker", "InvalidSignatureException"),
        ("s3", "AuthorizationHeaderMalformed"),
    ],
)
def test_another_region_is_refused(aws: AwsServer, owner: Actor, service: str, code: str) -> None:
    assert code_of(aws.client(service, owner, region_name="eu-west-1"), service) == code


@pytest.mark.parametrize("service", sorted(CALLS))
def test_the_key_of_a_disabled_user_is_unknown(aws: AwsServer, owner: Actor, service: str) -> None:
    client = aws.client(service, owner)
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    assert code_of(client, service) in {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"}


def test_an_expired_key_is_unknown(aws: AwsServer, owner: Actor) -> None:
    client = aws.client("sts", owner)
    AccessKey.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert code_of(client, "sts") == "InvalidClientTokenId"


def test_a_session_token_that_is_not_the_keys_is_refused(aws: AwsServer, owner: Actor) -> None:
    client = aws.client("sts", owner, aws_session_token="made up")
    assert code_of(client, "sts") == "InvalidClientTokenId"


@pytest.mark.parametrize(
    ("service", "code", "minutes"),
    [
        ("sts", "SignatureDoesNotMatch", -16),
        ("sagemaker", "InvalidSignatureException", -16),
        ("s3", "RequestTimeTooSkewed", -16),
        ("s3", "RequestTimeTooSkewed", 16),
    ],
)
def test_a_wrong_clock_is_told(aws: AwsServer, owner: Actor, service: str, code: str, minutes: int) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    method = "GET" if service == "s3" else "POST"
    request = signed_request(aws.endpoint, method=method, service=service, body=FORM, at=at, keys=keys_of(owner))
    status, text = send(request)
    assert (status // 100, code_in(text)) == (4, code)
    assert "Signature expired" in text or "not yet current" in text


def test_a_tampered_body_is_refused(aws: AwsServer, owner: Actor) -> None:
    request = signed_request(aws.endpoint, body=FORM, keys=keys_of(owner))
    assert send(request)[0] == 200
    status, text = send(request, FORM.replace(b"Version", b"Verzion"))
    assert (status, code_in(text)) == (403, "SignatureDoesNotMatch")


def test_a_presigned_call_works_until_it_expires(aws: AwsServer, owner: Actor) -> None:
    url = f"{aws.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15"
    keys = keys_of(owner)
    assert send(signed_request(url, method="GET", keys=keys, expires=60))[0] == 200
    late = datetime.now(UTC) - timedelta(seconds=61)
    status, text = send(signed_request(url, method="GET", keys=keys, expires=60, at=late))
    assert (status, code_in(text)) == (403, "SignatureDoesNotMatch")
    s3 = signed_request(f"{aws.endpoint}/b/k", method="GET", service="s3", keys=keys, expires=60, at=late)
    assert (send(s3)[0], code_in(send(s3)[1])) == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "AccessDenied"),
        ({"X-Amz-Target": "SageMaker.ListPipelines"}, "MissingAuthenticationTokenException"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "MissingAuthenticationToken"),
        ({"Authorization": "AWS4-HMAC-SHA256 nonsense"}, "AuthorizationHeaderMalformed"),
        ({"Authorization": "Bearer clary_x"}, "InvalidRequest"),
    ],
)
def test_nobody_gets_in_without_a_signature(aws: AwsServer, headers: dict[str, str], code: str) -> None:
    request = signed_request(aws.endpoint)
    for name in list(request.headers):
        del request.headers[name]
    for name, value in headers.items():
        request.headers[name] = value
    status, text = send(request)
    assert (status // 100, code_in(text)) == (4, code)


@pytest.mark.parametrize("service", ["ec2", "execute-api"])
def test_a_service_we_do_not_speak_is_refused(aws: AwsServer, owner: Actor, service: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = signed_request(aws.endpoint, service=service, body=FORM, headers=headers, keys=keys_of(owner))
    status, text = send(request)
    assert (status, code_in(text)) == (400, "InvalidAction")
    assert service in text


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("glue", "list_jobs", "UnknownOperationException"),
        ("lambda", "list_functions", "UnknownOperationException"),
        ("sns", "list_topics", "InvalidAction"),
    ],
)
def test_a_client_of_a_service_we_do_not_speak_reads_which_one(
    aws: AwsServer, owner: Actor, service: str, operation: str, code: str
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(aws.client(service, owner), operation)()
    error = caught.value.response["Error"]
    assert error["Code"] == code
    assert f"'{service}' is not implemented by Clary" in error["Message"]


def test_an_operation_of_one_service_cannot_be_signed_for_another(aws: AwsServer, owner: Actor) -> None:
    headers = {"X-Amz-Target": "SageMaker.ListPipelines", "Content-Type": "application/x-amz-json-1.1"}
    status, text = send(signed_request(aws.endpoint, service="sts", body=b"{}", headers=headers, keys=keys_of(owner)))
    assert (status, code_in(text)) == (400, "InvalidSignatureException")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Action=AssumeRole", "InvalidAction"),
        (b"", "MissingAction"),
        (b"Action=%FF", "MalformedQueryString"),
        (b"&".join(b"a%d=1" % number for number in range(2100)), "MalformedQueryString"),
    ],
)
def test_a_form_that_names_nothing_is_refused(aws: AwsServer, owner: Actor, body: bytes, code: str) -> None:
    status, text = send(signed_request(aws.endpoint, body=body, keys=keys_of(owner)))
    assert (status, code_in(text)) == (400, code)


def test_a_body_over_the_limit_is_refused(aws: AwsServer, owner: Actor) -> None:
    status, text = send(signed_request(aws.endpoint, body=b"a=" + b"x" * 6_400_000, keys=keys_of(owner)))
    assert (status, code_in(text)) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize(("path", "service"), [("", "sts"), ("/b?delete", "s3")])
def test_a_large_body_of_nobody_is_not_even_read(aws: AwsServer, path: str, service: str) -> None:
    method = {"method": "POST", "service": service}
    request = signed_request(f"{aws.endpoint}{path}", body=b"x", keys=("AKIANOSUCHKEY0000000", "x"), **method)
    lines = [f"POST /aws{path} HTTP/1.1", f"Host: 127.0.0.1:{aws.port}", "Content-Length: 3000000"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    with socket.create_connection(("127.0.0.1", aws.port), timeout=5) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 403")


def test_the_studio_still_answers_behind_the_endpoint(aws: AwsServer) -> None:
    with socket.create_connection(("127.0.0.1", aws.port), timeout=5) as connection:
        connection.sendall(b"GET /api/session/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 401")


def keys_of(actor: Actor) -> tuple[str, str]:
    row, secret = create_access_key(actor=actor)
    return row.access_key_id, secret


def code_of(client: Any, service: str) -> str:
    with pytest.raises(ClientError) as refused:
        getattr(client, CALLS[service])()
    return str(refused.value.response["Error"]["Code"])


def code_in(text: str) -> str:
    if text.startswith("{"):
        return str(json.loads(text)["__type"])
    return next(str(one.text) for one in ElementTree.fromstring(text).iter() if one.tag.rpartition("}")[2] == "Code")
