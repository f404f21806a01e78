"""Which function answers an S3 request, in which thread, and what its refusals look like."""

from __future__ import annotations

import hashlib
from functools import partial

from aws.exchange import BodyTooLarge, ClientGone, Exchange
from aws.protocols import s3_error
from aws.s3 import buckets, multipart, objects, transfer, upload_lists
from aws.s3.call import SAFE_HEADERS, Call, authenticated, payload_hash_of
from aws.s3.errors import S3Refused, as_refusal
from aws.s3.patience import answer_in_time
from aws.s3.routes import is_form, operation_of, route_of
from aws.signing_faults import SignatureRefused
from aws.sigv2 import signed_headers
from aws.sigv4 import Signed
from aws.threads import in_thread
from aws.wire import AwsAnswer

SMALL = {
    **buckets.OPERATIONS,
    **objects.OPERATIONS,
    **multipart.OPERATIONS,
    **upload_lists.OPERATIONS,
}
STREAMED = {"PutObject": transfer.put_object, "UploadPart": transfer.upload_part}
#: The largest XML that is read: 10,000 parts with their checksums.
LARGEST_XML = 4 * 1024 * 1024
#: Objects up to here are taken in one go.
SMALL_OBJECT = 64 * 1024


async def serve(exchange: Exchange, signed: Signed | None) -> None:
    """Answers one request; `signed` is None for a URL presigned in the old way and for a form.

    Raises:
        SignatureRefused: nobody we know signed it.
        ClientGone: it was cut off.
    """
    try:
        if is_form(exchange.head):
            raise S3Refused("NotImplemented", "Uploads by a form (presigned POST) are not implemented; presign a PUT.")
        route = route_of(exchange.head)
        headers = exchange.head.headers if signed else signed_headers(exchange.head)
        operation = operation_of(exchange.head.method, route, headers)
        payload_hash = payload_hash_of(exchange.head, signed)
        authenticate = partial(authenticated, exchange.head, route, signed, payload_hash, exchange.request_id)
        if operation == "GetObject":
            await transfer.get_object(exchange, authenticate)
        elif operation in STREAMED and not _is_small(operation, exchange):
            await STREAMED[operation](exchange, await in_thread(authenticate))
        else:
            if exchange.is_large:  # nobody fills our memory who has no key
                await in_thread(authenticate)
            body = await exchange.body(LARGEST_XML)
            work = in_thread(_small, operation, authenticate, payload_hash, body)
            await answer_in_time(exchange, work, partial(_document_for, exchange))
    except (SignatureRefused, ClientGone):
        raise
    except BodyTooLarge:
        await _refuse(exchange, S3Refused("EntityTooLarge", f"The XML is over {LARGEST_XML} bytes."))
    except Exception as problem:
        refusal = as_refusal(problem)
        if refusal is None or exchange.started:
            raise
        await _refuse(exchange, refusal)


def _small(operation: str, authenticate: partial[Call], payload_hash: str, body: bytes) -> AwsAnswer:
    call = authenticate()
    if operation == "PutObject":
        return transfer.put_small(call, body)
    if len(payload_hash) == 64 and hashlib.sha256(body).hexdigest() != payload_hash:
        raise S3Refused("XAmzContentSHA256Mismatch")
    return SMALL[operation](call, body)


def _is_small(operation: str, exchange: Exchange) -> bool:
    length = exchange.head.headers.get("content-length", "")
    return operation == "PutObject" and length.isdecimal() and int(length[:18]) <= SMALL_OBJECT


def _document_for(exchange: Exchange, problem: Exception) -> bytes | None:
    refusal = as_refusal(problem)
    return None if refusal is None else _document(exchange, refusal)


def _document(exchange: Exchange, refusal: S3Refused) -> bytes:
    return s3_error(
        refusal.code, str(refusal), request_id=exchange.request_id, resource=exchange.head.path, facts=refusal.facts
    )


async def _refuse(exchange: Exchange, refusal: S3Refused) -> None:
    body = _document(exchange, refusal)
    headers = {"Content-Type": "application/xml", "x-amz-request-id": exchange.request_id, **SAFE_HEADERS}
    await exchange.answer(AwsAnswer(status=refusal.status, headers=headers, body=body))
