"""REST-JSON for one service: method and path name the operation, members come from path, query and body."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from django.conf import settings

from aws.call import Call, Operation
from aws.errors import AwsError, as_aws_error, not_implemented
from aws.json_service import parse_body
from aws.shapes import service_model
from aws.wire import AwsAnswer, AwsRequest

logger = logging.getLogger(__name__)
#: Status of an error code in services that speak REST-JSON; everything else is 400 unless the error says more.
STATUSES = {"ResourceNotFoundException": 404, "ConflictException": 409, "AccessDeniedException": 403}
_PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class _Route:
    """`members`: name in the query string → (member, whether it is a number)."""

    operation: str
    method: str
    path: re.Pattern[str]
    members: Mapping[str, tuple[str, bool]]


class RestJsonService:
    """Answers requests of `service` with the functions of a catalogue (operation name → function)."""

    def __init__(self, service: str, operations: Mapping[str, Operation]) -> None:
        self.service = service
        self.operations = operations

    def answer(self, request: AwsRequest) -> AwsAnswer:
        """Never raises: what went wrong is an AWS error, a bug of ours InternalServerException."""
        try:
            return _json(200, self._carry_out(request), request)
        except Exception as exception:
            error = as_aws_error(exception)
            if error is None:
                logger.exception("AWS call %s %s failed", request.method, request.path[:200])
                message = f"Something went wrong on our side. The log names it by request {request.request_id}."
                error = AwsError("InternalServerException", message, 500)
            status = STATUSES.get(error.code, error.status)
            body = {"Message": error.message, "message": error.message}
            return _json(status, body, request, {"x-amzn-ErrorType": error.code})

    def _carry_out(self, request: AwsRequest) -> dict[str, Any]:
        route, given = self._match(request)
        if route.operation not in self.operations:
            raise not_implemented(route.operation)
        model = service_model(self.service, tuple(self.operations))
        call = Call(
            actor=request.actor,
            region=settings.CLARY_REGION,
            operation=route.operation,
            given=model.read(route.operation, given),
        )
        return model.shaped(route.operation, self.operations[route.operation](call))

    def _match(self, request: AwsRequest) -> tuple[_Route, dict[str, Any]]:
        for route in _routes(self.service):
            found = route.path.fullmatch(request.path)
            if found is None or route.method != request.method:
                continue
            given = parse_body(request.body) if request.method in ("POST", "PUT", "PATCH") else {}
            for name, (member, is_number) in route.members.items():
                if name in request.query:
                    given[member] = _number(request.query[name]) if is_number else request.query[name]
            return route, {**given, **{name: unquote(value) for name, value in found.groupdict().items()}}
        raise AwsError(
            "UnknownOperationException", f"{request.method} {request.path[:200]} is no operation of {self.service}."
        )


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """Every operation AWS has, also those Clary lacks."""
    from botocore.loaders import Loader

    raw = Loader().load_service_model(service, "service-2")
    return tuple(_route(name, one, raw["shapes"]) for name, one in raw["operations"].items())


def _route(name: str, operation: Mapping[str, Any], shapes: Mapping[str, Any]) -> _Route:
    members = shapes[operation["input"]["shape"]]["members"] if "input" in operation else {}
    in_query = {
        one["locationName"]: (member, shapes[one["shape"]]["type"] == "integer")
        for member, one in members.items()
        if one.get("location") == "querystring"
    }
    path = "".join(
        f"(?P<{part}>[^/]+)" if number % 2 else re.escape(part)
        for number, part in enumerate(_PART.split(operation["http"]["requestUri"]))
    )
    return _Route(operation=name, method=operation["http"]["method"], path=re.compile(path), members=in_query)


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text


def _json(
    status: int, document: Mapping[str, Any], request: AwsRequest, headers: Mapping[str, str] | None = None
) -> AwsAnswer:
    all_headers = {"Content-Type": "application/json", "x-amzn-RequestId": request.request_id, **(headers or {})}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return AwsAnswer(status=status, headers=all_headers, body=body.encode("utf-8", "replace"))
