"""The process runner: steps as forks of a warm interpreter, without isolation. For trusted code only.

/opt/ml is not real here: paths in arguments, environment and configuration are rewritten to the attempt's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from runs.runners.attempt import Tools, run_attempt
from runs.runners.base import AttemptObserver, AttemptSpec, Availability, Outcome, RunnerSettings, StopToken
from runs.runners.environments import Environments
from runs.runners.interpreters import with_interpreter
from runs.runners.layout import Collect, Prepare, Prepared
from runs.runners.library import LIBRARY, lend, openmp_library, with_library
from runs.runners.log_capture import LogCapture
from runs.runners.metric_watch import MetricWatch
from runs.runners.ownership import hand_over
from runs.runners.unprivileged import identity_for
from runs.runners.workdir import collect, prepare
from runs.runners.zygote import PACKAGE, ForkedStep, ForkServers, ServerKind, StepRequest, launch_plain
from runs.storage.base import BlobStore


class ProcessRunner:
    """A `Runner` on this machine's own interpreter."""

    kind = "process"
    rewrite = True

    def __init__(
        self,
        settings: RunnerSettings,
        *,
        prepare: Prepare = prepare,
        collect: Collect = collect,
        servers: ForkServers | None = None,
        uid: int | None = None,
    ) -> None:
        """`uid`: the user that steps become, where the worker is root; `settings.work` must let that user pass."""
        self._settings, self._uid = settings, uid
        self.servers = servers or ForkServers(self._launch)
        environments = Environments(settings.environments, settings.python, uid=uid)
        self._tools = Tools(work=settings.work, environments=environments, prepare=prepare, collect=collect)

    def run(self, spec: AttemptSpec, *, store: BlobStore, observer: AttemptObserver, stop: StopToken) -> Outcome:
        return run_attempt(spec, place=self, tools=self._tools, store=store, observer=observer, stop=stop)

    def warm(self) -> None:
        self.servers.prepare(self._settings.python)

    def close(self) -> None:
        self.servers.close()
        self._tools.broom.close()

    def python_for(self, prepared: Prepared, environments: Environments, log: LogCapture, stop: StopToken) -> str:
        wanted = prepared.environment
        return environments.python_for(wanted.requirements, python=wanted.python, log=log.feed, stop=stop)

    def start(self, prepared: Prepared, spec: AttemptSpec, root: Path, python: str, output: int) -> ForkedStep:
        env = dict(prepared.env)
        env["PATH"] = f"{Path(python).parent}:{env.get('PATH', '')}".rstrip(":")
        env["TMPDIR"] = str(root / "tmp")
        if self._uid is not None:
            hand_over(root)
            root.chmod(0o711)
        env = with_library(env, prepared.argv, str(LIBRARY))
        argv, preload = prepared.argv, prepared.preload
        if self._uid is not None and python != self._settings.python:
            # The server is root: it must not load what somebody's requirements brought.
            argv, preload = with_interpreter(argv, python, self._settings.python), frozenset()
            python = self._settings.python
        request = StepRequest(
            argv=argv,
            env=env,
            cwd=prepared.cwd,
            memory_bytes=spec.limits.memory_bytes,
            attempt=spec.attempt_id,
            uid=self._uid,
        )
        return self.servers.start(request, output, python=python, preload=preload)

    def _launch(self, kind: ServerKind) -> tuple[Sequence[str], Mapping[str, Any], str]:
        """The plain server, with a folder for the linker where the system lacks OpenMP."""
        command, options, folder = launch_plain(kind)
        lent = openmp_library(kind.python)
        if lent is None:
            return command, options, folder
        return ["/usr/bin/env", f"LD_LIBRARY_PATH={lend(lent, self._settings.work)}", *command], options, folder

    def watch_metrics(self, patterns: tuple[tuple[str, str], ...], found: Callable[[str, float], None]) -> MetricWatch:
        python = self._settings.python
        return MetricWatch(
            patterns,
            start=lambda request, output, source: self.servers.start(
                replace(request, attempt=None, uid=None), output, python=python, source=source
            ),
            python="python3",
            script=str(PACKAGE / "matcher.py"),
            found=found,
        )


def make(settings: RunnerSettings) -> tuple[ProcessRunner, Availability]:
    """The runner, with the least rights steps can have here. Always available; the sentence says what it is not."""
    identity = identity_for(settings)
    found = Availability(kind=ProcessRunner.kind, available=True, reason=identity.reason, as_root=identity.is_root)
    return ProcessRunner(identity.settings, uid=identity.uid), found
