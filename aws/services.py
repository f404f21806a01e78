"""Which module answers for which service. Imported when first called, so that an idle web process stays small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from aws.wire import AwsAnswer, AwsRequest

#: Service name of the credential scope → module whose `answer` takes the request.
SERVICES: Mapping[str, str] = {
    "sagemaker": "aws.operations.catalog",
    "sts": "aws.query_protocol",
    "iam": "aws.query_protocol",
    "scheduler": "aws.operations.schedules",
    "logs": "aws.operations.logs",
    "sqs": "aws.operations.queues",
}


def answer(request: AwsRequest) -> AwsAnswer:
    """The answer of the service the request was signed for; blocking, so call it in a thread.

    Raises:
        KeyError: a service that is not in `SERVICES`; the endpoint refuses those before it reads a body.
    """
    return _handler(request.service)(request)


@cache
def _handler(service: str) -> Callable[[AwsRequest], AwsAnswer]:
    handler: Callable[[AwsRequest], AwsAnswer] = import_module(SERVICES[service]).answer
    return handler
