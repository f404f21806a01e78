"""What the runner tests share: a job around a script, an observer that remembers, a token that stops."""

from __future__ import annotations

import textwrap
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.steps.base import InputSpec, JobSpec, OutputSpec
from runs.runners.base import AttemptSpec, InputFile, Limits
from runs.storage.local import LocalBlobStore

CODE = "/opt/ml/processing/input/code/script.py"


@dataclass
class RecordingObserver:
    """Remembers what it hears; `wait_for` blocks until the log holds some text."""

    chunks: list[bytes] = field(default_factory=list)
    metrics: list[tuple[str, float]] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    running: threading.Event = field(default_factory=threading.Event)
    _heard: threading.Condition = field(default_factory=threading.Condition)

    def executing(self) -> None:
        self.running.set()

    def log(self, chunk: bytes) -> None:
        with self._heard:
            self.chunks.append(chunk)
            self._heard.notify_all()

    def metric(self, name: str, value: float) -> None:
        with self._heard:
            self.metrics.append((name, value))
            self._heard.notify_all()

    def phase(self, name: str) -> None:
        self.phases.append(name)

    @property
    def output(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        return self.output.decode(errors="replace")

    def wait_for(self, text: str, seconds: float = 20) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: text in self.text, timeout=seconds), f"{text!r} not in {self.text!r}"

    def wait_for_metric(self, seconds: float = 20) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: bool(self.metrics), timeout=seconds)


class Token:
    """A `StopToken` a test can set."""

    def __init__(self) -> None:
        self.stopping = self.killing = False
        self._callbacks: list[Callable[[], None]] = []

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        if self.stopping or self.killing:
            callback()
        return lambda: self._callbacks.remove(callback)

    def stop(self) -> None:
        self.stopping = True
        self._call()

    def kill(self) -> None:
        self.killing = True
        self._call()

    def _call(self) -> None:
        for callback in list(self._callbacks):
            callback()


@dataclass
class Bench:
    """A store and the specs of scripts in it."""

    store: LocalBlobStore

    def spec(
        self,
        script: str,
        *,
        entrypoint: tuple[str, ...] = ("python3", CODE),
        arguments: tuple[str, ...] = (),
        inputs: Mapping[str, bytes] | None = None,
        limits: Limits | None = None,
        environment: Mapping[str, str] | None = None,
        requirements: str | None = None,
        timeout_seconds: int = 60,
        metrics: tuple[tuple[str, str], ...] = (),
        network: bool = True,
        image: str = "test:1",
    ) -> AttemptSpec:
        """A processing job around a script; what it leaves in /opt/ml/processing/output is published."""
        files = {CODE: textwrap.dedent(script).encode(), **(inputs or {})}
        if requirements is not None:
            files["/opt/ml/processing/input/code/requirements.txt"] = requirements.encode()
        job = JobSpec(
            kind="Processing",
            name="step",
            arn="arn:aws:sagemaker:us-east-1:000000000000:processing-job/step",
            image=image,
            entrypoint=entrypoint,
            arguments=arguments,
            environment=dict(environment or {}),
            inputs=(InputSpec(name="code", uri="s3://bucket/code", local_path="/opt/ml/processing/input/code"),),
            outputs=(OutputSpec(name="result", local_path="/opt/ml/processing/output", uri="s3://bucket/result"),),
            metrics=metrics,
            timeout_seconds=timeout_seconds,
            network=network,
            failure_file="/opt/ml/output/failure",
        )
        return AttemptSpec(
            attempt_id=uuid.uuid4().hex[:12],
            job=job,
            input_files=tuple(self._input(path, data) for path, data in files.items()),
            limits=limits or Limits(grace_seconds=1.0),
        )

    def read(self, sha256: str) -> bytes:
        with self.store.open(sha256) as blob:
            return blob.read()

    def _input(self, path: str, data: bytes) -> InputFile:
        sha256, size = self.store.put_bytes(data)
        return InputFile(path=path, sha256=sha256, size=size)


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it became true in time; looks every 10 ms."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return true()


def processes_with(word: str) -> list[int]:
    """Ids of live processes whose command line or environment holds the word."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            said = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if word.encode() in said and state != "Z":
            found.append(int(entry.name))
    return found
