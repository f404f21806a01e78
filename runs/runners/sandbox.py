"""The sandbox runner: steps as forks of a warm interpreter inside bubblewrap, each in namespaces of its own.

A step sees a read-only system, its attempt as the real /opt/ml, a private /tmp, and its own processes. It does not see
our home, database, broker socket or other attempts, holds no capability and is not root.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runs.runners import bubblewrap
from runs.runners.attempt import Tools, run_attempt
from runs.runners.base import AttemptObserver, AttemptSpec, Availability, Outcome, RunnerSettings, StopToken
from runs.runners.environments import Environments
from runs.runners.interpreters import with_interpreter
from runs.runners.layout import Collect, Prepare, Prepared
from runs.runners.library import openmp_library, with_library
from runs.runners.log_capture import LogCapture
from runs.runners.metric_watch import MetricWatch
from runs.runners.ownership import STEP_UID, hand_over
from runs.runners.workdir import collect, prepare
from runs.runners.zygote import PACKAGE, ForkedStep, ForkServers, ServerGone, ServerKind, StepRequest
from runs.storage.base import BlobStore

_TRIAL = "import os; open('/opt/ml/trial', 'w').write(str(os.getuid())); assert not os.path.exists({home!r})"


class SandboxRunner:
    """A `Runner` for Linux with bubblewrap; works as root and as an ordinary user."""

    kind = "sandbox"
    rewrite = False

    def __init__(
        self,
        settings: RunnerSettings,
        *,
        prepare: Prepare = prepare,
        collect: Collect = collect,
        idle_seconds: float | None = None,
    ) -> None:
        self._settings = settings
        settings.work.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.servers = (
            ForkServers(self._launch) if idle_seconds is None else ForkServers(self._launch, idle_seconds=idle_seconds)
        )
        uid = STEP_UID if os.geteuid() == 0 else None
        environments = Environments(settings.environments, settings.python, confine=self._confine, uid=uid)
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
        hand_over(root)
        env = dict(prepared.env)
        env["PATH"] = f"{Path(python).parent}:{env.get('PATH', '')}".rstrip(":")
        env.setdefault("TMPDIR", "/tmp")
        env = with_library(env, prepared.argv, bubblewrap.LIBRARY_FOLDER)
        if openmp_library(self._settings.python) is not None:
            env.setdefault("LD_LIBRARY_PATH", bubblewrap.LENT_LIBRARIES)
        request = StepRequest(
            argv=with_interpreter(prepared.argv, python, self._settings.python),
            env=env,
            cwd=prepared.cwd,
            memory_bytes=spec.limits.memory_bytes,
            attempt=spec.attempt_id,
            network=spec.job.network,
        )
        default = self._settings.python
        environment = python if python != default else None
        return self.servers.start(request, output, python=default, preload=prepared.preload, environment=environment)

    def watch_metrics(self, patterns: tuple[tuple[str, str], ...], found: Callable[[str, float], None]) -> MetricWatch:
        python = self._settings.python
        return MetricWatch(
            patterns,
            start=lambda request, output, source: self.servers.start(request, output, python=python, source=source),
            python="python3",
            script=f"{bubblewrap.SERVER_FOLDER}/{PACKAGE.name}/matcher.py",
            found=found,
        )

    def _confine(
        self, words: Sequence[str], *, python: str, writable: Sequence[Path], readable: Sequence[Path]
    ) -> list[str]:
        return bubblewrap.confined(
            _bwrap(),
            words,
            pythons=[self._settings.python, python],
            work=self._settings.work,
            home=self._settings.home.resolve(),
            writable=writable,
            readable=readable,
        )

    def _launch(self, kind: ServerKind) -> tuple[Sequence[str], Mapping[str, Any], str]:
        bwrap = _bwrap()
        further = [kind.environment] if kind.environment is not None else []
        words = bubblewrap.command(
            bwrap,
            kind.python,
            work=self._settings.work,
            home=self._settings.home.resolve(),
            bases=further,
            openmp=openmp_library(self._settings.python),
        )
        kept = bubblewrap.prefixes_below_tmp(kind.python, further)
        options: dict[str, Any] = {
            "attempts": bubblewrap.ATTEMPTS,
            "kept": kept,
            "paths": [bubblewrap.LIBRARY_FOLDER],
        }
        if os.geteuid() == 0:
            options["uid"] = STEP_UID
        return words, options, bubblewrap.SERVER_FOLDER

    def trial(self) -> None:
        """Runs one tiny step for real.

        Raises:
            ServerGone: with the reason why steps cannot run here.
        """
        folder = Path(tempfile.mkdtemp(prefix="trial-", dir=self._settings.work))
        read, write = os.pipe()
        try:
            for name in ("ml", "tmp"):
                (folder / name).mkdir()
            hand_over(folder)
            script = _TRIAL.format(home=str(self._settings.home.resolve()))
            request = StepRequest(
                argv=("python3", "-c", script), env={}, cwd="/opt/ml", attempt=folder.name, network=False
            )
            step = self.servers.start(request, write, python=self._settings.python)
            os.close(write)
            write = -1
            try:
                end = step.receive() or step.receive()
            finally:
                step.close()
            said = os.read(read, 4096).decode(errors="replace").strip()
            if end is None or end.exit_code != 0:
                raise ServerGone(f"a trial step failed: {(end.error if end else None) or said}")
            if (folder / "ml" / "trial").read_text() == "0":
                raise ServerGone("a trial step ran as root")
        finally:
            os.close(read)
            if write >= 0:
                os.close(write)
            shutil.rmtree(folder, ignore_errors=True)


def _bwrap() -> str:
    found = bubblewrap.find_bwrap()
    if found is None:
        raise ServerGone("bubblewrap (bwrap) is not installed")
    return found


def probe(runner: SandboxRunner) -> Availability:
    """Whether steps can run in the sandbox here, found out by running one."""
    if not sys.platform.startswith("linux"):
        return _unavailable("The sandbox needs Linux.")
    if bubblewrap.find_bwrap() is None:
        return _unavailable("The sandbox needs bubblewrap, which is not installed: install the package 'bubblewrap'.")
    try:
        runner.trial()
    except (ServerGone, OSError) as problem:
        return _unavailable(f"The sandbox cannot be used on this machine: {_first_line(str(problem))}.")
    return Availability(
        kind=SandboxRunner.kind,
        available=True,
        reason="Steps run in a sandbox: they see their own files and a read-only system, and nothing of ours.",
    )


def _unavailable(reason: str) -> Availability:
    return Availability(kind=SandboxRunner.kind, available=False, reason=reason)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[-1][:300].rstrip(".") if text.strip() else "it gave no reason"
