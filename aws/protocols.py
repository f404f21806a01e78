"""Which protocol a request speaks, and what an error looks like in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from aws.signing_faults import Protocol
from aws.sigv4 import Head, query_pairs
from aws.wire import AwsAnswer

#: Service of the credential scope → its protocol.
SERVICES = {
    "sagemaker": Protocol.JSON,
    "logs": Protocol.JSON,
    "sqs": Protocol.JSON,
    "sts": Protocol.QUERY,
    "iam": Protocol.QUERY,
    "scheduler": Protocol.REST_JSON,
    "s3": Protocol.S3,
}
#: Services whose clients always sign for us-east-1.
GLOBAL_SERVICES = frozenset({"iam", "sts"})
#: What X-Amz-Target begins with → the service it belongs to.
_TARGETS = {"SageMaker": "sagemaker", "Logs_20140328": "logs", "AmazonSQS": "sqs"}
#: Namespace of a service's XML.
QUERY_NAMESPACES = {
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
}
JSON_TYPE = "application/x-amz-json-1.1"


def service_of_target(head: Head) -> str | None:
    """The service the operation named by X-Amz-Target belongs to; None when the header says nothing."""
    target = head.headers.get("x-amz-target", "")
    return _TARGETS.get(target.partition(".")[0]) if target else None


def protocol_of(head: Head, service: str | None) -> Protocol:
    """The protocol of a known service; else what the request looks most like."""
    if service in SERVICES:
        return SERVICES[service]
    if "x-amz-target" in head.headers:
        return Protocol.JSON
    form = head.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if form or "Action" in dict(query_pairs(head.query)):
        return Protocol.QUERY
    elsewhere = service is not None and not service.startswith("s3")  # most other services with addresses speak it
    if elsewhere or head.path.startswith(("/aws/schedules", "/aws/schedule-groups")):
        return Protocol.REST_JSON
    return Protocol.S3


def error_answer(
    protocol: Protocol, status: int, code: str, message: str, *, request_id: str, service: str = "", resource: str = ""
) -> AwsAnswer:
    """An error as the SDKs read it."""
    if protocol in (Protocol.JSON, Protocol.REST_JSON):
        kind = JSON_TYPE if protocol is Protocol.JSON else "application/json"
        body = json.dumps({"__type": code, "message": message}, ensure_ascii=False).encode(errors="replace")
        return AwsAnswer(
            status=status,
            headers={"Content-Type": kind, "x-amzn-RequestId": request_id, "x-amzn-ErrorType": code},
            body=body,
        )
    if protocol is Protocol.QUERY:
        text = (
            f'<ErrorResponse xmlns="{QUERY_NAMESPACES.get(service, QUERY_NAMESPACES["sts"])}"><Error>'
            f"<Type>{'Receiver' if status >= 500 else 'Sender'}</Type><Code>{code}</Code>"
            f"<Message>{xml_text(message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return AwsAnswer(
            status=status,
            headers={"Content-Type": "text/xml", "x-amzn-RequestId": request_id},
            body=text.encode(errors="replace"),
        )
    return AwsAnswer(
        status=status,
        headers={"Content-Type": "application/xml", "x-amz-request-id": request_id},
        body=s3_error(code, message, request_id=request_id, resource=resource),
    )


def s3_error(
    code: str, message: str, *, request_id: str, resource: str, facts: Mapping[str, str] | None = None
) -> bytes:
    """The document of an S3 error; `facts` are further elements."""
    more = "".join(f"<{name}>{xml_text(value)}</{name}>" for name, value in (facts or {}).items())
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{xml_text(message)}</Message>'
        f"{more}<Resource>{xml_text(resource)}</Resource><RequestId>{request_id}</RequestId></Error>"
    )
    return text.encode(errors="replace")


def xml_text(value: str) -> str:
    """Text of an XML element; characters XML cannot hold become question marks."""
    return escape("".join(sign if sign in "\t\n\r" or sign >= " " else "?" for sign in value))
