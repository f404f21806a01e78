"""Calls of the SageMaker service without a server in between."""

from __future__ import annotations

import json
from typing import Any

from accounts.actors import Actor
from aws import services
from aws.wire import AwsRequest


def call(actor: Actor, operation: str, body: Any = None, **members: Any) -> tuple[int, dict[str, Any]]:
    """(status, document) of one operation. `body`: bytes sent as they are, or a document in place of the members."""
    sent = body if isinstance(body, bytes) else json.dumps(members if body is None else body).encode()
    answer = services.answer(
        AwsRequest(
            actor=actor,
            service="sagemaker",
            region="us-east-1",
            method="POST",
            path="/",
            headers={"x-amz-target": f"SageMaker.{operation}"},
            body=sent,
            request_id="r-1",
        )
    )
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert answer.headers["x-amzn-RequestId"] == "r-1"
    document = json.loads(answer.body)
    if answer.status != 200:
        assert answer.headers["x-amzn-ErrorType"] == document["__type"]
    return answer.status, document


def code(actor: Actor, operation: str, body: Any = None, **members: Any) -> str:
    """The error code of a call that must be refused, and not with a fault of the server."""
    status, document = call(actor, operation, body, **members)
    assert 400 <= status < 500, (operation, members, status, document)
    found: str = document["__type"]
    return found
