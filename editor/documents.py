"""Definition and layout texts as documents: parsed and validated once per content, never in a list row."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from editor.errors import DefinitionInvalid, LayoutInvalid
from editor.rules import rules_stamp
from editor.runnable import image_refusal
from engine.definition.dump import dump_definition
from engine.definition.model import Definition
from engine.definition.parse import CLARY_LIMITS, parse_definition, parse_json
from engine.images import DEFAULT_IMAGES, ImageMapping
from engine.layout import arrange, empty_layout
from engine.problems import Fix, Problem, Severity
from engine.validation import CLARY, validate

Images = tuple[ImageMapping, ...]

LAYOUT_BYTES = 4 * 1024 * 1024
LAYOUT_PARTS: Mapping[str, type] = {"nodes": dict, "groups": list, "notes": list, "hints": dict}
NEW_DEFINITION = '{"Version":"2020-12-01","Metadata":{},"Parameters":[],"Steps":[]}'


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A definition that parses. `text` is its compact form: key order and number spelling are the user's.

    `images`: the table of images its problems were found with.
    """

    text: str
    sha256: str
    document: dict[str, Any]
    problems: tuple[Problem, ...]
    step_count: int
    images: Images

    @property
    def error_count(self) -> int:
        return sum(one.severity is Severity.ERROR for one in self.problems)


class _Recent:
    """The definitions checked last, as many as fit into a budget of characters."""

    ENTRIES, LONGEST, BUDGET = 32, 2 * 1024 * 1024, 8 * 1024 * 1024

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Checked] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, text: str) -> Checked | None:
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
            return found

    def put(self, text: str, checked: Checked) -> None:
        if len(text) > self.LONGEST:
            return
        with self._lock:
            self._size += 0 if text in self._kept else len(text)
            self._kept[text] = checked
            self._kept.move_to_end(text)
            while len(self._kept) > self.ENTRIES or self._size > self.BUDGET:
                gone, _ = self._kept.popitem(last=False)
                self._size -= len(gone)


_recent = _Recent()


def check(text: str, images: Images = DEFAULT_IMAGES) -> Checked:
    """The parsed and validated definition. `images`: what runs in the workspace (`hooks.images_of`).

    Raises:
        DefinitionInvalid: not JSON, no definition, too large, too deep, a key twice. Anything milder is in `problems`.
    """
    found = _recent.get(text)
    if found is not None and found.images == images:
        return found
    parsed = parse_definition(text)
    if parsed.document is None:
        raise DefinitionInvalid(parsed.problems)
    checked = _checked(parsed.document, dump_definition(parsed.document), images)
    _recent.put(text, checked)
    return checked


def check_document(document: Any, images: Images = DEFAULT_IMAGES) -> Checked:
    """The same for a document that came from `apply_patch` over readable values, without writing and reading it again.

    Raises:
        DefinitionInvalid
    """
    text = dump_definition(document)
    if not isinstance(document, dict) or not isinstance(document.get("Steps"), list):
        return check(text, images)
    checked = _checked(document, text, images)
    if checked.step_count > CLARY_LIMITS.max_steps or len(text) * 4 > CLARY_LIMITS.max_bytes:
        return check(text, images)
    if any(one.code == "too-deep" for one in checked.problems):
        raise DefinitionInvalid(checked.problems)
    return checked


def document_of(text: str) -> dict[str, Any]:
    """The document of a stored definition, unvalidated. Never change it in place."""
    found = _recent.get(text)
    if found is not None:
        return found.document
    parsed = parse_definition(text)
    if parsed.document is None:
        raise DefinitionInvalid(parsed.problems)
    return parsed.document


def _checked(document: dict[str, Any], text: str, images: Images) -> Checked:
    checked = Checked(
        text=text,
        sha256=digest(text),
        document=document,
        problems=validate(document, runnable=partial(image_refusal, images)),
        step_count=len(Definition.from_document(document).steps),
        images=images,
    )
    _recent.put(text, checked)
    return checked


def problems_of(text: str, images: Images = DEFAULT_IMAGES, *, profile: str = CLARY) -> tuple[Problem, ...]:
    """Everything wrong with `text`, whatever it is; `profile` as in `validate`."""
    try:
        if profile != CLARY:
            return validate(document_of(text), profile=profile)
        return check(text, images).problems
    except DefinitionInvalid as invalid:
        return invalid.problems


def digest(*texts: str) -> str:
    """sha256 over texts, each ended so that no two lists share one."""
    whole = hashlib.sha256()
    for index, text in enumerate(texts):
        whole.update((b"\0" if index else b"") + text.encode())
    return whole.hexdigest()


def problem_document(problem: Problem) -> dict[str, Any]:
    """A problem as the studio reads it."""
    shown: dict[str, Any] = {
        "code": problem.code,
        "message": problem.message,
        "pointer": problem.pointer,
        "severity": problem.severity.value,
        "step": problem.step,
        "fix": _fix_document(problem.fix),
    }
    return shown | {"everywhere": _fix_document(problem.everywhere)} if problem.everywhere else shown


def _fix_document(fix: Fix | None) -> dict[str, Any] | None:
    return {"title": fix.title, "patch": list(fix.patch)} if fix else None


def problem_columns(checked: Checked) -> dict[str, Any]:
    """What the draft row keeps of its problems."""
    return {
        "problem_count": len(checked.problems),
        "error_count": checked.error_count,
        "problems": dump_definition([problem_document(one) for one in checked.problems]),
        "checked_by": rules_stamp(),
    }


# --- layouts ---
def read_layout(text: str) -> dict[str, Any]:
    """The layout document of a stored text."""
    layout: dict[str, Any] = json.loads(text)
    return layout


def layout_text(layout: Any) -> str:
    """The compact text of a usable layout.

    Raises:
        LayoutInvalid: not an object of nodes, groups, notes and hints, too deep, or over 4 MiB.
    """
    if not isinstance(layout, dict):
        raise LayoutInvalid(pointer="/layout", reason="it is not an object")
    whole = {**empty_layout(), **layout}
    for part, kind in LAYOUT_PARTS.items():
        if not isinstance(whole[part], kind):
            reason = f"{part} must be {'an object' if kind is dict else 'a list'}"
            raise LayoutInvalid(pointer=f"/layout/{part}", reason=reason)
    text = dump_definition(whole)
    if len(text) > LAYOUT_BYTES:
        raise LayoutInvalid(pointer="/layout", reason=f"it has {len(text)} bytes; {LAYOUT_BYTES} are allowed")
    _, problems = parse_json(text)
    if problems:
        raise LayoutInvalid(pointer="/layout", reason=problems[0].message)
    return text


def arranged(checked: Checked) -> str:
    """A fresh layout for a definition that came without one."""
    return dump_definition(arrange(Definition.from_document(checked.document)))
