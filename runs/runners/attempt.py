"""One attempt from its folder to its outcome: what all runners do alike. Where the step runs is the `Place`."""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fcntl import fcntl
from functools import partial
from pathlib import Path
from typing import Protocol

from engine.execution.states import FailureCategory
from engine.steps.base import PublishedObject
from runs.runners.base import AttemptObserver, AttemptSpec, Ended, Outcome, StopToken, Usage
from runs.runners.broom import Broom
from runs.runners.environments import Environments
from runs.runners.installing import EnvironmentFailed, InstallStopped
from runs.runners.layout import OPT_ML, CannotPrepare, Collect, Prepare, Prepared
from runs.runners.log_capture import LogCapture
from runs.runners.metric_watch import MetricWatch
from runs.runners.reading import link_on_the_way, read_text
from runs.runners.reasons import Facts, explain, no_room
from runs.runners.rewriting import inside
from runs.runners.watch import Cause, RunningStep, Watch, Watched
from runs.runners.zygote import ServerGone
from runs.storage.base import BlobStore, StoreFull

logger = logging.getLogger(__name__)

_F_SETPIPE_SZ = 1031
_PIPE_BYTES = 1024 * 1024
FAILURE_CHARACTERS = MESSAGE_CHARACTERS = 1024


class Place(Protocol):
    """Where the command of an attempt is carried out."""

    rewrite: bool

    def start(self, prepared: Prepared, spec: AttemptSpec, root: Path, python: str, output: int) -> RunningStep:
        """Starts the step with its output going to `output`, which stays the caller's to close.

        Raises:
            ServerGone: the infrastructure cannot start anything now.
            CannotPrepare: this step cannot start here.
        """

    def watch_metrics(
        self, patterns: tuple[tuple[str, str], ...], found: Callable[[str, float], None]
    ) -> MetricWatch: ...

    def python_for(self, prepared: Prepared, environments: Environments, log: LogCapture, stop: StopToken) -> str:
        """The interpreter of the step's environment, built first if need be."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What every runner works with."""

    work: Path
    environments: Environments
    prepare: Prepare
    collect: Collect
    broom: Broom = field(default_factory=Broom)


def run_attempt(
    spec: AttemptSpec, *, place: Place, tools: Tools, store: BlobStore, observer: AttemptObserver, stop: StopToken
) -> Outcome:
    """Runs one attempt to its end. Never raises for anything the user's code or inputs do; see `Runner.run`."""
    attempt = _Attempt(spec, place, tools, store, observer, stop)
    try:
        return attempt.run()
    except StoreFull as problem:
        return attempt.failed(no_room(problem.folder), FailureCategory.DISK_FULL)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return attempt.failed(no_room(tools.work), FailureCategory.DISK_FULL)
        logger.exception("attempt %s met an operating system error", spec.attempt_id)
        return attempt.failed(f"The runner met an error: {problem}.", FailureCategory.SERVICE_FAULT)
    except (CannotPrepare, EnvironmentFailed) as problem:
        return attempt.failed(str(problem), problem.category)
    except InstallStopped:
        return attempt.stopped()
    except ServerGone as problem:
        return attempt.ended(
            Ended.LOST, reason=f"The step could not be started: {problem}", category=FailureCategory.LOST
        )
    finally:
        attempt.clean_up()


