"""Document to text: key order and number spelling as they came in."""

from __future__ import annotations

import json
from typing import Any

from engine.definition.literals import FloatLiteral, IntLiteral
from engine.definition.tree import levels

_LITERALS = (IntLiteral, FloatLiteral)
_encode_text = json.JSONEncoder(ensure_ascii=False).encode


def dump_definition(document: Any, *, indent: int | None = None) -> str:
    """JSON text of a document. `indent` None: one line without spaces; else that many spaces per level.

    `parse_definition(dump_definition(d)).document` is `d` again. Depth is not limited by the stack.
    """
    if indent is None and not any(type(one) in _LITERALS for level in levels(document) for one in level):
        try:
            return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        except RecursionError:
            pass  # deeper than the C encoder goes; the writer below has no such limit
    return "".join(_pieces(document, indent))


def _pieces(document: Any, indent: int | None) -> list[str]:
    out: list[str] = []
    colon = ":" if indent is None else ": "
    # A frame: [iterator of (prefix, value), closing bracket, nothing written yet].
    stack: list[list[Any]] = [[iter([("", document)]), "", True]]
    while stack:
        frame = stack[-1]
        entry = next(frame[0], None)
        if entry is None:
            stack.pop()
            if stack:
                out.append(("" if frame[2] else _line(indent, len(stack) - 1)) + frame[1])
            continue
        if len(stack) > 1:
            out.append(("" if frame[2] else ",") + _line(indent, len(stack) - 1))
        frame[2] = False
        prefix, value = entry
        if isinstance(value, dict):
            out.append(prefix + "{")
            stack.append([iter([(_encode_text(key) + colon, item) for key, item in value.items()]), "}", True])
        elif isinstance(value, list):
            out.append(prefix + "[")
            stack.append([iter([("", item) for item in value]), "]", True])
        else:
            out.append(prefix + _scalar(value))
    return out


def _line(indent: int | None, level: int) -> str:
    return "" if indent is None else "\n" + " " * (indent * level)


def _scalar(value: Any) -> str:
    if isinstance(value, IntLiteral | FloatLiteral):
        return value.text
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"JSON has no number for {value!r}.")
        return float.__repr__(value)
    return _encode_text(value)
