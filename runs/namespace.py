"""The S3 namespace: which bytes a URI means for a step, and publishing what a step wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.identifiers import new_id
from engine.steps.base import InputSpec, JobSpec, PublishedObject
from runs import sql, uri_maps
from runs.models import StoredObject
from runs.runners.base import InputFile
from runs.storage.uri import MAXIMUM_SEGMENT_BYTES, BadUri, S3Uri, parse_s3_uri, relative_path

_LAST = "\U0010ffff"


class InputMissing(Exception):
    """An input names something that is not there. The message says which input, which URI, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Producer:
    """A direct producer of the reading step: what it recorded, and in which execution and step its objects lie."""

    execution: str
    step: str
    outputs: tuple[str, ...]  # recorded output URIs


@dataclass(frozen=True, kw_only=True)
class ResolvedInput:
    name: str
    uri: str
    files: tuple[InputFile, ...]
    versions: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """What the attempt keeps of it."""
        files = [
            {"uri": file.uri, "path": file.path, "sha256": file.sha256, "size": file.size, "version": version}
            for file, version in zip(self.files, self.versions, strict=True)
        ]
        return {"name": self.name, "uri": self.uri, "files": files}


def resolve_inputs(
    workspace_id: str, execution_id: str, inputs: Sequence[InputSpec], producers: Sequence[Producer]
) -> list[ResolvedInput]:
    """The files each input stands for, now.

    A URI under an output some step of this execution recorded means exactly that manifest; any other means the
    current version of each object.

    Raises:
        InputMissing: nothing there, or not an s3:// URI.
    """
    return [_resolve(workspace_id, execution_id, item, producers) for item in inputs]


def _resolve(workspace_id: str, execution_id: str, item: InputSpec, producers: Sequence[Producer]) -> ResolvedInput:
    try:
        target = parse_s3_uri(item.uri, prefix=True)
    except BadUri as bad:
        raise InputMissing(f'Input "{item.name}": {bad}.') from bad
    place = {"workspace": workspace_id, "bucket": target.bucket}
    keys = ("key", target.key, target.key + _LAST)
    sources = {execution_id, *(producer.execution for producer in producers)}
    own = sql.select(StoredObject, {**place, "execution": tuple(sorted(sources))}, between=keys)
    own.sort(key=lambda row: (row.key, row.pk))
    mine = [row for row in own if _covers(row.output_uri, item.uri)]
    allowed = {(producer.execution, producer.step) for producer in producers}
    direct = [row for row in mine if (row.execution, row.step) in allowed]
    # What an execution left that only another producer was taken over from is read like anything else.
    recorded = direct or [row for row in mine if row.execution == execution_id]
    if recorded:
        chosen = list({row.key: row for row in recorded}.values())
    elif any(_covers(uri, item.uri) for producer in producers for uri in producer.outputs):
        chosen = []
    else:
        target = _elsewhere(workspace_id, item) or target
        place, keys = {**place, "bucket": target.bucket}, ("key", target.key, target.key + _LAST)
        newest = sql.select(StoredObject, place, between=keys, newest_by="key")
        chosen = sorted((row for row in newest if not row.deleted), key=lambda row: row.key)
    found = _placed(item, target.key, chosen)
    if not found and item.required:
        raise InputMissing(
            f'Input "{item.name}": nothing is stored at {item.uri}. '
            "Check the URI, or that the step that should write it has written a file there."
        )
    return ResolvedInput(
        name=item.name,
        uri=item.uri,
        files=tuple(file for file, _ in found),
        versions=tuple(version for _, version in found),
    )


def _elsewhere(workspace_id: str, item: InputSpec) -> S3Uri | None:
    """Where the workspace's table sends this input."""
    uri = uri_maps.mapped(workspace_id, item.uri)
    try:
        return None if uri is None else parse_s3_uri(uri, prefix=True)
    except BadUri as bad:
        raise InputMissing(f'Input "{item.name}": {item.uri} is mapped to an address that is none: {bad}.') from bad


def _covers(output_uri: str, uri: str) -> bool:
    return bool(output_uri) and (uri == output_uri or uri.startswith(output_uri.rstrip("/") + "/"))


