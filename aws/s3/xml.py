"""XML as S3 writes it, and as it reads it: no document types, no entities, bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias, Union
from xml.etree import ElementTree

from aws.protocols import xml_text
from aws.s3.errors import S3Refused

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
#: Elements by name; a sequence repeats its element.
Node: TypeAlias = Union[str, int, bool, "Mapping[str, Node]", "Sequence[Node]", None]


def document(root: str, content: Mapping[str, Node]) -> bytes:
    """A whole answer."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{"".join(_elements(content))}</{root}>'
    return text.encode()


def moment(value: datetime) -> str:
    """A time as XML members carry it."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def parse(body: bytes, root: str) -> ElementTree.Element:
    """The root element, with the namespace taken off every tag.

    Raises:
        S3Refused: MalformedXML.
    """
    try:
        text = body.decode("utf-8")
        if "<!" in text:
            raise S3Refused("MalformedXML", "Document types, comments and CDATA are not read here.")
        found = ElementTree.fromstring(text)
    except (ValueError, ElementTree.ParseError):
        raise S3Refused("MalformedXML") from None
    for element in found.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    if found.tag != root:
        raise S3Refused("MalformedXML", f"Expected <{root}>, got <{found.tag[:64]}>.")
    return found


def _elements(content: Mapping[str, Node]) -> Iterable[str]:
    for name, node in content.items():
        if node is None:
            continue
        many = node if isinstance(node, Sequence) and not isinstance(node, str) else [node]
        for one in many:
            yield f"<{name}>{_inner(one)}</{name}>"


def _inner(node: Node) -> str:
    if isinstance(node, Mapping):
        return "".join(_elements(node))
    if isinstance(node, bool):
        return "true" if node else "false"
    return xml_text(str(node))
