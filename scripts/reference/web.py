"""Tables of the REST API, made from its OpenAPI document, and of roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accounts.permissions import MINIMUM_ROLE
from config.schema import schema
from scripts.reference.markdown import code, codes, table

Shape = Mapping[str, Any]


def operations() -> str:
    """One row per operation."""
    rows = (
        (code(f"{method.upper()} {path}"), one.get("summary", ""), _query(one), _body(one), _answer(one))
        for path, methods in schema()["paths"].items()
        for method, one in methods.items()
    )
    return table(("Request", "What it does", "Query", "Body", "Answer"), rows)


def shapes() -> str:
    """Every shape the operations name, with its members."""
    parts = []
    for name, shape in sorted(schema()["components"]["schemas"].items()):
        rows = list(_fields(shape))
        if rows and not name.endswith("Enum"):
            parts.append(f"### {name}\n\n" + table(("Member", "Type", "May be absent", "About"), rows))
    return "\n\n".join(parts)


def permissions() -> str:
    """Which role may do what."""
    return table(("Permission", "Lowest role"), ((code(one.value), role.value) for one, role in MINIMUM_ROLE.items()))


def paths() -> tuple[str, ...]:
    """Every path of the OpenAPI document."""
    return tuple(schema()["paths"])


def _query(operation: Shape) -> str:
    return codes(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")


def _body(operation: Shape) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _link(content["schema"]) if content else ""


def _answer(operation: Shape) -> str:
    for status, answer in operation["responses"].items():
        if status != "default":
            content = answer.get("content", {}).get("application/json")
            if "application/octet-stream" in answer.get("content", {}):
                return f"{status}, bytes"
            return f"{status} {_link(content['schema'])}" if content else f"{status}, empty"
    return ""


def _link(shape: Shape) -> str:
    name = _named(shape)
    return f"[{name}](#{name.lower()})" if name else "any JSON object"


def _named(shape: Shape) -> str:
    holders = (shape, *shape.get("allOf", ()), *shape.get("oneOf", ()))
    found = next((one["$ref"] for one in holders if "$ref" in one), "")
    return str(found).rpartition("/")[2]


def _fields(shape: Shape) -> Iterator[tuple[str, str, str, str]]:
    required = set(shape.get("required", ()))
    for name, member in shape.get("properties", {}).items():
        yield code(name), _type(member), "" if name in required else "yes", str(member.get("description", ""))


def _type(member: Shape) -> str:
    choices = _choices(member)
    name = _named(member)
    if choices:
        word = f"one of {codes(choices)}"
    elif name:
        word = _link(member)
    elif member.get("type") == "array":
        word = f"list of {_type(member.get('items', {}))}"
    elif member.get("type") == "object":
        inner = member.get("additionalProperties")
        word = f"object of {_type(inner)}" if isinstance(inner, dict) and inner else "object"
    else:
        word = {"date-time": "time"}.get(member.get("format", ""), str(member.get("type", "any JSON")))
    return f"{word} or null" if member.get("nullable") else word


def _choices(member: Shape) -> list[str]:
    """The words of a choice, its own or those of the enum it names."""
    if "enum" in member:
        return [str(one) for one in member["enum"] if one not in (None, "")]
    name = _named(member)
    return _choices(schema()["components"]["schemas"][name]) if name.endswith("Enum") else []
