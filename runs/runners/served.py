"""A transform whose model has a web server of its own: its containers, and the process that sends them the records."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from engine.execution.states import FailureCategory
from engine.steps.jobs.transform import CONFIG
from runs.runners.base import AttemptSpec
from runs.runners.layout import CannotPrepare, Prepared
from runs.runners.reading import read_text
from runs.runners.watch import RunningStep
from runs.runners.zygote import StepEnd, StepRequest

#: Starts a program of ours on this machine.
Start: TypeAlias = Callable[[StepRequest], RunningStep]
_REASON_CHARACTERS = 1024


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """`folder`: the model's files on this machine."""

    image: str
    folder: Path
    environment: Mapping[str, str]


def served_models(spec: AttemptSpec, root: Path) -> list[ServedModel]:
    """The containers of a transform whose images serve by themselves.

    Raises:
        CannotPrepare: the step is cut off the network, through which its records would go.
    """
    if not spec.job.network:
        raise CannotPrepare(
            "The model's server is asked over the network, and this step is cut off it.", FailureCategory.NOT_RUNNABLE
        )
    containers = json.loads(spec.job.files[CONFIG])["Containers"]
    folders = [root / "ml" / "model", *(root / "ml" / "models" / str(index) for index in range(1, len(containers)))]
    return [
        ServedModel(image=container["server"], folder=folder, environment=container["environment"])
        for container, folder in zip(containers, folders, strict=True)
    ]


def unpack_models(start: Start, prepared: Prepared, root: Path) -> None:
    """Puts the models' files in their folders before a container looks for them.

    Raises:
        CannotPrepare: an archive cannot be unpacked.
    """
    step = start(_ours("models", prepared, root, {}))
    try:
        end = step.receive()
        while end is None:
            end = step.receive()
    finally:
        step.close()
    if end.exit_code != 0:
        said = read_text(root, prepared.failure_file, characters=_REASON_CHARACTERS) if prepared.failure_file else None
        raise CannotPrepare(said or end.error or "The model cannot be unpacked.", FailureCategory.INPUT)


def driver_request(prepared: Prepared, root: Path, urls: Sequence[str]) -> StepRequest:
    """The program that reads the data and asks the servers; it gets no keys and runs no code of the user."""
    return _ours("transform", prepared, root, {"CLARY_MODEL_SERVERS": json.dumps(list(urls))})


def _ours(kind: str, prepared: Prepared, root: Path, env: Mapping[str, str]) -> StepRequest:
    ml = root / "ml"
    words = ("python3", str(ml / ".clary" / "clary_toolkit" / "launch.py"), kind, str(ml))
    kept = {name: prepared.env[name] for name in ("PATH", "LANG", "PYTHONUNBUFFERED") if name in prepared.env}
    return StepRequest(argv=words, env={**kept, **env, "TMPDIR": str(root / "tmp")}, cwd=str(ml))


class ServedTransform:
    """A `RunningStep` of several: it is over when the driver is, and a server that ends before it ends it."""

    def __init__(self, driver: RunningStep, servers: Sequence[RunningStep]) -> None:
        self._driver, self._servers = driver, tuple(servers)
        self._closing = False
        self._early: StepEnd | None = None
        self._threads = [threading.Thread(target=self._follow, args=(server,), daemon=True) for server in self._servers]
        for thread in self._threads:
            thread.start()

    def fileno(self) -> int:
        return self._driver.fileno()

    def receive(self) -> StepEnd | None:
        end = self._driver.receive()
        if end is None or self._early is None or end.exit_code == 0:
            return end
        early = self._early
        code = early.exit_code or (1 if early.signal is None else None)
        return replace(end, exit_code=code, signal=early.signal, out_of_memory=early.out_of_memory, error=early.error)

    def terminate(self) -> None:
        for step in (self._driver, *self._servers):
            step.terminate()

    def kill(self) -> None:
        for step in (self._driver, *self._servers):
            step.kill()

    def close(self) -> None:
        self._closing = True
        self._driver.close()
        for server in self._servers:
            server.kill()
        for thread in self._threads:
            thread.join(timeout=15)
        for server in self._servers:
            server.close()

    def _follow(self, server: RunningStep) -> None:
        """Nobody answers the driver any more once a server has ended."""
        end = server.receive()
        while end is None:
            end = server.receive()
        if not self._closing and self._early is None:
            self._early = end
            self._driver.kill()
