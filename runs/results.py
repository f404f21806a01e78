"""What a finished step left behind, for looking at: summaries, files and how each can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from engine.digests import is_summary
from engine.summaries import SUMMARY_BYTES, parse_summary
from runs.artifacts import artifact_url, media_type
from runs.errors import ObjectNotFound
from runs.models import Job, StepExecution, StoredObject
from runs.rows import Row
from runs.storage.base import BlobNotFound
from runs.stores import blob_store

MOST_FILES = 500
MOST_SUMMARIES = 16
TEXT_BYTES = 256 * 1024
TABLES = ("csv", "tsv", "tab", "jsonl", "ndjson", "parquet")
IMAGES = ("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp")
TEXTS = ("txt", "log", "md", "py", "sql", "yaml", "yml", "toml", "ini", "cfg", "xml", "sh", "r")


@dataclass(frozen=True, kw_only=True)
class TextPiece:
    """The beginning of a file as text; bytes that are no UTF-8 are replaced."""

    text: str
    size: int
    truncated: bool


def job_behind(step: StepExecution) -> Job | None:
    """The job whose outputs stand for a step: of an earlier execution when cached or reused."""
    return step.job or Job.objects.filter(step=step).order_by("-attempt").first()


def step_results(step: StepExecution) -> Row:
    """`{"outputs": [{name, uri, size, summary, problem, files: [{key, path, uri, size, media_type, viewer}]}]}`."""
    job = job_behind(step)
    if job is None:
        return {"outputs": []}
    files = objects_of(job)
    read = iter(range(MOST_SUMMARIES))
    return {"outputs": [_output(output, files.get(output["name"], []), read) for output in job.outputs]}


def objects_of(job: Job) -> dict[str, list[StoredObject]]:
    """Output name → the newest version of each object the job's step wrote there, by key; at most MOST_FILES in all."""
    found: dict[str, dict[str, StoredObject]] = {}
    for row in _stored(job).order_by("key", "id")[:MOST_FILES]:
        found.setdefault(row.output, {})[row.key] = row
    return {name: list(rows.values()) for name, rows in found.items()}


def object_of(step: StepExecution, key: str) -> StoredObject:
    """The object the step wrote under this key. Raises: ObjectNotFound."""
    job = job_behind(step)
    found = _stored(job).filter(key=key).order_by("-id").first() if job is not None else None
    if found is None:
        raise ObjectNotFound(uri=key)
    return found


def table_in(step: StepExecution, output: str) -> StoredObject | None:
    """The one file in an output of the step, when it is a table by its name."""
    job = job_behind(step)
    files = objects_of(job).get(output, []) if job is not None else []
    shown = [row for row in files if not is_summary(row.key)]
    return shown[0] if len(shown) == 1 and viewer_of(shown[0].key) == "table" else None


def link_to(step: StepExecution, key: str) -> str:
    """A fresh short-lived link to the bytes. Raises: ObjectNotFound."""
    found = object_of(step, key)
    return artifact_url(found.pk, found.key)


def text_of(step: StepExecution, key: str) -> TextPiece:
    """The first TEXT_BYTES of an object the step wrote. Raises: ObjectNotFound."""
    found = object_of(step, key)
    try:
        with blob_store().open(found.sha256) as blob:
            data = blob.read(TEXT_BYTES)
    except BlobNotFound:
        raise ObjectNotFound(uri=found.uri) from None
    return TextPiece(text=data.decode("utf-8", "replace"), size=found.size, truncated=found.size > len(data))


def viewer_of(key: str) -> str:
    """How a file is shown, by its name: table, image, html, json, text, summary, or none."""
    if is_summary(key):
        return "summary"
    ending = key.rpartition("/")[2].rpartition(".")[2].lower()
    if ending in ("html", "htm"):
        return "html"
    known = (("table", TABLES), ("image", IMAGES), ("json", ("json", "ipynb")), ("text", TEXTS))
    return next((viewer for viewer, endings in known if ending in endings), "none")


def _stored(job: Job) -> QuerySet[StoredObject]:
    step = StepExecution.objects.values_list("name", flat=True).get(pk=job.step_id)
    return StoredObject.objects.filter(workspace_id=job.workspace_id, execution=job.execution_id, step=step)


def _output(output: Row, files: list[StoredObject], read: Any) -> Row:
    summary, problem = None, None
    written = next((row for row in files if is_summary(row.key)), None)
    if written is not None and next(read, None) is not None:
        summary, problem = _summary(written)
    shown = [row for row in files if not is_summary(row.key)]
    return {
        "name": output["name"],
        "uri": output["uri"],
        "size": sum(row.size for row in shown),
        "summary": summary,
        "problem": problem,
        "files": [_file(row) for row in shown],
    }


def _summary(stored: StoredObject) -> tuple[Row | None, str | None]:
    if stored.size > SUMMARY_BYTES:
        return None, f"Its summary has {stored.size} bytes; {SUMMARY_BYTES} are read at most."
    try:
        with blob_store().open(stored.sha256) as blob:
            summary = parse_summary(blob.read())
    except BlobNotFound:
        return None, "Its summary is not in the store any more."
    return (summary, None) if summary is not None else (None, "Its summary is not a JSON object, so it is not shown.")


def _file(row: StoredObject) -> Row:
    root = row.output_uri.rstrip("/") + "/"
    return {
        "key": row.key,
        "path": row.uri.removeprefix(root) if row.uri.startswith(root) else row.key.rpartition("/")[2],
        "uri": row.uri,
        "size": row.size,
        "media_type": media_type(row.key),
        "viewer": viewer_of(row.key),
    }
