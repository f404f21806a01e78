"""Why a signature is not accepted, and how each protocol says so.

Source: AWS "Common errors" (JSON and query protocols) and "S3 error responses".
"""

from __future__ import annotations

from enum import StrEnum


class Protocol(StrEnum):
    JSON = "json"
    QUERY = "query"
    REST_JSON = "rest-json"
    S3 = "s3"


class Fault(StrEnum):
    MISSING = "missing"  # no signature at all
    UNSUPPORTED = "unsupported"  # a scheme we do not know
    MALFORMED = "malformed"  # a signature that cannot be read
    MALFORMED_QUERY = "malformed-query"  # the same in a presigned URL
    UNKNOWN_KEY = "unknown-key"  # no such key, or one that is expired or whose user is disabled
    BAD_TOKEN = "bad-token"  # the session token is not the key's
    WRONG_SCOPE = "wrong-scope"  # another region than ours, or another service than the request is for
    UNKNOWN_SERVICE = "unknown-service"  # a service of AWS that does not exist here
    SKEWED = "skewed"  # signed too long ago, or in the future
    EXPIRED = "expired"  # a presigned URL that is too old
    NOT_SIGNED = "not-signed"  # a header that has to be signed is not
    MISMATCH = "mismatch"  # the signature is not what we calculate
    BODY_MISMATCH = "body-mismatch"  # the body is not what was signed


class SignatureRefused(Exception):
    """The request is not who it says it is; the message is for the person who made it."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


_JSON = {
    Fault.UNKNOWN_SERVICE: (400, "UnknownOperationException"),
    Fault.MISSING: (400, "MissingAuthenticationTokenException"),
    Fault.UNSUPPORTED: (400, "IncompleteSignatureException"),
    Fault.MALFORMED: (400, "IncompleteSignatureException"),
    Fault.MALFORMED_QUERY: (400, "IncompleteSignatureException"),
    Fault.UNKNOWN_KEY: (400, "UnrecognizedClientException"),
    Fault.BAD_TOKEN: (400, "UnrecognizedClientException"),
}
_QUERY = {
    Fault.UNKNOWN_SERVICE: (400, "InvalidAction"),
    Fault.MISSING: (403, "MissingAuthenticationToken"),
    Fault.UNSUPPORTED: (400, "IncompleteSignature"),
    Fault.MALFORMED: (400, "IncompleteSignature"),
    Fault.MALFORMED_QUERY: (400, "IncompleteSignature"),
    Fault.UNKNOWN_KEY: (403, "InvalidClientTokenId"),
    Fault.BAD_TOKEN: (403, "InvalidClientTokenId"),
}
_S3 = {
    Fault.UNKNOWN_SERVICE: (501, "NotImplemented"),
    Fault.MISSING: (403, "AccessDenied"),
    Fault.UNSUPPORTED: (400, "InvalidRequest"),
    Fault.MALFORMED: (400, "AuthorizationHeaderMalformed"),
    Fault.MALFORMED_QUERY: (400, "AuthorizationQueryParametersError"),
    Fault.UNKNOWN_KEY: (403, "InvalidAccessKeyId"),
    Fault.BAD_TOKEN: (400, "InvalidToken"),
    Fault.WRONG_SCOPE: (400, "AuthorizationHeaderMalformed"),
    Fault.SKEWED: (403, "RequestTimeTooSkewed"),
    Fault.EXPIRED: (403, "AccessDenied"),
    Fault.NOT_SIGNED: (403, "AccessDenied"),
    Fault.BODY_MISMATCH: (400, "XAmzContentSHA256Mismatch"),
}


def code_of(fault: Fault, protocol: Protocol) -> tuple[int, str]:
    """(HTTP status, AWS error code)."""
    if protocol is Protocol.S3:
        return _S3.get(fault, (403, "SignatureDoesNotMatch"))
    if protocol is Protocol.QUERY:
        return _QUERY.get(fault, (403, "SignatureDoesNotMatch"))
    status = 403 if protocol is Protocol.REST_JSON and fault is not Fault.UNKNOWN_SERVICE else 400
    return status, _JSON.get(fault, (status, "InvalidSignatureException"))[1]
