"""s3:// URIs and object keys, with everything refused that could mean two things.

Accepted: `s3://bucket/key`. Bucket: 3 to 63 of `a-z 0-9 . -`, begins and ends with a letter or digit, no `..`
(AWS, "Bucket naming rules"). Key: 1 to 1024 bytes of UTF-8. Stricter than AWS on purpose, because keys become
paths inside attempt folders: no empty segment (`//`, leading `/`), no segment `.` or `..`, no backslash, no NUL or
other control character, no lone surrogate, no segment over 255 bytes. A prefix may be empty or end with one `/`.
Percent signs are ordinary characters: nothing is ever decoded.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
MAXIMUM_KEY_BYTES = 1024
MAXIMUM_SEGMENT_BYTES = 255


class BadUri(ValueError):
    """The URI or key cannot be used; the message says what was expected and what came."""


@dataclass(frozen=True)
class S3Uri:
    """`key` never begins with a slash; it is empty or ends with one slash only in a prefix."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def child(self, relative: str) -> S3Uri:
        """The object `relative` below this prefix, whether or not the prefix ends with a slash."""
        stem = self.key.rstrip("/")
        return S3Uri(self.bucket, check_key(f"{stem}/{relative}" if stem else relative))


def parse_s3_uri(text: str, *, prefix: bool = False) -> S3Uri:
    """The parts of an s3:// URI. `prefix` admits an empty key and one trailing slash.

    Raises:
        BadUri: for anything the rules of this module do not accept.
    """
    if not text.startswith("s3://"):
        raise BadUri(f"expected s3://bucket/key, got {_shown(text)}")
    bucket, _, key = text[len("s3://") :].partition("/")
    if not bucket:
        raise BadUri(f"the bucket is missing in {_shown(text)}")
    if not is_bucket_name(bucket):
        raise BadUri(f"not a bucket name: {_shown(bucket)} (3 to 63 of a-z, 0-9, dot and hyphen)")
    if prefix:
        stem = key.removesuffix("/")
        if stem:
            check_key(stem)
        elif key:
            raise BadUri(f"an empty path segment in {_shown(text)}")
    else:
        check_key(key)
    return S3Uri(bucket, key)


def check_key(key: str) -> str:
    """The key itself when it is safe as an object key and as a relative path.

    Raises:
        BadUri: otherwise.
    """
    problem = _problem(key)
    if problem:
        raise BadUri(f"{problem} in the object key {_shown(key)}")
    return key


def is_bucket_name(name: str) -> bool:
    """Whether a definition may name such a bucket."""
    return _BUCKET.fullmatch(name) is not None and ".." not in name


def check_bucket(name: str) -> str:
    """The name itself when it is one a bucket may have (AWS, "Bucket naming rules").

    Raises:
        BadUri: otherwise.
    """
    reserved = name.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or name.endswith(
        ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
    )
    if not is_bucket_name(name) or reserved or _ADDRESS.fullmatch(name):
        raise BadUri(f"not a bucket name: {_shown(name)} (3 to 63 of a-z, 0-9, dot and hyphen, and no IP address)")
    return name


def relative_path(key: str) -> PurePosixPath:
    """The key as a path that stays inside the folder it is joined to."""
    return PurePosixPath(check_key(key))


def _problem(key: str) -> str | None:
    if not key:
        return "nothing"
    try:
        encoded = key.encode()
    except UnicodeEncodeError:
        return "text that is not valid Unicode"
    if len(encoded) > MAXIMUM_KEY_BYTES:
        return f"more than {MAXIMUM_KEY_BYTES} bytes"
    if "\\" in key:
        return "a backslash"
    if any(unicodedata.category(character) == "Cc" for character in key):
        return "a control character"
    segments = key.split("/")
    if "" in segments:
        return "an empty path segment (//)"
    if "." in segments or ".." in segments:
        return "a relative path segment (. or ..)"
    if any(len(segment.encode()) > MAXIMUM_SEGMENT_BYTES for segment in segments):
        return f"a path segment over {MAXIMUM_SEGMENT_BYTES} bytes"
    return None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 120 else text[:117] + "...")
