"""What operations of the query protocol return, written as XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

from aws.protocols import xml_text

Members: TypeAlias = "Mapping[str, Value]"
Value: TypeAlias = Union[str, Members, "Sequence[Members]"]


class QueryRefused(Exception):
    """The operation cannot be done: an error code of the service, and words for the caller."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def members_xml(members: Members) -> str:
    """Each member as an element; the members of a list are called `member`."""
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in members.items())


def _value(value: Value) -> str:
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, Mapping):
        return members_xml(value)
    return "".join(f"<member>{members_xml(one)}</member>" for one in value)
