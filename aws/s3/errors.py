"""What S3 answers when it cannot do what it is asked."""

from __future__ import annotations

from accounts import errors as accounts
from runs import errors as runs
from runs.storage.base import BlobNotFound, StoreFull

#: Code → (HTTP status, words). Source: S3 API reference, "Error responses".
CODES: dict[str, tuple[int, str]] = {
    "AccessDenied": (403, "Access Denied"),
    "BadDigest": (400, "The checksum you specified did not match what we received."),
    "BucketAlreadyExists": (409, "The requested bucket name is not available."),
    "BucketAlreadyOwnedByYou": (409, "The bucket exists already and is yours."),
    "BucketNotEmpty": (409, "The bucket you tried to delete is not empty."),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed size."),
    "EntityTooSmall": (400, "Your proposed upload is smaller than the minimum allowed size."),
    "IncompleteBody": (400, "You did not provide the number of bytes specified by the Content-Length HTTP header."),
    "InvalidArgument": (400, "Invalid argument."),
    "InvalidBucketName": (400, "The specified bucket is not valid."),
    "InvalidDigest": (400, "The Content-MD5 you specified is not valid."),
    "InvalidPart": (400, "One or more of the specified parts could not be found, or its entity tag did not match."),
    "InvalidPartOrder": (400, "The list of parts was not in ascending order."),
    "InvalidRange": (416, "The requested range is not satisfiable."),
    "InvalidRequest": (400, "Invalid request."),
    "InvalidURI": (400, "Couldn't parse the specified URI."),
    "KeyTooLongError": (400, "Your key is too long."),
    "MalformedTrailerError": (400, "The request contained trailing data that was not what its headers announced."),
    "MalformedXML": (400, "The XML you provided was not well-formed or did not validate against our schema."),
    "MetadataTooLarge": (400, "Your metadata headers exceed the maximum allowed metadata size."),
    "MethodNotAllowed": (405, "The specified method is not allowed against this resource."),
    "MissingContentLength": (411, "You must provide the Content-Length HTTP header."),
    "NoSuchBucket": (404, "The specified bucket does not exist."),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchUpload": (404, "The specified multipart upload does not exist."),
    "NoSuchVersion": (404, "The specified version does not exist."),
    "NotImplemented": (501, "This is not implemented by Clary."),
    "PreconditionFailed": (412, "At least one of the pre-conditions you specified did not hold."),
    "ServiceUnavailable": (503, "Reduce your request rate."),
    "SignatureDoesNotMatch": (403, "The request signature we calculated does not match the signature you provided."),
    "XAmzContentSHA256Mismatch": (400, "The provided 'x-amz-content-sha256' header does not match what was computed."),
}


class S3Refused(Exception):
    """The request cannot be done; `facts` become further elements of the answer."""

    def __init__(self, code: str, message: str = "", **facts: str) -> None:
        self.code = code
        self.status, words = CODES[code]
        self.facts = facts
        super().__init__(message or words)


#: Refusals of the rooms below → S3's code.
_MAPPING: dict[type[Exception], str] = {
    accounts.NotPermitted: "AccessDenied",
    runs.BucketNotFound: "NoSuchBucket",
    runs.BucketTaken: "BucketAlreadyExists",
    runs.BucketExists: "BucketAlreadyOwnedByYou",
    runs.BucketNotEmpty: "BucketNotEmpty",
    runs.BucketKept: "AccessDenied",
    runs.KeyInvalid: "InvalidArgument",
    runs.ConditionFailed: "PreconditionFailed",
    runs.UploadNotFound: "NoSuchUpload",
    runs.PartInvalid: "InvalidPart",
    runs.PartsUnordered: "InvalidPartOrder",
    runs.PartTooSmall: "EntityTooSmall",
    BlobNotFound: "NoSuchKey",
    StoreFull: "ServiceUnavailable",
}


def as_refusal(problem: Exception) -> S3Refused | None:
    """The S3 refusal for an exception of a room below; None for a bug."""
    if isinstance(problem, S3Refused):
        return problem
    code = next((_MAPPING[kind] for kind in type(problem).__mro__ if kind in _MAPPING), None)
    if code is None:
        return None
    if isinstance(problem, StoreFull):
        return S3Refused(code, "The disk that keeps files is full. Nothing was changed; free some space.")
    if isinstance(problem, runs.KeyInvalid) and "more than 1024 bytes" in str(problem):
        return S3Refused("KeyTooLongError")
    if isinstance(problem, runs.PartTooSmall | runs.PartInvalid):
        return S3Refused(code, str(problem), PartNumber=str(problem.facts["number"]))
    return S3Refused(code, "" if isinstance(problem, BlobNotFound) else str(problem))
