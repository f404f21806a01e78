"""s3:// URIs and object keys, with everything refused that could lead out of the folder a key is joined to.

Accepted: `s3://bucket/key`. Bucket: 3 to 63 of `a-z 0-9 . -`, begins and ends with a letter or digit, no `..`
(AWS, "Bucket naming rules"). Key: 1 to 1024 bytes of UTF-8. Stricter than AWS on purpose, because keys become
paths inside attempt folders: no segment `.` or `..`, no backslash, no NUL or other control character, no lone
surrogate. Empty segments (`a//b`, a leading `/`) and long ones are names like any other, for objects are rows and not
files; `relative_path` says what file such a key becomes. A prefix may be empty.
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
    """`key` is empty or ends with a slash only in a prefix, or where it is an empty object that shows a folder."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def child(self, relative: str) -> S3Uri:
        """The object `relative` below this prefix, whether or not the prefix ends with a slash."""
        stem = f"{self.key}/" if self.key and not self.key.endswith("/") else self.key
        return S3Uri(self.bucket, check_key(stem + relative))


def parse_s3_uri(text: str, *, prefix: bool = False) -> S3Uri:
    """The parts of an s3:// URI. `prefix` admits an empty key.

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
    if key or not prefix:
        check_key(key)
    return S3Uri(bucket, key)


def check_key(key: str) -> str:
    """The key itself when an object may have it.

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


def check_file_name(name: str) -> str:
    """The name itself when a file and the last segment of a key may have it.

    Raises:
        BadUri: otherwise.
    """
    if "/" in name:
        raise BadUri(f"a file name without slashes was expected, got {_shown(name)}")
    return str(relative_path(name))


def relative_path(key: str) -> PurePosixPath:
    """The file a key becomes below the folder it is joined to: `a//b` lies where `a/b` does.

    Raises:
        BadUri: no file can have such a name.
    """
    segments = [segment for segment in check_key(key).split("/") if segment]
    long = next((one for one in segments if len(one.encode()) > MAXIMUM_SEGMENT_BYTES), None)
    if long is not None or not segments:
        raise BadUri(f"a file name of 1 to {MAXIMUM_SEGMENT_BYTES} bytes was expected, got {_shown(long or key)}")
    return PurePosixPath(*segments)


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
    if "." in segments or ".." in segments:
        return "a relative path segment (. or ..)"
    return None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 120 else text[:117] + "...")
