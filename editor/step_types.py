"""The palette: every step type as data, built once per process."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from engine.instances import instance_documents
from engine.library.catalogue import LibraryStep, library_steps
from engine.steps.base import Family, Nature, Port, StepType, Variant
from engine.steps.catalog import STEP_TYPES
from engine.steps.schema import step_schema

FAMILY_TITLES = {
    Family.DATA: "Data",
    Family.TRAIN: "Train",
    Family.CHECK: "Check",
    Family.MODEL: "Model",
    Family.CONTROL: "Control",
    Family.CODE: "Code",
    Family.PEOPLE: "People",
}


@cache
def step_type_catalog() -> dict[str, Any]:
    """`{families, types, library, instances}`, as GET /api/step-types/ answers. Empty families are left out."""
    types = [_type_document(one) for one in STEP_TYPES.values()]
    used = {one["family"] for one in types}
    families = [{"id": family.value, "title": FAMILY_TITLES[family]} for family in Family if family.value in used]
    library = [_library_document(one) for one in library_steps().values()]
    return {"families": families, "types": types, "library": library, "instances": instance_documents()}


@cache
def step_type_answer() -> tuple[bytes, str]:
    """(the catalogue as JSON, its ETag)."""
    text = json.dumps(step_type_catalog(), ensure_ascii=False, separators=(",", ":"), default=dict).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def _type_document(kind: StepType) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title,
        "family": kind.family.value,
        "description": kind.description,
        "synonyms": list(kind.synonyms),
        "nature": kind.nature.value,
        "runnable": kind.nature is not Nature.UNSUPPORTED,
        "reason": kind.reason,
        "ports": [_port_document(port) for port in kind.ports],
        "variants": [_variant_document(variant) for variant in kind.variants],
        "schema": step_schema(kind.type),
        "template": dict(kind.template),
    }


def _library_document(step: LibraryStep) -> dict[str, Any]:
    """A ready-made step: what a step type has, save the schema (Processing's), and its own form."""
    document = step.document
    return {
        "reference": step.reference,
        "title": step.title,
        "family": document["category"],
        "icon": document["icon"],
        "description": document["description"],
        "synonyms": document["synonyms"],
        "ports": [_port_document(port) for port in step.ports],
        "inputs": [dict(one) for one in step.inputs],
        "outputs": [dict(one) for one in step.outputs],
        "form": dict(step.form),
        "summary": document.get("summary", []),
        "template": dict(step.template),
    }


def _port_document(port: Port) -> dict[str, Any]:
    return {
        "name": port.name,
        "direction": port.direction,
        "pattern": port.pattern,
        "json_type": port.json_type,
        "kind": port.kind,
        "reference": port.reference,
        "item": port.item,
        "item_name": port.item_name,
        "report_as": port.report_as,
        "folder_file": port.folder_file,
        "beside": port.beside,
        "title": port.title,
    }


def _variant_document(variant: Variant) -> dict[str, Any]:
    return {
        "id": variant.id,
        "title": variant.title,
        "description": variant.description,
        "synonyms": list(variant.synonyms),
        "template": dict(variant.template),
    }
