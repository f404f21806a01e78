"""The Docker runner: each step in a fresh container of the image it names, with the attempt as its real /opt/ml."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import docker
import docker.errors

from engine.execution.states import FailureCategory
from engine.images import INSTEAD_OF_ENTRYPOINT, TRANSFORM, TRANSFORM_SERVED
from runs.runners.attempt import Tools, run_attempt
from runs.runners.base import AttemptObserver, AttemptSpec, Availability, Outcome, RunnerSettings, StopToken
from runs.runners.container_step import ENGINE_TROUBLE, ContainerStep
from runs.runners.environments import Environments
from runs.runners.layout import OPT_ML, CannotPrepare, Collect, Prepare, Prepared
from runs.runners.library import copy_library, library_reference, with_library
from runs.runners.log_capture import LogCapture
from runs.runners.metric_watch import MetricWatch
from runs.runners.ownership import STEP_UID, hand_over
from runs.runners.reaching import from_a_container
from runs.runners.served import ServedTransform, Start, driver_request, served_models, unpack_models
from runs.runners.watch import RunningStep
from runs.runners.workdir import collect, prepare
from runs.runners.zygote import PACKAGE, ForkServers, ServerGone
from runs.storage.base import BlobStore

logger = logging.getLogger(__name__)

PIDS_LIMIT = 4096
SHARED_MEMORY_BYTES = 256 * 1024 * 1024
ATTEMPT_LABEL, HOME_LABEL, WORKER_LABEL = "clary.attempt", "clary.home", "clary.worker"
#: The engine keeps stdout and stderr apart and loses their order; one shell line joins them before the program starts.
_SHELL = "/bin/sh"
_RUN = 'exec 2>&1; exec "$@"'
_INSTALL_AND_RUN = (
    "exec 2>&1; python3 -m pip install --no-input --disable-pip-version-check --quiet --target /tmp/packages -r {file}"
    ' && PYTHONPATH="/tmp/packages${{PYTHONPATH:+:$PYTHONPATH}}" exec "$@"'
)


class DockerRunner:
    """A `Runner` on a Docker Engine that shares this machine's file system.

    `base_url` None: the engine of DOCKER_HOST, or the usual socket.
    """

    kind = "docker"
    rewrite = False

    def __init__(
        self,
        settings: RunnerSettings,
        *,
        prepare: Prepare = prepare,
        collect: Collect = collect,
        base_url: str | None = None,
    ) -> None:
        self._settings = settings
        self._base_url = base_url
        self._servers = ForkServers()  # for matching metrics, outside of containers
        self._guard: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._prepare = prepare
        environments = Environments(settings.environments, settings.python)
        self._tools = Tools(
            work=settings.work, environments=environments, prepare=self._prepare_for_image, collect=collect
        )

    @cached_property
    def client(self) -> Any:
        options = {"base_url": self._base_url} if self._base_url else {}
        make = docker.DockerClient if self._base_url else docker.from_env
        return make(**options, timeout=60, max_pool_size=64)

    def run(self, spec: AttemptSpec, *, store: BlobStore, observer: AttemptObserver, stop: StopToken) -> Outcome:
        return run_attempt(spec, place=self, tools=self._tools, store=store, observer=observer, stop=stop)

    def warm(self) -> None:
        """Nothing: which image a step needs is known with the step."""

    def close(self) -> None:
        """Ends what this worker still runs, its guard and its connections."""
        self._servers.close()
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()  # the guard removes our containers and ends
            self._guard.wait(timeout=30)
        if "client" in self.__dict__:
            self.client.close()
        self._tools.broom.close()

    def python_for(self, prepared: Prepared, environments: Environments, log: LogCapture, stop: StopToken) -> str:
        return "python3"  # the image's own; requirements are installed inside

    def start(self, prepared: Prepared, spec: AttemptSpec, root: Path, python: str, output: int) -> RunningStep:
        image = spec.job.container or self._image(spec.job.image)
        if spec.job.toolkit == TRANSFORM_SERVED:
            unpack_models(self._on_this_machine(output), prepared, root)
        hand_over(root)
        try:
            self._watch_over()
            if spec.job.toolkit == TRANSFORM_SERVED:
                return self._serve(prepared, spec, root, output)
            options = self._options(image, prepared, spec, root)
            try:
                return ContainerStep(self.client, options, output)
            except docker.errors.APIError as problem:
                if _SHELL not in str(problem.explanation) or options["entrypoint"] is None:
                    raise
            options["entrypoint"] = list(prepared.argv)  # an image without a shell
            return ContainerStep(self.client, options, output)
        except docker.errors.ImageNotFound:
            raise CannotPrepare(_no_image(spec.job.image, image), FailureCategory.NOT_RUNNABLE) from None
        except docker.errors.APIError as problem:
            if problem.is_client_error():
                raise CannotPrepare(
                    f"The container cannot be started: {problem.explanation}", FailureCategory.NOT_RUNNABLE
                ) from None
            raise ServerGone(f"the Docker Engine failed: {problem.explanation}") from problem
        except ENGINE_TROUBLE as problem:
            raise ServerGone(f"the Docker Engine does not answer: {problem}") from problem

    def _on_this_machine(self, output: int) -> Start:
        """Starts a program of ours beside the containers; it never runs the user's code."""
        return lambda request: self._servers.start(request, output, python=self._settings.python)

    def _serve(self, prepared: Prepared, spec: AttemptSpec, root: Path, output: int) -> ServedTransform:
        """The model's containers with the argument "serve", and the driver that sends them the records."""
        servers: list[ContainerStep] = []
        try:
            for model in served_models(spec, root):
                options = self._options(model.image, prepared, spec, root)
                options |= {"command": ["serve"], "entrypoint": None, "working_dir": None}
                options["environment"] = {**options["environment"], **model.environment}
                options["volumes"] = {str(model.folder): {"bind": "/opt/ml/model"}, str(root / "tmp"): {"bind": "/tmp"}}
                servers.append(ContainerStep(self.client, options, output))
            urls = [f"http://{server.address}:8080" for server in servers]
            return ServedTransform(self._on_this_machine(output)(driver_request(prepared, root, urls)), servers)
        except BaseException:
            for server in servers:
                server.close()
            raise

    def watch_metrics(self, patterns: tuple[tuple[str, str], ...], found: Callable[[str, float], None]) -> MetricWatch:
        python = self._settings.python
        return MetricWatch(
            patterns,
            start=lambda request, output, source: self._servers.start(request, output, python=python, source=source),
            python="python3",
            script=str(PACKAGE / "matcher.py"),
            found=found,
        )

    def trial(self) -> str:
        """The engine's version.

        Raises:
            ServerGone: no engine answers.
        """
        try:
            return str(self.client.version()["Version"])
        except ENGINE_TROUBLE as problem:
            raise ServerGone(str(problem)) from problem

    def remove_orphans(self) -> int:
        """Removes containers of workers of this installation that are gone; how many there were."""
        removed = 0
        for container in self.client.containers.list(all=True, filters={"label": f"{HOME_LABEL}={self._home_id}"}):
            if not _worker_alive(container.labels.get(WORKER_LABEL, "")):
                with suppress(docker.errors.APIError):
                    container.remove(force=True)
                    removed += 1
        return removed

    @cached_property
    def _home_id(self) -> str:
        return hashlib.sha256(str(self._settings.home.resolve()).encode()).hexdigest()[:16]

    def _prepare_for_image(self, spec: AttemptSpec, root: Path, *, rewrite: bool, store: BlobStore) -> Prepared:
        """A job without entrypoint or toolkit starts the image's own command with the argument "train"; one whose image
        has its own driver runs that driver."""
        if spec.job.toolkit in INSTEAD_OF_ENTRYPOINT:
            own = replace(spec.job, toolkit="", python=None, packages=(), requirements_file=None)
            spec = replace(spec, job=own)
        if spec.job.toolkit == TRANSFORM_SERVED:
            spec = replace(spec, job=replace(spec.job, toolkit=TRANSFORM))
        if _own_command(spec):
            spec = replace(spec, job=replace(spec.job, entrypoint=("train",)))
        prepared = self._prepare(spec, root, rewrite=rewrite, store=store)
        if library_reference(prepared.argv) is None:
            return prepared
        copy_library(root / "ml" / ".clary" / "library")
        return replace(prepared, env=with_library(dict(prepared.env), prepared.argv, f"{OPT_ML}/.clary/library"))

    def _image(self, wanted: str) -> str:
        for pattern, local in self._settings.docker_images.items():
            if fnmatch.fnmatchcase(wanted, pattern):
                return local
        return wanted

    def _options(self, image: str, prepared: Prepared, spec: AttemptSpec, root: Path) -> dict[str, Any]:
        env, hosts = from_a_container(prepared.env)
        if "PATH" not in spec.job.environment:
            env.pop("PATH", None)  # the image knows where its programs are
        script = _RUN
        if prepared.environment.requirements is not None:
            folder = root / "ml" / ".clary"
            folder.mkdir(exist_ok=True)
            (folder / "requirements.txt").write_text(prepared.environment.requirements)
            script = _INSTALL_AND_RUN.format(file="/opt/ml/.clary/requirements.txt")
        memory = spec.limits.memory_bytes
        return {
            "image": image,
            "command": list(prepared.argv) if _own_command(spec) else [],
            "entrypoint": None if _own_command(spec) else [_SHELL, "-c", script, "clary", *prepared.argv],
            "environment": env,
            "working_dir": prepared.cwd,
            "user": _user(),
            "volumes": {str(root / "ml"): {"bind": "/opt/ml"}, str(root / "tmp"): {"bind": "/tmp"}},
            "network_mode": "bridge" if spec.job.network else "none",
            "extra_hosts": hosts if spec.job.network else {},
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "pids_limit": PIDS_LIMIT,
            "nano_cpus": int(spec.limits.cpus * 1e9),
            "mem_limit": memory,
            "memswap_limit": memory,
            "shm_size": SHARED_MEMORY_BYTES,
            "init": True,
            "log_config": docker.types.LogConfig(type="none"),
            "labels": {
                ATTEMPT_LABEL: spec.attempt_id,
                HOME_LABEL: self._home_id,
                WORKER_LABEL: _this_worker(),
            },
        }

    def _watch_over(self) -> None:
        """A process that outlives this one for a moment, to remove our containers should we be killed."""
        with self._lock:
            if self._guard is not None and self._guard.poll() is None:
                return
            self.remove_orphans()
            self._guard = subprocess.Popen(
                [sys.executable, "-c", "import sys; from runs.runners.docker import guard; guard(*sys.argv[1:])",
                 self._base_url or "", _this_worker()],
                stdin=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
                start_new_session=True,
            )  # fmt: skip


