"""Running a definition in the foreground: the same services, runner and worker, without a server or a broker."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from accounts.actors import Actor, system_actor
from accounts.services.bootstrap import ensure_owner
from editor.documents import document_of
from editor.models import Pipeline
from editor.services.pipelines import create_pipeline
from engine.definition.model import Definition
from engine.execution.states import TERMINAL_EXECUTION
from runs import dispatch, namespace
from runs.clock import database_now
from runs.draft_warnings import Place, warnings_of
from runs.models import CallbackToken, Execution
from runs.reconcile import sweep
from runs.samples import BUCKET_PLACEHOLDER, DEFINITION, MANIFEST, load_sample
from runs.services.sample_objects import upload_objects
from runs.services.start import Selective
from runs.services.stop import stop_execution
from runs.storage.uri import S3Uri
from runs.stores import blob_store
from runs.worker.worker import Worker

SWEEP_SECONDS = 2.0


class NotText(Exception):
    """A definition file that holds no text; the message names the place."""


class SelectionInvalid(Exception):
    """The options choose nothing that could run; the message says why."""


class LocalRun:
    """One execution and the threads that run it. `run` blocks until the execution has ended."""

    def __init__(self, worker: Worker, slots: int) -> None:
        self._worker = worker
        self._rung: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(slots)]

    def run(
        self, start: Callable[[], Execution], *, show: Callable[[Execution], None], every: float = 0.2
    ) -> Execution:
        """Starts, follows and returns the ended execution; Ctrl-C stops it and waits for that."""
        dispatch.use(self._ring)
        self._worker.start()
        for thread in self._threads:
            thread.start()
        try:
            execution = start()
            return self._follow(execution, show, every)
        finally:
            for _ in self._threads:
                self._rung.put(None)
            for thread in self._threads:
                thread.join(timeout=5)
            self._worker.close()

    def _follow(self, execution: Execution, show: Callable[[Execution], None], every: float) -> Execution:
        ended = threading.Event()
        waited = 0.0
        while True:
            try:
                execution = Execution.objects.defer("definition", "layout").get(pk=execution.pk)
                show(execution)
                if execution.status in TERMINAL_EXECUTION:
                    return execution
                ended.wait(every)
                waited += every
                if waited >= SWEEP_SECONDS:
                    waited = 0.0
                    sweep()
            except KeyboardInterrupt:
                actor = system_actor(execution.workspace)
                stop_execution(actor=actor, execution_id=execution.pk, reason="interrupted")
                _answer_for_all(actor, execution)
                self._worker.leases.look_now()

    def _ring(self, attempt_ids: Sequence[str]) -> None:
        for attempt_id in attempt_ids:
            self._rung.put(attempt_id)

    def _serve(self) -> None:
        try:
            while (attempt_id := self._rung.get()) is not None:
                self._worker.serve(attempt_id)
        finally:
            connections.close_all()


def _answer_for_all(actor: Actor, execution: Execution) -> None:
    """Nobody else can end the wait of a step that asked outside: there is no server to answer at."""
    from runs.services.answering import answer_with_failure

    asked = CallbackToken.objects.filter(execution=execution, answered_at__isnull=True)
    for token in asked.values_list("token", flat=True):
        answer_with_failure(actor=actor, token=token, reason="interrupted")


def local_actor() -> Actor:
    """The owner of this CLARY_HOME; made when there is none."""
    first = ensure_owner(url="")
    return system_actor(first.workspace, first.owner.username)


def local_pipeline(actor: Actor, name: str, definition: str) -> Pipeline:
    """The pipeline that holds executions of this file; its draft is replaced by the file's text each time."""
    with transaction.atomic():
        known = Pipeline.objects.filter(workspace=actor.workspace, name=name, deleted_at__isnull=True).first()
        if known is None:
            return create_pipeline(actor=actor, name=name, definition=definition, hidden=True)
        known.draft.definition = definition
        known.draft.save(update_fields=["definition"])
        return known


def read_definition(actor: Actor, path: Path) -> str:
    """The text of a definition file, with the bucket's name filled in. One that stands beside a `sample.json` brings
    the files that names.

    Raises:
        OSError: the file cannot be read.
        NotText: it is not UTF-8.
        BadSample: the sample is not complete.
    """
    bucket = actor.workspace.default_bucket
    if path.name == DEFINITION and (path.resolve().parent / MANIFEST).is_file():
        sample = load_sample(path.resolve().parent)
        upload_objects(actor, sample.objects)
        return sample.definition_for(bucket)
    try:
        return path.read_text(encoding="utf-8").replace(BUCKET_PLACEHOLDER, bucket)
    except UnicodeDecodeError as odd:
        raise NotText(f"{path} is not UTF-8 text (byte {odd.start}).") from odd


def warnings(pipeline: Pipeline, worker: Worker, parameters: Mapping[str, Any]) -> list[str]:
    """What to know before this pipeline runs in this worker with these values."""
    place = Place(runners=frozenset({worker.runner.kind}), machine=worker.machine)
    definition = Definition.from_document(document_of(pipeline.draft.definition))
    return [problem.message for problem in warnings_of(pipeline.workspace_id, definition, place, parameters)]


def upload_input(actor: Actor, name: str, path: Path) -> str:
    """The address under which a local file or folder can be read; a folder keeps its files apart.

    Raises:
        FileNotFoundError: nothing is there, or no file is in the folder.
        BadUri: a file name that cannot be an object key.
    """
    prefix = f"local/{name}"
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    if not files:
        raise FileNotFoundError(f"There is no file at {path} to upload for {name}.")
    for file in files:
        relative = file.name if path.is_file() else file.relative_to(path).as_posix()
        sha256, size = blob_store().put_file(file.resolve())
        uri = str(S3Uri(actor.workspace.default_bucket, f"{prefix}/{relative}"))
        with transaction.atomic():
            namespace.store_object(
                workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now()
            )
    only = f"/{path.name}" if path.is_file() else ""
    return f"s3://{actor.workspace.default_bucket}/{prefix}{only}"


def selection_of(
    actor: Actor, pipeline: Pipeline, *, only: Sequence[str], start: str | None, end: str | None, source: str | None
) -> Selective | None:
    """The selection --only, --from and --to ask for; the source is the newest execution unless one is named.

    Raises:
        SelectionInvalid: a step that is not there, or nothing left to run.
    """
    from runs.plans import compile_text

    if not only and start is None and end is None:
        return None
    plan = compile_text(pipeline.draft.definition).plan
    for name in (*only, start, end):
        if name is not None and name not in plan.steps:
            raise SelectionInvalid(f"The pipeline has no step {name!r}. It has {', '.join(plan.steps)}.")
    chosen = set(only) or set(plan.steps)
    if start is not None:
        chosen &= _reach(plan.steps, start, forwards=True)
    if end is not None:
        chosen &= _reach(plan.steps, end, forwards=False)
    if source is None:
        newest = Execution.objects.filter(workspace=actor.workspace, pipeline=pipeline).order_by("-created_at")
        source = newest.values_list("pk", flat=True).first()
    if not chosen:
        raise SelectionInvalid("No step is left: nothing leads from --from to --to, or --only names other steps.")
    return Selective(steps=[name for name in plan.steps if name in chosen], source_execution=source)


def _reach(steps: Mapping[str, Any], name: str, *, forwards: bool) -> set[str]:
    found, stack = {name}, [name]
    while stack:
        step = steps.get(stack.pop())
        if step is None:
            continue
        for edge in step.successors if forwards else step.producers:
            if edge.step not in found:
                found.add(edge.step)
                stack.append(edge.step)
    return found