def _placed(item: InputSpec, key: str, rows: Iterable[StoredObject]) -> list[tuple[InputFile, str]]:
    """Where each object goes: an exact key under its own name, a folder's objects by their relative path.

    Like S3Prefix, a prefix that is no folder matches every key that begins with it; a folder of that name wins.
    """
    rows = [row for row in rows if not row.key.endswith("/")]  # an empty object that only shows a folder
    exact = [row for row in rows if row.key == key]
    folder = key if key.endswith("/") or not key else f"{key}/"
    inside = [row for row in rows if row.key.startswith(folder)]
    if exact:
        pairs = [(row, key.rpartition("/")[2]) for row in exact]
    elif inside:
        pairs = [(row, row.key[len(folder) :]) for row in inside]
    else:
        stem = key.rpartition("/")[0]
        pairs = [(row, row.key[len(stem) :].lstrip("/")) for row in rows]
    named = [(row, _file(item, row, name)) for row, name in pairs if name]
    _one_file_each(item, named)
    base = item.local_path.rstrip("/")
    return [
        (InputFile(path=f"{base}/{file}", sha256=row.sha256, size=row.size, uri=row.uri), row.version)
        for row, file in named
    ]


def _file(item: InputSpec, row: StoredObject, name: str) -> str:
    if "//" not in name and len(name) < MAXIMUM_SEGMENT_BYTES // 4 and name[0] != "/":  # as good as always
        return name
    try:
        return str(relative_path(name))
    except BadUri as bad:
        raise InputMissing(
            f'Input "{item.name}": the object {row.uri} cannot become a file: {bad}. Rename it.'
        ) from bad


def _one_file_each(item: InputSpec, named: list[tuple[StoredObject, str]]) -> None:
    """`a//b` beside `a/b`: two objects, and one name for a file."""
    if len({file for _, file in named}) == len(named):
        return
    taken: dict[str, str] = {}
    for row, file in named:
        if file in taken:
            both = f"{taken[file]} and {row.uri}"
            raise InputMissing(f'Input "{item.name}": {both} would become one file, {file}. Rename one of them.')
        taken[file] = row.uri


def publish_objects(
    *,
    workspace_id: str,
    execution_id: str,
    step: str,
    spec: JobSpec,
    objects: Iterable[PublishedObject],
    now: datetime,
) -> None:
    """Makes an attempt's manifest visible as new object versions; one INSERT."""
    roots: Mapping[str, str] = {output.name: output.uri for output in spec.outputs}
    rows = []
    for item in objects:
        target = parse_s3_uri(item.uri)
        rows.append(
            StoredObject(
                workspace_id=workspace_id,
                bucket=target.bucket,
                key=target.key,
                sha256=item.sha256,
                size=item.size,
                etag=stand_in_etag(item.sha256),
                execution=execution_id,
                step=step,
                output=item.output,
                output_uri=roots.get(item.output, ""),
                created_at=now,
            )
        )
    sql.insert(StoredObject, rows)


def store_object(
    *, workspace_id: str, uri: str, sha256: str, size: int, now: datetime, headers: Mapping[str, str] | None = None
) -> StoredObject:
    """A new current version of one object.

    Raises:
        BadUri: not an object URI.
    """
    target = parse_s3_uri(uri)
    return StoredObject.objects.create(
        workspace_id=workspace_id,
        bucket=target.bucket,
        key=target.key,
        version=new_id(),
        sha256=sha256,
        size=size,
        etag=stand_in_etag(sha256),
        headers=dict(headers or {}),
        created_at=now,
    )


def stand_in_etag(sha256: str) -> str:
    """An ETag for bytes whose MD5 nobody computed; its hyphen tells clients not to take it for one."""
    return f"{sha256[:32]}-1"


def current_object(workspace_id: str, uri: str) -> StoredObject | None:
    """The current version of an object, None when there is none.

    Raises:
        BadUri: not an object URI.
    """
    target = parse_s3_uri(uri)
    return current_version(workspace_id, target.bucket, target.key)


def current_version(workspace_id: str, bucket: str, key: str) -> StoredObject | None:
    """The current version under a key; None when there is none or it was deleted."""
    rows = StoredObject.objects.filter(workspace_id=workspace_id, bucket=bucket, key=key)
    newest = rows.order_by("-id").first()
    return None if newest is None or newest.deleted else newest
