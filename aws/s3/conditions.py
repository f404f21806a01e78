"""If-Match and its kin, for reading, for copying, and for writing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aws.s3.errors import S3Refused
from runs.errors import ConditionFailed
from runs.models import StoredObject
from runs.services.objects import Condition


def is_unchanged(row: StoredObject, headers: Mapping[str, str], prefix: str = "") -> bool:
    """Whether the client has this version already, which is answered without bytes. RFC 9110, section 13.2.2.

    Raises:
        S3Refused: PreconditionFailed.
    """
    changed = row.created_at.replace(microsecond=0)
    match, since = headers.get(f"{prefix}if-match"), _moment(headers.get(f"{prefix}if-unmodified-since"))
    if match is not None:
        if not _names(match, row):
            raise S3Refused("PreconditionFailed", Condition="If-Match")
    elif since is not None and changed > since:
        raise S3Refused("PreconditionFailed", Condition="If-Unmodified-Since")
    none, after = headers.get(f"{prefix}if-none-match"), _moment(headers.get(f"{prefix}if-modified-since"))
    if none is not None:
        return _names(none, row)
    return after is not None and changed <= after


def check_source(row: StoredObject, headers: Mapping[str, str]) -> None:
    """Returns when a copy may be made of this source.

    Raises:
        S3Refused: PreconditionFailed.
    """
    if is_unchanged(row, headers, "x-amz-copy-source-"):
        raise S3Refused("PreconditionFailed", Condition="x-amz-copy-source-If-None-Match")


def write_condition(headers: Mapping[str, str]) -> Condition | None:
    """What the current version has to be like for a write; None when the request does not say.

    Raises:
        S3Refused: NotImplemented for another If-None-Match than `*`.
    """
    match, none = headers.get("if-match"), headers.get("if-none-match")
    if none is not None and none.strip() != "*":
        raise S3Refused("NotImplemented", "If-None-Match of a write can only be *.")
    if match is None and none is None:
        return None

    def condition(row: StoredObject | None) -> None:
        if none is not None and row is not None:
            raise ConditionFailed(condition="If-None-Match: *")
        if match is not None and row is None:
            raise S3Refused("NoSuchKey")
        if match is not None and row is not None and not _names(match, row):
            raise ConditionFailed(condition="If-Match")

    return condition


def _names(value: str, row: StoredObject) -> bool:
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in value.split(",")]
    return "*" in tags or row.etag in tags


def _moment(value: str | None) -> datetime | None:
    """A date in a header; None for one that cannot be read, which is ignored."""
    if value is None:
        return None
    try:
        found = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
