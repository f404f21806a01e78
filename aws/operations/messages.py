"""Messages of a queue: send, receive, delete, hold longer; one by one and ten at once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aws.call import Call, Document
from aws.errors import AwsError, as_aws_error
from aws.operations.queue_addresses import name_in
from runs.models import Queue, QueueMessage
from runs.queues import queue_named
from runs.services import queues

MOST_IN_BATCH = 10
LONGEST_HOLD = 43_200
LONGEST_WAIT = 20
LONGEST_DELAY = 900
_BATCH_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
#: What XML 1.0 leaves out, and so does SQS.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def send(call: Call) -> Document:
    queue = queue_named(call.actor, name_in(call))
    return _send(call, queue, call.given)


def send_batch(call: Call) -> Document:
    queue = queue_named(call.actor, name_in(call))
    sizes = sum(len(one.get("MessageBody", "").encode()) for one in call["Entries"])
    if sizes > queue.message_bytes:
        raise AwsError("BatchRequestTooLong", f"Batch requests cannot be longer than {queue.message_bytes} bytes.")
    return _batch(call, lambda entry: _send(call, queue, entry))


def receive(call: Call) -> Document:
    most = _within(call.given, "MaxNumberOfMessages", 1, queues.MOST_RECEIVED)
    hold = _within(call.given, "VisibilityTimeout", 0, LONGEST_HOLD)
    _within(call.given, "WaitTimeSeconds", 0, LONGEST_WAIT)
    taken = queues.receive_messages(
        actor=call.actor, name=name_in(call), most=1 if most is None else most, visibility_seconds=hold
    )
    return {"Messages": [_shown(call, message) for message in taken] or None}


def wait_seconds(call: Call) -> int:
    """How long a receiver wants to wait for a first message: it says so, or its queue does."""
    seconds = _within(call.given, "WaitTimeSeconds", 0, LONGEST_WAIT)
    return queue_named(call.actor, name_in(call)).wait_seconds if seconds is None else seconds


def delete(call: Call) -> Document:
    queues.delete_message(actor=call.actor, name=name_in(call), receipt=call["ReceiptHandle"])
    return {}


def delete_batch(call: Call) -> Document:
    def act(entry: Mapping[str, Any]) -> Document:
        queues.delete_message(actor=call.actor, name=name_in(call), receipt=entry["ReceiptHandle"])
        return {}

    queue_named(call.actor, name_in(call))
    return _batch(call, act)


def change_visibility(call: Call) -> Document:
    return _change_visibility(call, call.given)


def change_visibility_batch(call: Call) -> Document:
    queue_named(call.actor, name_in(call))
    return _batch(call, lambda entry: _change_visibility(call, entry))


def _change_visibility(call: Call, given: Mapping[str, Any]) -> Document:
    seconds = _within(given, "VisibilityTimeout", 0, LONGEST_HOLD) or 0
    queues.change_visibility(actor=call.actor, name=name_in(call), receipt=given["ReceiptHandle"], seconds=seconds)
    return {}


def _send(call: Call, queue: Queue, given: Mapping[str, Any]) -> Document:
    body, delay = given["MessageBody"], _within(given, "DelaySeconds", 0, LONGEST_DELAY)
    attributes = given.get("MessageAttributes", {})
    if not body:
        raise AwsError("MissingParameter", "The request must contain the parameter MessageBody.")
    if _NOT_TEXT.search(body):
        raise AwsError("InvalidMessageContents", "Invalid characters found. Valid: tab, line ends, U+0020 and above.")
    digest = _digest(attributes)
    size = len(body.encode()) + sum(len(part) for one in _parts(attributes) for part in one)
    if size > queue.message_bytes:
        said = f"One or more parameters are invalid. Reason: Message must be shorter than {queue.message_bytes} bytes."
        raise AwsError("InvalidParameterValue", said)
    message = queues.send_message(
        actor=call.actor, name=queue.name, body=body, delay_seconds=delay, attributes=attributes
    )
    return {
        "MessageId": str(message.pk),
        "MD5OfMessageBody": _md5(body.encode()),
        "MD5OfMessageAttributes": digest if attributes else None,
    }


def _shown(call: Call, message: QueueMessage) -> Document:
    given = {*call.get("AttributeNames", ()), *call.get("MessageSystemAttributeNames", ())}
    own = {key: value for key, value in message.attributes.items() if _asked_for(call, key)}
    system = {
        "SenderId": message.sent_by,
        "SentTimestamp": _milliseconds(message.sent_at),
        "ApproximateReceiveCount": str(message.received),
        "ApproximateFirstReceiveTimestamp": _milliseconds(message.first_received_at),
    }
    return {
        "MessageId": str(message.pk),
        "ReceiptHandle": queues.receipt_of(message),
        "Body": message.body,
        "MD5OfBody": _md5(message.body.encode()),
        "Attributes": {key: value for key, value in system.items() if "All" in given or key in given} or None,
        "MessageAttributes": own or None,
        "MD5OfMessageAttributes": _digest(own) if own else None,
    }


def _asked_for(call: Call, key: str) -> bool:
    for name in call.get("MessageAttributeNames", ()):
        if name in ("All", ".*", key) or (name.endswith(".*") and key.startswith(name[:-2])):
            return True
    return False


def _batch(call: Call, act: Callable[[Mapping[str, Any]], Document]) -> Document:
    """Each entry by itself: one that fails fails alone."""
    entries = call["Entries"]
    ids = [entry["Id"] for entry in entries]
    if not entries:
        raise AwsError("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > MOST_IN_BATCH:
        said = f"Maximum number of entries per request are {MOST_IN_BATCH}. You have sent {len(entries)}."
        raise AwsError("TooManyEntriesInBatchRequest", said)
    if len(set(ids)) != len(ids):
        raise AwsError("BatchEntryIdsNotDistinct", "Two entries have the same Id.")
    if not all(_BATCH_ID.fullmatch(one) for one in ids):
        raise AwsError("InvalidBatchEntryId", "An Id has 1 to 80 letters, digits, hyphens and underscores.")
    done: list[Document] = []
    failed: list[Document] = []
    for entry in entries:
        try:
            done.append({"Id": entry["Id"], **act(entry)})
        except Exception as exception:
            error = as_aws_error(exception)
            if error is None or error.status >= 500:
                raise
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": error.code, "Message": error.message})
    return {"Successful": done, "Failed": failed}


def _within(given: Mapping[str, Any], member: str, least: int, most: int) -> int | None:
    value: int | None = given.get(member)
    if value is not None and not least <= value <= most:
        said = f"Value {value} for parameter {member} is invalid. Reason: Must be between {least} and {most}."
        raise AwsError("InvalidParameterValue", said)
    return value


def _digest(attributes: Mapping[str, Mapping[str, Any]]) -> str:
    """As SQS calculates it, so that clients can compare. Source: SQS developer guide, "Calculating the MD5 message
    digest for message attributes"."""
    encoded = bytearray()
    for name, kind, mark, value in _parts(attributes):
        for text in (name, kind):
            encoded += len(text).to_bytes(4, "big") + text
        encoded += mark + len(value).to_bytes(4, "big") + value
    return _md5(bytes(encoded))


def _parts(attributes: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[bytes, bytes, bytes, bytes]]:
    """(name, data type, mark of the kind, value) in the order of the names."""
    for name in sorted(attributes):
        given = attributes[name]
        kind = given["DataType"]
        if kind.partition(".")[0] == "Binary":
            yield name.encode(), kind.encode(), b"\x02", _bytes(name, given.get("BinaryValue"))
        elif kind.partition(".")[0] in ("String", "Number") and given.get("StringValue"):
            yield name.encode(), kind.encode(), b"\x01", given["StringValue"].encode()
        else:
            said = (
                f"The message attribute '{name[:256]}' must have a value and one of the types String, Number, Binary."
            )
            raise AwsError("InvalidParameterValue", said)


def _bytes(name: str, text: str | None) -> bytes:
    try:
        return base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        said = f"The message attribute '{name[:256]}' must hold base64."
        raise AwsError("InvalidParameterValue", said) from None


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _milliseconds(moment: Any) -> str:
    return str(round(moment.timestamp() * 1000)) if moment is not None else ""
