"""Tables about step types: their list, and the arguments, ports and readable properties of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.steps.base import Nature
from engine.steps.catalog import STEP_TYPES
from engine.steps.schema import step_schema
from scripts.reference.markdown import code, codes, sentence, table

#: Members every step type shares; docs/reference/steps.md tells them once.
SHARED = frozenset({"Name", "Type", "DisplayName", "Description", "DependsOn", "CacheConfig", "RetryPolicies"})
KINDS = {
    Nature.JOB: "a job a worker runs",
    Nature.EFFECT: "done at once, without a worker",
    Nature.CONDITION: "decided at once, without a worker",
    Nature.FAIL: "decided at once, without a worker",
    Nature.WAIT: "asks outside and waits for the answer, without a worker",
    Nature.UNSUPPORTED: "does not run here",
}


def step_types() -> str:
    """One row per step type."""
    rows = (
        (f"[{kind.type}](steps/{kind.type}.md)", kind.title, kind.family.value, KINDS[kind.nature], kind.description)
        for kind in STEP_TYPES.values()
    )
    return table(("Type", "In the palette", "Family", "Here", "For"), rows)


def shared_members() -> str:
    """The members every step type has, told once; retries and caching as Training has them."""
    found = step_schema("Training")
    inner = {name: value for name, value in found["properties"].items() if name in SHARED - {"Type"}}
    return _argument_table({**found, "properties": inner}, everything=True)


def facts(kind: str) -> str:
    """What a step type is, in two columns."""
    found = STEP_TYPES[kind]
    rows = [
        ("In the palette", ", ".join([found.title, *(variant.title for variant in found.variants)])),
        ("Family", found.family.value),
        ("Here", KINDS[found.nature]),
    ]
    if found.reason:
        rows.append(("Why not", found.reason))
    rows.append(("Also found by", ", ".join(found.synonyms)))
    return table(("Fact", "Value"), rows)


def arguments(kind: str) -> str:
    """The members the form shows without unfolding, and every required one."""
    return _argument_table(step_schema(kind), everything=False)


def ports(kind: str) -> str:
    """Where wires attach."""
    found = STEP_TYPES[kind].ports
    if not found:
        return "No ports: only `DependsOn` connects this step."
    rows = (
        (port.title or port.name, port.direction, port.kind, code(port.pattern), code(port.reference)) for port in found
    )
    return table(
        ("Port", "Direction", "Kind", "Place in the step", "What a consumer writes after `Steps.<name>.`"), rows
    )


def readable(kind: str) -> str:
    """The first parts of a `Steps.<name>.…` reference validation knows."""
    members = step_schema(kind).get("x-describe", [])
    return codes(members) if members else "Nothing."


def _argument_table(schema: Mapping[str, Any], *, everything: bool) -> str:
    rows = [
        (code(path), _type_word(value), "yes" if required else "", _default(value), _about(value))
        for path, value, required in _members(schema, everything=everything)
    ]
    return table(("Member", "Type", "Required", "Default", "What it is"), rows) if rows else "None."


def _members(
    schema: Mapping[str, Any], path: str = "", *, everything: bool
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """(path, schema, required) of what matters, containers before what they hold."""
    for name, value in schema.get("properties", {}).items():
        if not path and not everything and name in SHARED:
            continue
        here = f"{path}.{name}" if path else name
        required = name in schema.get("required", ())
        if value.get("x-advanced") and not everything and not required:
            continue
        inner = list(_inner(value, here, everything=everything))
        if not inner or _says_more(value):
            yield here, value, required
        yield from inner


def _inner(value: Mapping[str, Any], path: str, *, everything: bool) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    items = value.get("items")
    if value.get("type") == "array" and isinstance(items, dict) and items.get("properties"):
        yield from _members(items, f"{path}[]", everything=everything)
    elif value.get("properties"):
        yield from _members(value, path, everything=everything)


def _says_more(value: Mapping[str, Any]) -> bool:
    return bool(value.get("description")) and not value.get("x-inline")


def _type_word(value: Mapping[str, Any]) -> str:
    kind = str(value.get("type", "any JSON"))
    if "const" in value:
        return f"always {code(value['const'])}"
    if kind == "array":
        items = value.get("items")
        inner = items.get("type") if isinstance(items, dict) else None
        return f"list of {inner}s" if inner else "list"
    if kind == "object" and not value.get("properties"):
        inner = value.get("additionalProperties")
        return f"map to {inner['type']}" if isinstance(inner, dict) and "type" in inner else "object"
    return kind


def _default(value: Mapping[str, Any]) -> str:
    found = value.get("default")
    if isinstance(found, bool):
        return code("true" if found else "false")
    return code(found)


def _about(value: Mapping[str, Any]) -> str:
    parts = [sentence(str(value.get("description") or value.get("title") or ""))]
    if value.get("enum"):
        parts.append(f"One of {codes(value['enum'])}.")
    if value.get("x-unit"):
        parts.append(f"In {value['x-unit']}.")
    return " ".join(part for part in parts if part)
