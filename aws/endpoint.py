"""The door to every AWS service we speak, in front of Django: `/aws` and below, and `<bucket>.<host>`."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from aws import long_polling, services
from aws.exchange import BodyTooLarge, ClientGone, Exchange
from aws.hosts import bucket_of_host
from aws.protocols import SERVICES, error_answer, protocol_of, service_of_target
from aws.s3 import door
from aws.s3.routes import is_form
from aws.signing_faults import Fault, Protocol, SignatureRefused, code_of
from aws.sigv2 import is_presigned
from aws.sigv4 import Signed, query_pairs, read_signed
from aws.threads import in_thread
from aws.wire import AwsAnswer, AwsRequest

logger = logging.getLogger("clary.aws")
PREFIX = "/aws"
#: The largest body of an operation that is no S3 operation; CreatePipeline takes 1 MiB, and JSON escapes can multiply.
LARGEST_BODY = 6 * 1024 * 1024
Application = Callable[[dict[str, Any], Callable[..., Awaitable[Any]], Callable[..., Awaitable[None]]], Awaitable[None]]


def is_ours(path: str, host: str) -> bool:
    """Whether a request is for the AWS services, by its path (still encoded) and Host header."""
    return path == PREFIX or path.startswith(f"{PREFIX}/") or bucket_of_host(host) is not None


class AwsEndpoint:
    """Answers what is ours and hands everything else to the application behind it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not is_ours(_path(scope), _host(scope)):
            await self.application(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        try:
            await _serve(exchange)
        except ClientGone:
            logger.info("gone", extra={"path": exchange.head.path})


async def _serve(exchange: Exchange) -> None:
    """Answers in the protocol of the request, whatever happens."""
    head, service, signed = exchange.head, None, None
    try:
        if bucket_of_host(head.headers.get("host", "")) is not None:
            service = "s3"
        signed = None if is_presigned(head) or is_form(head) else read_signed(head)
        service = _service(signed, service or service_of_target(head)) if signed else "s3"
        if signed is None or service == "s3":
            await door.serve(exchange, signed)
        else:
            await exchange.answer(await _operation(exchange, signed))
    except SignatureRefused as refused:
        service = signed.service if refused.fault is Fault.UNKNOWN_SERVICE and signed else service
        status, code = code_of(refused.fault, protocol_of(head, service))
        await _refuse(exchange, service, status, code, str(refused))
    except BodyTooLarge:
        await _refuse(exchange, service, 413, "RequestEntityTooLarge", f"The body is over {LARGEST_BODY} bytes.")
    except (OperationalError, InterfaceError):
        logger.exception("database")
        await _refuse(
            exchange, service, 503, "ServiceUnavailable", "The database cannot be reached right now. Try again."
        )
    except ClientGone:
        raise
    except Exception:
        logger.exception("bug", extra={"path": head.path, "request": exchange.request_id})
        if exchange.started:
            raise
        message = f"Something went wrong on our side. The log names it by request {exchange.request_id}."
        await _refuse(exchange, service, 500, "InternalFailure", message)


async def _operation(exchange: Exchange, signed: Signed) -> AwsAnswer:
    """The answer of a service whose requests are small."""
    from aws.identity import key_holder, verified

    if exchange.is_large:  # nobody fills our memory who has no key
        await in_thread(key_holder, signed.access_key_id, signed.session_token)
    body = await exchange.body(LARGEST_BODY)
    _, actor = await in_thread(
        verified,
        signed,
        exchange.head,
        payload_hash=hashlib.sha256(body).hexdigest(),
        region=settings.CLARY_REGION,
        now=datetime.now(UTC),
    )
    head = exchange.head
    request = AwsRequest(
        actor=actor,
        service=signed.service,
        region=signed.region,
        method=head.method,
        path=head.path.removeprefix(PREFIX) or "/",
        query=dict(query_pairs(head.query)),
        headers=head.headers,
        body=body,
        request_id=exchange.request_id,
    )
    if request.service == "sqs":
        return await long_polling.answered(request, _answered, exchange.left)
    return await in_thread(_answered, request)


def _answered(request: AwsRequest) -> AwsAnswer:
    if request.service in services.SERVICES:
        return services.answer(request)
    return error_answer(
        SERVICES[request.service],
        400,
        "UnknownOperationException",
        f"Operations of {request.service} are not implemented by Clary.",
        request_id=request.request_id,
    )


def _service(signed: Signed, expected: str | None) -> str:
    if expected not in (None, signed.service):
        raise SignatureRefused(
            Fault.WRONG_SCOPE, f"Credential should be scoped to correct service: {expected}; it is '{signed.service}'."
        )
    if signed.service not in SERVICES:
        raise SignatureRefused(
            Fault.UNKNOWN_SERVICE,
            f"The service '{signed.service}' is not implemented by Clary. It speaks {', '.join(SERVICES)}.",
        )
    return signed.service


async def _refuse(exchange: Exchange, service: str | None, status: int, code: str, message: str) -> None:
    protocol = protocol_of(exchange.head, service)
    if protocol is Protocol.S3 and status >= 500:
        code = "ServiceUnavailable" if status == 503 else "InternalError"
    await exchange.answer(
        error_answer(
            protocol,
            status,
            code,
            message,
            request_id=exchange.request_id,
            service=service or "",
            resource=exchange.head.path,
        )
    )


def _host(scope: dict[str, Any]) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")


def _path(scope: dict[str, Any]) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")
