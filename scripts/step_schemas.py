"""Generates engine/steps/schemas/<Type>.json: how each step type looks, for validation and for the inspector's forms.

Two sources: the shapes of botocore's service model (what AWS takes) and a hand-written overlay per type (order, titles,
plain-words help, defaults, widgets). Run it after changing an overlay or updating botocore:

    python -m scripts.step_schemas          writes the schemas
    python -m scripts.step_schemas --check  exits 1 when a schema is not current
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
from botocore.model import ServiceModel, Shape

SCHEMAS = Path(__file__).parents[1] / "engine" / "steps" / "schemas"

#: AWS enumerations longer than this are open lists (instance types): no value is refused.
_LONGEST_ENUM = 40

_SMALL_WORDS = {"In": "in", "Of": "of", "Or": "or", "And": "and", "To": "to", "Per": "per", "By": "by"}
_ACRONYMS = {
    "Uri": "URI",
    "Arn": "ARN",
    "Url": "URL",
    "Kms": "KMS",
    "Id": "ID",
    "Vpc": "VPC",
    "Sqs": "SQS",
    "Json": "JSON",
}


def generate() -> dict[str, str]:
    """File name → text of every schema."""
    model = botocore.session.Session().get_service_model("sagemaker")
    common = _read("_step.json")
    texts = {}
    for path in sorted((SCHEMAS / "overlays").glob("[A-Z]*.json")):
        overlay = json.loads(path.read_text(encoding="utf-8"))
        arguments: dict[str, Any] = overlay.get("arguments", {"type": "object"})
        if "operation" in overlay:
            shape = model.operation_model(overlay["operation"]).input_shape
            if shape is None:
                raise LookupError(f"{overlay['operation']} takes nothing.")
            arguments = _from_shape(shape, leave_out=frozenset(overlay.get("leave_out", ())))
        schema = build(path.stem, overlay, common, arguments)
        members = _describe_members(model, overlay.get("describe"))
        schema["x-describe"] = [*members, *overlay.get("describe_members", ())]
        texts[path.name] = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    return texts


def build(
    kind: str, overlay: Mapping[str, Any], common: Mapping[str, Any], arguments: dict[str, Any]
) -> dict[str, Any]:
    """The schema of one step type: envelope, arguments, then the overlay's fields laid over both."""
    envelope = {key: value for key, value in common["properties"].items() if key not in overlay.get("without", ())}
    properties = {
        "Name": envelope.pop("Name"),
        "Type": {"const": kind, "x-hidden": True},
        "Arguments": arguments,
        **overlay.get("properties", {}),
        **envelope,
    }
    schema: dict[str, Any] = {
        "title": overlay["title"],
        "description": overlay["description"],
        "type": "object",
        "x-groups": common["x-groups"],
        "properties": properties,
        "required": ["Name", "Type", "Arguments", *overlay.get("required", [])],
    }
    for pointer, facts in {**common.get("fields", {}), **overlay.get("fields", {})}.items():
        _lay_over(schema, pointer.split("/")[1:], dict(facts))
    _order(schema, [pointer.split("/")[1:] for pointer in overlay.get("fields", {})])
    _finish(schema, frozenset(overlay.get("fields", {})), "", common["instance_types"])
    _explain(schema, _read("_terms.json"))
    return schema


def _from_shape(shape: Shape, leave_out: frozenset[str] = frozenset(), path: tuple[str, ...] = ()) -> dict[str, Any]:
    """JSON schema of a botocore shape. AWS's patterns are left out: addresses and names here may be local ones."""
    if shape.name in path:
        return {}
    inner = (*path, shape.name)
    if shape.type_name == "structure":
        members = {name: member for name, member in shape.members.items() if name not in leave_out}
        required = [name for name in shape.required_members if name in members]
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: _from_shape(member, path=inner) for name, member in members.items()},
        }
        return {**schema, "required": required} if required else schema
    if shape.type_name == "list":
        return {"type": "array", "items": _from_shape(shape.member, path=inner), **_limits(shape, "Items")}
    if shape.type_name == "map":
        return {"type": "object", "additionalProperties": _from_shape(shape.value, path=inner)}
    if shape.type_name in ("integer", "long"):
        return {"type": "integer", **_bounds(shape)}
    if shape.type_name in ("float", "double"):
        return {"type": "number", **_bounds(shape)}
    if shape.type_name == "boolean":
        return {"type": "boolean"}
    enum = list(getattr(shape, "enum", None) or ())
    return {
        "type": "string",
        **({"enum": enum} if enum and len(enum) <= _LONGEST_ENUM else {}),
        **_limits(shape, "Length"),
    }


