"""SQS over the workspace's own queues, as consumers of Callback steps need it.

A queue is known by the name at the end of its URL, whatever stands before it: a consumer may go on using the address
it has on AWS. Standard queues only: no FIFO, no policies, no encryption, no dead letters; tags are not kept.
"""

from __future__ import annotations

import re
from typing import Any

from aws.call import Call, Document, Operation
from aws.errors import AwsError
from aws.json_service import JsonService
from aws.operations import messages
from aws.operations.queue_addresses import name_in, queue_url
from aws.wire import AwsRequest
from runs import queues as selectors
from runs.models import Queue
from runs.services import queues as services

MOST_LISTED = 1000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
#: SQS attribute → (column, least, most).
SETTABLE = {
    "VisibilityTimeout": ("visibility_seconds", 0, 43_200),
    "MessageRetentionPeriod": ("retention_seconds", 60, 1_209_600),
    "DelaySeconds": ("delay_seconds", 0, 900),
    "ReceiveMessageWaitTimeSeconds": ("wait_seconds", 0, 20),
    "MaximumMessageSize": ("message_bytes", 1024, 1_048_576),
}


def create(call: Call) -> Document:
    name = call["QueueName"]
    if not _NAME.fullmatch(name):
        fifo = " FIFO queues are not implemented by Clary." if name.endswith(".fifo") else ""
        said = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length."
        raise AwsError("InvalidParameterValue", said + fifo)
    services.create_queue(actor=call.actor, name=name, settings=_settings(call.get("Attributes", {})))
    return {"QueueUrl": queue_url(call, name)}


def get_url(call: Call) -> Document:
    return {"QueueUrl": queue_url(call, selectors.queue_named(call.actor, call["QueueName"]).name)}


def list_queues(call: Call) -> Document:
    most = call.get("MaxResults", MOST_LISTED)
    if not 1 <= most <= MOST_LISTED:
        raise AwsError("InvalidParameterValue", f"MaxResults is a number from 1 to {MOST_LISTED}.")
    rows = selectors.queues(call.actor, prefix=call.get("QueueNamePrefix", ""))
    if (after := call.get("NextToken")) is not None:
        rows = rows.filter(name__gt=after)
    names = list(rows.values_list("name", flat=True)[: most + 1])
    more = names[most - 1] if len(names) > most and "MaxResults" in call.given else None
    return {"QueueUrls": [queue_url(call, name) for name in names[:most]] or None, "NextToken": more}


def attributes(call: Call) -> Document:
    queue = selectors.queue_named(call.actor, name_in(call))
    wanted = set(call.get("AttributeNames", ()))
    found = _attributes(call, queue)
    return {"Attributes": {key: value for key, value in found.items() if "All" in wanted or key in wanted} or None}


def set_attributes(call: Call) -> Document:
    services.change_queue(actor=call.actor, name=name_in(call), settings=_settings(call["Attributes"]))
    return {}


def purge(call: Call) -> Document:
    services.purge_queue(actor=call.actor, name=name_in(call))
    return {}


def delete(call: Call) -> Document:
    services.delete_queue(actor=call.actor, name=name_in(call))
    return {}


def _attributes(call: Call, queue: Queue) -> dict[str, str]:
    depth = selectors.depth(queue)
    counted: dict[str, Any] = {
        "ApproximateNumberOfMessages": depth.visible,
        "ApproximateNumberOfMessagesNotVisible": depth.held,
        "ApproximateNumberOfMessagesDelayed": depth.delayed,
        "CreatedTimestamp": int(queue.created_at.timestamp()),
        "LastModifiedTimestamp": int(queue.changed_at.timestamp()),
        "QueueArn": f"arn:aws:sqs:{call.region}:{call.actor.workspace.account_id}:{queue.name}",
        "SqsManagedSseEnabled": "false",
    }
    counted |= {name: getattr(queue, column) for name, (column, _, _) in SETTABLE.items()}
    return {name: str(value) for name, value in counted.items()}


def _settings(given: Document) -> services.Settings:
    figures: dict[str, int] = {}
    for name, text in given.items():
        if name not in SETTABLE:
            raise AwsError("InvalidAttributeName", f"The attribute {name[:64]} is not implemented by Clary.")
        column, least, most = SETTABLE[name]
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            said = f"Invalid value for the parameter {name}. It is a number from {least} to {most}."
            raise AwsError("InvalidAttributeValue", said)
        figures[column] = int(text)
    return services.Settings(**figures)


OPERATIONS: dict[str, Operation] = {
    "CreateQueue": create,
    "GetQueueUrl": get_url,
    "ListQueues": list_queues,
    "GetQueueAttributes": attributes,
    "SetQueueAttributes": set_attributes,
    "PurgeQueue": purge,
    "DeleteQueue": delete,
    "SendMessage": messages.send,
    "SendMessageBatch": messages.send_batch,
    "ReceiveMessage": messages.receive,
    "DeleteMessage": messages.delete,
    "DeleteMessageBatch": messages.delete_batch,
    "ChangeMessageVisibility": messages.change_visibility,
    "ChangeMessageVisibilityBatch": messages.change_visibility_batch,
}
_OLD = "AWS.SimpleQueueService"
_QUERY_CODES = {
    "QueueDoesNotExist": f"{_OLD}.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "MessageNotInflight": f"{_OLD}.MessageNotInflight",
    "UnsupportedOperation": f"{_OLD}.UnsupportedOperation",
    "EmptyBatchRequest": f"{_OLD}.EmptyBatchRequest",
    "TooManyEntriesInBatchRequest": f"{_OLD}.TooManyEntriesInBatchRequest",
    "BatchEntryIdsNotDistinct": f"{_OLD}.BatchEntryIdsNotDistinct",
}

_SERVICE = JsonService("sqs", OPERATIONS, version="1.0", query_codes=_QUERY_CODES)

answer = _SERVICE.answer


def receiver_waits(request: AwsRequest) -> int:
    """Seconds the sender of this ReceiveMessage, which was answered before, wants to wait."""
    return messages.wait_seconds(_SERVICE.read(request))
