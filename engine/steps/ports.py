"""Where wires can end on one step object: its port patterns laid over what it holds.

A pattern is a JSON pointer whose tokens may be `*` (every list item or map member) or `[Member=value]`
(the list items whose member has that value). What a bracket pattern takes is not a slot of a `*` pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.definition.pointer import MISSING, child, escape
from engine.steps.base import Port


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One place a port's pattern fits. `value` is MISSING where the step has nothing there yet.

    `item` is the pointer of the list item or map member the slot lies in, None for a pattern without one.
    `name` is that item's name, "" where it has none.
    """

    port: Port
    pointer: str
    value: Any
    item: str | None = None
    name: str = ""

    @property
    def free(self) -> bool:
        return self.value is MISSING or self.value is None or self.value == ""

    @property
    def reference(self) -> str | None:
        """The property path a consumer of this output writes."""
        return self.port.reference.replace("{name}", self.name) if self.port.reference else None


def slots(step: Mapping[str, Any], ports: Iterable[Port]) -> tuple[Slot, ...]:
    """Every slot of every port, port by port, in document order. Pointers are relative to the step."""
    listed = tuple(ports)
    claimed = {
        slot.pointer for port in listed if _bracket(port.pattern) for slot in _lay(step, port)
    }  # bracket patterns win over stars
    return tuple(
        slot for port in listed for slot in _lay(step, port) if _bracket(port.pattern) or slot.pointer not in claimed
    )


def port_to_json(port: Port) -> dict[str, Any]:
    return asdict(port)


def port_from_json(document: Mapping[str, Any]) -> Port:
    """A port from what `port_to_json` gives; direction may be left out ("in")."""
    return Port(**{"direction": "in", **document})


def list_pointer(port: Port) -> str | None:
    """The pointer of the list a port's items stand in, None for a pattern of one fixed place."""
    tokens = port.pattern.split("/")
    for index, token in enumerate(tokens):
        if token == "*" or token.startswith("["):
            return "/".join(tokens[:index])
    return None


def fill_item(template: Any, name: str, value: Any) -> Any:
    """An item template with its placeholders filled: "{value}" as a whole string, "{name}" anywhere in one."""
    if isinstance(template, str):
        return value if template == "{value}" else template.replace("{name}", name)
    if isinstance(template, dict):
        return {key: fill_item(entry, name, value) for key, entry in template.items()}
    if isinstance(template, list):
        return [fill_item(entry, name, value) for entry in template]
    return template


def _bracket(pattern: str) -> bool:
    return "/[" in pattern


def _lay(step: Mapping[str, Any], port: Port) -> list[Slot]:
    found: list[tuple[str, Any, str | None, str]] = [("", step, None, "")]
    for token in port.pattern.split("/")[1:]:
        following: list[tuple[str, Any, str | None, str]] = []
        for pointer, value, item, name in found:
            if token == "*" or token.startswith("["):
                following.extend(_items(pointer, value, token, port))
            else:
                raw = token.replace("~1", "/").replace("~0", "~")
                following.append((f"{pointer}/{token}", child(value, raw), item, name))
        found = following
    return [Slot(port=port, pointer=p, value=v, item=i, name=n) for p, v, i, n in found]


def _items(pointer: str, value: Any, token: str, port: Port) -> Iterable[tuple[str, Any, str | None, str]]:
    member, _, wanted = token[1:-1].partition("=")
    if isinstance(value, dict) and token == "*":
        for key, entry in value.items():
            yield f"{pointer}/{escape(key)}", entry, f"{pointer}/{escape(key)}", key
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            if token != "*" and child(entry, member) != wanted:
                continue
            name = child(entry, port.item_name) if port.item_name else ""
            here = f"{pointer}/{index}"
            yield here, entry, here, name if isinstance(name, str) else ""
