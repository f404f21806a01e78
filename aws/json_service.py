"""AWS JSON for one service: the target header names the operation, the service model its shapes."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from accounts.parsers import is_deep
from aws.call import Call, Operation
from aws.errors import AwsError, as_aws_error, not_implemented
from aws.shapes import ServiceModel, service_model
from aws.wire import AwsAnswer, AwsRequest

LARGEST_BODY = 6 * 1024 * 1024
logger = logging.getLogger(__name__)


class JsonService:
    """Answers requests of `service` with the functions of a catalogue (operation name → function).

    `query_codes`: for a service that spoke the query protocol before, error code → the code it had there; clients
    show the old one.
    """

    def __init__(
        self,
        service: str,
        operations: Mapping[str, Operation],
        *,
        version: str = "1.1",
        query_codes: Mapping[str, str] | None = None,
    ) -> None:
        self.service = service
        self.operations = operations
        self._content_type = f"application/x-amz-json-{version}"
        self._query_codes = query_codes

    def answer(self, request: AwsRequest) -> AwsAnswer:
        """Never raises: what went wrong is an AWS error, a bug of ours InternalFailure."""
        try:
            return self._json(200, self._carry_out(request), request)
        except Exception as exception:
            return self._refusal(self._error(exception, request), request)

    def read(self, request: AwsRequest) -> Call:
        """The call a request makes.

        Raises:
            AwsError: no operation of ours, or members that do not fit its shape.
        """
        model = service_model(self.service, tuple(self.operations))
        name = self._operation_name(request, model)
        return Call(
            actor=request.actor,
            region=settings.CLARY_REGION,
            operation=name,
            given=model.read(name, parse_body(request.body)),
        )

    def _carry_out(self, request: AwsRequest) -> dict[str, Any]:
        call = self.read(request)
        model = service_model(self.service, tuple(self.operations))
        return model.shaped(call.operation, self.operations[call.operation](call))

    def _operation_name(self, request: AwsRequest, model: ServiceModel) -> str:
        prefix, _, name = request.headers.get("x-amz-target", "").rpartition(".")
        if prefix != model.target_prefix or name not in model.names:
            said = f"{prefix}.{name}"[:200] if prefix or name else "no X-Amz-Target header"
            raise AwsError("UnknownOperationException", f"{said} names no operation of {self.service}.")
        if name not in self.operations:
            raise not_implemented(name)
        return name

    def _error(self, exception: Exception, request: AwsRequest) -> AwsError:
        known = as_aws_error(exception)
        target = request.headers.get("x-amz-target", "")
        if known is None:
            logger.exception("AWS call %s failed (request %s)", target[:200], request.request_id)
            message = f"Something went wrong on our side. The log names it by request {request.request_id}."
            return AwsError("InternalFailure", message, 500)
        if known.code == "AccessDeniedException" and not isinstance(exception, AwsError):
            account, user = request.actor.workspace.account_id, request.actor.username
            action = f"{self.service}:{target.rpartition('.')[2]}"
            said = f"User: arn:aws:iam::{account}:user/{user} is not authorized to perform: {action}. {known.message}"
            return AwsError(known.code, said, known.status)
        return known

    def _refusal(self, error: AwsError, request: AwsRequest) -> AwsAnswer:
        headers = {"x-amzn-ErrorType": error.code}
        if self._query_codes is not None:
            fault = "Receiver" if error.status >= 500 else "Sender"
            headers["x-amzn-query-error"] = f"{self._query_codes.get(error.code, error.code)};{fault}"
        return self._json(error.status, {"__type": error.code, "message": error.message}, request, headers)

    def _json(
        self,
        status: int,
        document: Mapping[str, Any],
        request: AwsRequest,
        headers: Mapping[str, str] | None = None,
    ) -> AwsAnswer:
        all_headers = {"Content-Type": self._content_type, "x-amzn-RequestId": request.request_id, **(headers or {})}
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return AwsAnswer(status=status, headers=all_headers, body=body.encode("utf-8", "replace"))


def parse_body(body: bytes) -> dict[str, Any]:
    """The JSON object in a request.

    Raises:
        AwsError: SerializationException, or RequestEntityTooLarge above 6 MiB.
    """
    if len(body) > LARGEST_BODY:
        raise AwsError("RequestEntityTooLarge", f"The request has more than {LARGEST_BODY} bytes.", 413)
    try:
        document = json.loads(body or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AwsError("SerializationException", "The request body is not JSON.") from None
    if not isinstance(document, dict) or is_deep(document):
        raise AwsError("SerializationException", "The request body is not a JSON object, or nested too deeply.")
    return document


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
