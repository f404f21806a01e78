"""The signature says who, what and when; each of the three can be wrong."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws.signing_faults import Fault, SignatureRefused
from aws.sigv4 import EMPTY_SHA256, UNSIGNED, Head, check_signature, check_time, query_pairs, read_signed
from tests.aws.signing import KEY, SECRET, head_of, signed_request

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
HOST = "http://127.0.0.1:8000"
BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/aws", "sts"),
        ("/aws/", "sagemaker"),
        ("/aws/schedules/a%20b?x=1", "scheduler"),
        ("/aws//twice/../once", "scheduler"),
        ("/aws/bucket/key", "s3"),
        ("/aws/bucket/a%20b/%C3%A4%2B%26?list-type=2&prefix=a%2Fb&empty=", "s3"),
        ("/aws/bucket/..%2f/./x//y?uploads", "s3"),
        ("/aws/bucket/tilde~star*'()", "s3"),
    ],
)
def test_what_botocore_signs_is_accepted(path: str, service: str) -> None:
    request = signed_request(HOST + path, body=BODY, service=service)
    head = head_of(request)
    signed = read_signed(head)
    assert (signed.access_key_id, signed.service, signed.region) == (KEY, service, "us-east-1")
    check_time(signed, datetime.now(UTC))
    check_signature(signed, head, secret=SECRET, payload_hash=sha256(BODY))


@pytest.mark.parametrize(
    ("change", "payload"),
    [
        ({"method": "PUT"}, BODY),
        ({"path": "/aws/other"}, BODY),
        ({"query": "a=2"}, BODY),
        ({"query": "a=1&b=2"}, BODY),
        ({"query": ""}, BODY),
        ({}, BODY + b" "),
    ],
)
def test_a_change_on_the_way_is_noticed(change: dict[str, Any], payload: bytes) -> None:
    head = head_of(signed_request(f"{HOST}/aws?a=1", body=BODY))
    changed = replace(head, **change)
    with pytest.raises(SignatureRefused) as refused:
        check_signature(read_signed(changed), changed, secret=SECRET, payload_hash=sha256(payload))
    assert refused.value.fault is Fault.MISMATCH


def test_a_changed_host_is_noticed() -> None:
    head = head_of(signed_request(f"{HOST}/aws", body=BODY))
    changed = replace(head, headers={**head.headers, "host": "elsewhere"})
    with pytest.raises(SignatureRefused) as refused:
        check_signature(read_signed(changed), changed, secret=SECRET, payload_hash=sha256(BODY))
    assert refused.value.fault is Fault.MISMATCH


def test_a_header_of_amazon_that_is_not_signed_is_refused() -> None:
    head = head_of(signed_request(f"{HOST}/aws", body=BODY))
    changed = replace(head, headers={**head.headers, "x-amz-target": "SageMaker.DeletePipeline"})
    with pytest.raises(SignatureRefused) as refused:
        check_signature(read_signed(changed), changed, secret=SECRET, payload_hash=sha256(BODY))
    assert refused.value.fault is Fault.NOT_SIGNED
    assert "x-amz-target" in str(refused.value)


@pytest.mark.parametrize(
    ("minutes", "fault"), [(-16, Fault.SKEWED), (-14, None), (0, None), (14, None), (16, Fault.SKEWED)]
)
def test_a_clock_may_be_a_quarter_of_an_hour_off(minutes: int, fault: Fault | None) -> None:
    head = head_of(signed_request(f"{HOST}/aws", body=BODY, at=NOW + timedelta(minutes=minutes)))
    assert fault_of(head, NOW) is fault


@pytest.mark.parametrize(("seconds", "fault"), [(0, None), (599, None), (601, Fault.EXPIRED), (-1200, Fault.EXPIRED)])
def test_a_presigned_url_holds_as_long_as_it_says(seconds: int, fault: Fault | None) -> None:
    request = signed_request(f"{HOST}/aws/b/k", method="GET", service="s3", at=NOW, expires=600)
    head = head_of(request)
    assert fault_of(head, NOW + timedelta(seconds=seconds)) is fault
    check_signature(read_signed(head), head, secret=SECRET, payload_hash=UNSIGNED)


def test_a_presigned_url_cannot_be_changed() -> None:
    head = head_of(signed_request(f"{HOST}/aws/b/k", method="GET", service="s3", at=NOW, expires=600))
    for old, new in (("X-Amz-Expires=600", "X-Amz-Expires=6000"), ("X-Amz-Date=20260301", "X-Amz-Date=20260302")):
        changed = replace(head, query=head.query.replace(old, new))
        assert changed != head
        with pytest.raises(SignatureRefused):
            signed = read_signed(changed)
            check_time(signed, NOW)
            check_signature(signed, changed, secret=SECRET, payload_hash=UNSIGNED)


@pytest.mark.parametrize(
    ("headers", "query", "fault"),
    [
        ({}, "", Fault.MISSING),
        ({"authorization": ""}, "", Fault.MISSING),
        ({"authorization": "Bearer abc"}, "", Fault.UNSUPPORTED),
        ({"authorization": "AWS AKIA:sig"}, "", Fault.UNSUPPORTED),
        ({"authorization": "AWS4-HMAC-SHA256"}, "", Fault.MALFORMED),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=a"}, "", Fault.MALFORMED),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=00"}, "", Fault.MALFORMED),
        ({}, "X-Amz-Algorithm=RSA", Fault.MALFORMED_QUERY),
        ({}, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Expires=-1", Fault.MALFORMED_QUERY),
        ({}, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Expires=604801", Fault.MALFORMED_QUERY),
        ({}, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Expires=²", Fault.MALFORMED_QUERY),
        ({}, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Expires=9", Fault.MALFORMED_QUERY),
    ],
)
def test_what_cannot_be_read_is_no_signature(headers: dict[str, str], query: str, fault: Fault) -> None:
    with pytest.raises(SignatureRefused) as refused:
        read_signed(Head(method="GET", path="/aws", query=query, headers={"host": "x", **headers}))
    assert refused.value.fault is fault


def test_a_signature_that_is_not_hexadecimal_is_a_mismatch() -> None:
    head = head_of(signed_request(f"{HOST}/aws", body=BODY))
    text = head.headers["authorization"].rpartition("=")[0] + "=" + "é" * 64
    with pytest.raises(SignatureRefused) as refused:
        read_signed(replace(head, headers={**head.headers, "authorization": text}))
    assert refused.value.fault is Fault.MISMATCH


def test_the_date_of_the_scope_is_the_date_of_the_request() -> None:
    signed = read_signed(head_of(signed_request(f"{HOST}/aws", body=BODY, at=NOW)))
    with pytest.raises(SignatureRefused) as refused:
        check_time(replace(signed, date="20260228"), NOW)
    assert refused.value.fault is Fault.MISMATCH


def test_parameters_keep_their_order_and_odd_bytes() -> None:
    assert query_pairs("b=2&a&c=%20+%FF&&d==") == [("b", "2"), ("a", ""), ("c", " +\udcff"), ("d", "=")]


def test_an_empty_body_has_the_hash_everybody_knows() -> None:
    assert EMPTY_SHA256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def fault_of(head: Head, now: datetime) -> Fault | None:
    try:
        check_time(read_signed(head), now)
    except SignatureRefused as refused:
        return refused.fault
    return None
