"""The samples that come with Clary, as values ready to import: a definition and the objects it reads.

A sample is a folder with `sample.json`, `definition.json` and the files both name:

    {"title", "description", "pipeline": name, "order": place in the list, "files": [{"path", "key"}, …]}

`path` is a file of the folder, uploaded as it is, or a folder, uploaded as one deterministic tar.gz. `key` is its key
in the workspace's default bucket. In the definition, `{bucket}` stands for the name of that bucket.
No Django here: importing is the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from runs.storage.archive import write_tar_gz

BUCKET_PLACEHOLDER = "{bucket}"
MANIFEST, DEFINITION = "sample.json", "definition.json"


class BadSample(Exception):
    """The sample's folder is incomplete; the message names the file."""


@dataclass(frozen=True, kw_only=True)
class SampleObject:
    """One object to upload. `read` gives its bytes."""

    key: str
    path: Path

    def read(self) -> bytes:
        if self.path.is_file():
            return self.path.read_bytes()
        packed = BytesIO()
        write_tar_gz(self.path, packed)
        return packed.getvalue()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """`name` is the folder's; `pipeline` the name the pipeline gets."""

    name: str
    title: str
    description: str
    pipeline: str
    order: int
    definition: str
    objects: tuple[SampleObject, ...]

    def definition_for(self, bucket: str) -> str:
        """The definition text with the bucket's name filled in; nothing else changes."""
        return self.definition.replace(BUCKET_PLACEHOLDER, bucket)


def load_sample(folder: Path) -> Sample:
    """The sample in a folder.

    Raises:
        BadSample: a file is missing, is no JSON, or lies outside the folder.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        definition = (folder / DEFINITION).read_text(encoding="utf-8")
        return Sample(
            name=folder.name,
            title=manifest["title"],
            description=manifest["description"],
            pipeline=manifest["pipeline"],
            order=int(manifest["order"]),
            definition=definition,
            objects=load_objects(folder, manifest["files"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise BadSample(f"The sample {folder.name} cannot be read: {error}") from error


def load_objects(folder: Path, files: Iterable[Mapping[str, str]]) -> tuple[SampleObject, ...]:
    """The objects a manifest lists under "files".

    Raises:
        BadSample: one is not in the folder.
    """
    return tuple(SampleObject(key=entry["key"], path=_within(folder, entry["path"])) for entry in files)


def load_samples(folder: Path) -> tuple[Sample, ...]:
    """Every sample under a folder, in the order they are shown; the first is the headline."""
    return tuple(sorted(_each(folder), key=lambda sample: (sample.order, sample.name)))


def _each(folder: Path) -> Iterator[Sample]:
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        yield load_sample(manifest.parent)


def _within(folder: Path, path: str) -> Path:
    found = (folder / path).resolve()
    if not found.is_relative_to(folder.resolve()) or not found.exists():
        raise BadSample(f"The sample {folder.name} names the file {path}, which is not in it.")
    return found
