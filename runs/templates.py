"""The templates a new pipeline can start from, as values: what they teach, a definition, and the data they run on.

A template is a folder with `template.json`, `definition.json` and, where the tidy places do not suit, `layout.json`:

    {"title", "summary", "teaches": [sentence, …], "pipeline": name, "order": place in the gallery,
     "data": id of a sample dataset, "files": [{"path", "key"}, …]}

In the definition, `{bucket}` stands for the workspace's default bucket and `{data}` for the address of the dataset.
A template with `"example": name` shows a folder of `examples/` as it is: its definition, files and data.
No Django here: using a template is the caller's transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.definition.model import Definition
from engine.definition.parse import parse_definition
from engine.layout import arrange
from runs.samples import BUCKET_PLACEHOLDER, BadSample, Sample, SampleObject, load_objects, load_sample

MANIFEST, DEFINITION, LAYOUT = "template.json", "definition.json", "layout.json"
DATA_PLACEHOLDER = "{data}"


@dataclass(frozen=True, kw_only=True)
class TemplateData:
    """What a template brings itself, in words; `licence` as the source names it."""

    title: str
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """`id` is the folder's name; `dataset` the sample it asks for, None when its files are its own (`own_data`)."""

    id: str
    title: str
    summary: str
    teaches: tuple[str, ...]
    pipeline: str
    order: int
    definition: str
    layout: dict[str, Any]
    dataset: str | None
    own_data: TemplateData | None
    objects: tuple[SampleObject, ...]

    def definition_for(self, *, bucket: str, data: str) -> str:
        """The definition text with both addresses filled in; nothing else changes."""
        return self.definition.replace(BUCKET_PLACEHOLDER, bucket).replace(DATA_PLACEHOLDER, data)


def load_template(folder: Path) -> Template:
    """The template in a folder.

    Raises:
        BadSample: a file is missing, is no JSON, or lies outside the folder.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        shown = _example(folder, manifest)
        text = shown.definition if shown else (folder / DEFINITION).read_text(encoding="utf-8")
        own = manifest.get("own_data")
        return Template(
            id=folder.name,
            title=manifest["title"],
            summary=manifest["summary"],
            teaches=tuple(manifest["teaches"]),
            pipeline=manifest["pipeline"],
            order=int(manifest["order"]),
            definition=text,
            layout=_layout(folder, text),
            dataset=manifest.get("data"),
            own_data=TemplateData(**own) if own else None,
            objects=shown.objects if shown else load_objects(folder, manifest.get("files", ())),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadSample(f"The template {folder.name} cannot be read: {error}") from error


@cache
def load_templates(folder: Path) -> tuple[Template, ...]:
    """Every template under a folder, in the order of the gallery. They change only with the program."""
    found = [load_template(manifest.parent) for manifest in folder.glob(f"*/{MANIFEST}")]
    return tuple(sorted(found, key=lambda template: (template.order, template.id)))


def _example(folder: Path, manifest: dict[str, Any]) -> Sample | None:
    name = manifest.get("example")
    return load_sample(folder.parents[1] / name) if name else None


def _layout(folder: Path, text: str) -> dict[str, Any]:
    stored = folder / LAYOUT
    if stored.exists():
        placed: dict[str, Any] = json.loads(stored.read_text(encoding="utf-8"))
        return placed
    document = parse_definition(text).document
    if document is None:
        raise ValueError(f"{DEFINITION} is no definition")
    return arrange(Definition.from_document(document))
