"""The query protocol of STS and IAM: a form comes in, XML goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from aws.operations import iam, sts
from aws.protocols import QUERY_NAMESPACES, error_answer
from aws.query_results import Members, QueryRefused, members_xml
from aws.signing_faults import Protocol
from aws.wire import AwsAnswer, AwsRequest

MOST_FIELDS = 2000
Operation = Callable[[AwsRequest, Mapping[str, str]], Members]
OPERATIONS: dict[str, Mapping[str, Operation]] = {"sts": sts.OPERATIONS, "iam": iam.OPERATIONS}


def answer(request: AwsRequest) -> AwsAnswer:
    """The answer of the operation named by `Action`; an AWS error for anything that cannot be done."""
    try:
        form = _form(request)
        name = form.get("Action", "")
        if not name:
            raise QueryRefused("MissingAction", "The request must name an Action.")
        operation = OPERATIONS[request.service].get(name)
        if operation is None:
            raise QueryRefused(
                "InvalidAction", f"The action {name[:64]} of {request.service} is not implemented by Clary."
            )
        result = operation(request, form)
    except QueryRefused as refused:
        return error_answer(
            Protocol.QUERY,
            refused.status,
            refused.code,
            str(refused),
            request_id=request.request_id,
            service=request.service,
        )
    text = (
        f'<{name}Response xmlns="{QUERY_NAMESPACES[request.service]}"><{name}Result>{members_xml(result)}'
        f"</{name}Result><ResponseMetadata><RequestId>{request.request_id}</RequestId></ResponseMetadata>"
        f"</{name}Response>"
    )
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request.request_id}
    return AwsAnswer(status=200, headers=headers, body=text.encode(errors="replace"))


def _form(request: AwsRequest) -> dict[str, str]:
    try:
        fields = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise QueryRefused(
            "MalformedQueryString", f"Expected a form in UTF-8 with at most {MOST_FIELDS} fields."
        ) from None
    return {**request.query, **dict(fields)}