class _Attempt:
    def __init__(
        self,
        spec: AttemptSpec,
        place: Place,
        tools: Tools,
        store: BlobStore,
        observer: AttemptObserver,
        stop: StopToken,
    ) -> None:
        self._spec, self._place, self._tools, self._store = spec, place, tools, store
        self._observer, self._stop = observer, stop
        self._root = tools.work / spec.attempt_id
        self._began = time.monotonic()
        self._usage = Usage()
        self._log = LogCapture(spec.limits.log_bytes, observer.log)
        self._log_finished = False

    def run(self) -> Outcome:
        self._observer.phase("downloading")
        self._make_folder()
        prepared = self._tools.prepare(self._spec, self._root, rewrite=self._place.rewrite, store=self._store)
        self._usage = replace(self._usage, input_bytes=prepared.input_bytes)
        if prepared.environment.requirements is not None:
            self._observer.phase("preparing")
        python = self._place.python_for(prepared, self._tools.environments, self._log, self._stop)
        if self._stop.killing or self._stop.stopping:
            return self.stopped()
        self._observer.phase("running")
        watched, metrics = self._execute(prepared, python)
        return self._conclude(prepared, watched, metrics)

    def failed(self, reason: str, category: FailureCategory) -> Outcome:
        return self.ended(Ended.FAILED, reason=reason, category=category)

    def stopped(self) -> Outcome:
        if self._stop.killing:
            return self.ended(
                Ended.LOST, reason="The attempt was taken from this worker.", category=FailureCategory.LOST
            )
        return self.ended(Ended.STOPPED)

    def ended(
        self,
        ended: Ended,
        *,
        reason: str | None = None,
        category: FailureCategory | None = None,
        watched: Watched | None = None,
        metrics: Mapping[str, float] | None = None,
        objects: tuple[PublishedObject, ...] = (),
        exit_message: str | None = None,
        out_of_memory: bool = False,
    ) -> Outcome:
        self._finish_log()
        end = watched.end if watched is not None else None
        return Outcome(
            ended=ended,
            exit_code=end.exit_code if end is not None else None,
            signal=end.signal if end is not None else None,
            out_of_memory=out_of_memory,
            reason=reason,
            category=category,
            exit_message=exit_message,
            metrics=dict(metrics or {}),
            objects=objects,
            usage=replace(
                self._usage,
                log_bytes=self._log.raw_bytes,
                output_bytes=sum({item.uri: item.size for item in objects}.values()),
            ),
        )

    def clean_up(self) -> None:
        self._tools.broom.leave(self._root)

    def _make_folder(self) -> None:
        self._root.mkdir(mode=0o700, parents=True)
        for name in ("ml", "tmp"):
            (self._root / name).mkdir(mode=0o700)

    def _execute(self, prepared: Prepared, python: str) -> tuple[Watched, dict[str, float]]:
        output, sink = os.pipe()
        try:
            fcntl(output, _F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:
            logger.debug("the log pipe keeps its small buffer")  # the user's total for pipes is used up
        metrics = self._place.watch_metrics(prepared.metrics, self._observer.metric)
        try:
            try:
                step = self._place.start(prepared, self._spec, self._root, python, sink)
            finally:
                os.close(sink)
            watch = Watch(
                step,
                output,
                log=self._log,
                metrics=metrics,
                observer=self._observer,
                stop=self._stop,
                timeout_seconds=self._spec.job.timeout_seconds,
                grace_seconds=self._spec.limits.grace_seconds,
            )
            try:
                watched = watch.run()
            finally:
                step.close()
        finally:
            os.close(output)
            metrics.finish()
        if metrics.trouble:
            self._log.feed(f"[clary: {metrics.trouble}]\n".encode())
        self._usage = replace(
            self._usage,
            startup_seconds=watched.started - self._began,
            run_seconds=watched.ended - watched.started,
            cpu_seconds=watched.end.cpu_seconds,
            peak_memory_bytes=watched.end.peak_memory_bytes,
        )
        return watched, metrics.values

    def _conclude(self, prepared: Prepared, watched: Watched, metrics: dict[str, float]) -> Outcome:
        end = watched.end
        ended = partial(self.ended, watched=watched, metrics=metrics)
        if watched.cause is Cause.KILL or end.lost:
            lost = f"The step was lost: {end.error or 'the attempt was taken from this worker'}."
            return ended(Ended.LOST, reason=lost, category=FailureCategory.LOST)
        if watched.cause is Cause.STOP:
            return ended(Ended.STOPPED)
        if end.error is not None:
            return ended(Ended.FAILED, reason=end.error, category=FailureCategory.SERVICE_FAULT)
        message = self._read(prepared.message_file, MESSAGE_CHARACTERS)
        if end.exit_code == 0 and watched.cause is Cause.NONE and not end.out_of_memory:
            try:
                objects = self._publish(succeeded=True)
            except CannotPrepare as problem:
                return ended(Ended.FAILED, reason=str(problem), category=problem.category, exit_message=message)
            return ended(Ended.SUCCEEDED, objects=objects, exit_message=message)
        reason, category = self._explain(prepared, watched)
        try:
            objects = self._publish(succeeded=False)
        except CannotPrepare:
            objects = ()  # the step's own failure is the news, not that its remains cannot be published
        return ended(
            Ended.FAILED,
            reason=reason,
            category=category,
            objects=objects,
            exit_message=message,
            out_of_memory=category is FailureCategory.OUT_OF_MEMORY,
        )

    def _publish(self, *, succeeded: bool) -> tuple[PublishedObject, ...]:
        self._observer.phase("uploading")
        self._refuse_links()
        return self._tools.collect(self._spec, self._root, self._store, succeeded)

    def _refuse_links(self) -> None:
        """A folder on the way to an output that became a link would show what is behind it on our side."""
        for output in self._spec.job.outputs:
            link = link_on_the_way(self._root, inside(self._root / "ml", output.local_path))
            if link is not None:
                place = Path(OPT_ML) / link.relative_to(self._root / "ml")
                raise CannotPrepare(
                    f"The output {output.name} ({output.local_path}) cannot be published: {place} is a link.",
                    FailureCategory.USER_CODE,
                )

    def _explain(self, prepared: Prepared, watched: Watched) -> tuple[str, FailureCategory]:
        return explain(
            Facts(
                exit_code=watched.end.exit_code,
                signal=watched.end.signal,
                last_lines=self._log.last_lines(),
                volume=self._root,
                failure_text=self._read(prepared.failure_file, FAILURE_CHARACTERS),
                timed_out_after=self._spec.job.timeout_seconds if watched.cause is Cause.TIMEOUT else None,
                out_of_memory=watched.end.out_of_memory,
                memory_bytes=self._spec.limits.memory_bytes,
            )
        )

    def _read(self, path: Path | None, characters: int) -> str | None:
        return read_text(self._root, path, characters=characters) if path is not None else None

    def _finish_log(self) -> None:
        if not self._log_finished:
            self._log_finished = True
            self._log.finish()