def _limits(shape: Shape, what: str) -> dict[str, Any]:
    found = {f"{end}{what}": shape.metadata.get(end) for end in ("min", "max")}
    return {key: value for key, value in found.items() if value and value < 2**31 - 1}


def _bounds(shape: Shape) -> dict[str, Any]:
    found = {"minimum": shape.metadata.get("min"), "maximum": shape.metadata.get("max")}
    return {key: value for key, value in found.items() if value is not None and abs(value) < 2**31 - 1}


def _describe_members(model: ServiceModel, operation: str | None) -> list[str]:
    """What Steps.X.<member> may name: the members of the type's Describe response; [] where it is not known."""
    shape = model.operation_model(operation).output_shape if operation else None
    return list(getattr(shape, "members", ()))


def _lay_over(schema: dict[str, Any], path: list[str], facts: dict[str, Any]) -> None:
    """Merges an overlay's facts into the node at a path of property names, `*` for items and map values.

    `required`: true or false changes the parent's list; every other key replaces what the shape said. A None
    value takes a key away.
    """
    node = schema
    for token in path[:-1]:
        node = _child(node, token)
    name = path[-1]
    if name != "*" and "required" in facts:
        wanted = facts.pop("required")
        required = [entry for entry in node.get("required", []) if entry != name] + ([name] if wanted else [])
        node["required"] = required
    target = _child(node, name)
    for key, value in facts.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value


def _child(node: dict[str, Any], token: str) -> dict[str, Any]:
    if token == "*":
        key = "items" if node.get("type") == "array" else "additionalProperties"
        found = node.setdefault(key, {})
    else:
        found = node.setdefault("properties", {}).setdefault(token, {})
    assert isinstance(found, dict)
    return found


def _order(schema: dict[str, Any], paths: list[list[str]]) -> None:
    """Properties in the overlay's order, the rest behind in AWS's."""
    wanted: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        for depth, token in enumerate(path):
            names = wanted.setdefault(tuple(path[:depth]), [])
            if token != "*" and token not in names:
                names.append(token)
    for holder, names in wanted.items():
        node = schema
        for token in holder:
            node = _child(node, token)
        properties = node.get("properties")
        if properties and holder:  # the step's own keys keep the envelope's order
            node["properties"] = {
                name: properties[name] for name in [*names, *(n for n in properties if n not in names)]
            }


def _finish(node: dict[str, Any], known: frozenset[str], path: str, suggestions: list[str]) -> None:
    """Titles where none is written; what no overlay speaks of is advanced."""
    spoken = {"/".join(pointer.split("/")[:depth]) for pointer in known for depth in range(1, 20)}
    if node.get("x-widget") == "instance-type":
        node.setdefault("x-suggestions", suggestions)
    for name, child in node.get("properties", {}).items():
        here = f"{path}/{name}"
        child.setdefault("title", humanize(name))
        if here.startswith("/Arguments/") and here not in spoken:
            child.setdefault("x-advanced", True)
        if here.count("/") == 2 and here.startswith("/Arguments/"):
            child.setdefault("x-group", "Settings")
        _finish(child, known, here, suggestions)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            _finish(node[key], known, f"{path}/*", suggestions)
    if node.get("required") == []:
        del node["required"]


def _explain(node: dict[str, Any], terms: Mapping[str, str]) -> None:
    """One line for every AWS term that no overlay has explained."""
    for name, child in node.get("properties", {}).items():
        if name in terms:
            child.setdefault("description", terms[name])
        _explain(child, terms)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            _explain(node[key], terms)


def humanize(name: str) -> str:
    """ "VolumeSizeInGB" → "Volume size in GB"."""
    words = re.findall(r"S3|[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+", name)
    out = []
    for index, word in enumerate(words):
        if word in _ACRONYMS or word.isupper():
            out.append(_ACRONYMS.get(word, word))
        elif index == 0:
            out.append(word[0].upper() + word[1:])
        else:
            out.append(_SMALL_WORDS.get(word, word.lower()))
    return " ".join(out)


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SCHEMAS / "overlays" / name).read_text(encoding="utf-8"))
    return content


def main(arguments: list[str]) -> int:
    texts = generate()
    if "--check" in arguments:
        stale = [name for name, text in texts.items() if not _current(SCHEMAS / name, text)]
        for name in stale:
            print(f"{name} is not current: run python -m scripts.step_schemas", file=sys.stderr)
        return 1 if stale else 0
    for name, text in texts.items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")
    return 0


def _current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