def guard(base_url: str, worker: str) -> None:
    """Waits for the end of the worker (of standard input), then removes its containers."""
    client = docker.DockerClient(base_url=base_url) if base_url else docker.from_env()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for container in client.api.containers(all=True, filters={"label": [f"{WORKER_LABEL}={worker}"]}):
        with suppress(docker.errors.APIError):
            client.api.remove_container(container["Id"], force=True, v=True)


def probe(runner: DockerRunner) -> Availability:
    """Whether a Docker Engine answers."""
    try:
        version = runner.trial()
    except ServerGone as problem:
        reason = f"No Docker Engine answers ({str(problem).splitlines()[0][:200].rstrip('.')})."
        return Availability(kind=DockerRunner.kind, available=False, reason=reason)
    reason = f"Steps run in containers of Docker Engine {version}, each with its own files and limits."
    return Availability(kind=DockerRunner.kind, available=True, reason=reason)


def _own_command(spec: AttemptSpec) -> bool:
    return spec.job.entrypoint is None and not spec.job.toolkit


def _no_image(wanted: str, image: str) -> str:
    mapped = "" if wanted == image else f" (mapped from {wanted})"
    return (
        f"The image {image}{mapped} is not on this Docker Engine. Pull or build it there, "
        "or map the name to a local image in the image table."
    )


def _user() -> str:
    uid, gid = (STEP_UID, STEP_UID) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    return f"{uid}:{gid}"


def _this_worker() -> str:
    return json.dumps([socket.gethostname(), os.getpid(), _start_time(os.getpid())])


def _worker_alive(label: str) -> bool:
    """True unless the label names a process of this machine that is gone."""
    try:
        host, pid, started = json.loads(label)
    except ValueError:
        return False
    return bool(host != socket.gethostname() or _start_time(pid) == started)


def _start_time(pid: int) -> str | None:
    """Clock ticks from boot to the start of a process: with its id, a name that is not used twice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None
