"""What a runner is: it takes one attempt, runs it somewhere, and says how it ended. No Django here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from engine.execution.states import FailureCategory
from engine.steps.base import JobSpec, PublishedObject
from runs.storage.base import BlobStore


@dataclass(frozen=True, kw_only=True)
class InputFile:
    """One object a step reads: where it goes (absolute container path) and which bytes."""

    path: str
    sha256: str
    size: int
    uri: str = ""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`cpus` also sets OMP/OPENBLAS/MKL/POLARS/DUCKDB thread variables (rounded up, at least 1)."""

    cpus: float = 1.0
    memory_bytes: int | None = None
    log_bytes: int = 50 * 1024 * 1024
    grace_seconds: float = 10.0  # SIGTERM to SIGKILL


@dataclass(frozen=True, kw_only=True)
class AttemptSpec:
    """One attempt, self-contained. `attempt_id` names its folder and is unique for ever."""

    attempt_id: str
    job: JobSpec
    input_files: tuple[InputFile, ...]
    limits: Limits = Limits()
    environment: Mapping[str, str] = field(default_factory=dict)  # added by the platform (credentials, endpoint)


class Ended(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Measured by the runner; None where it could not be measured. Seconds and bytes."""

    startup_seconds: float | None = None
    run_seconds: float | None = None
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    input_bytes: int = 0
    output_bytes: int = 0
    log_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`exit_code` None when killed by `signal`. `objects` is the manifest: blobs are already in the store."""

    ended: Ended
    exit_code: int | None = None
    signal: int | None = None
    out_of_memory: bool = False
    reason: str | None = None
    category: FailureCategory | None = None
    exit_message: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    objects: tuple[PublishedObject, ...] = ()
    usage: Usage = Usage()


class AttemptObserver(Protocol):
    """What the worker wants to hear while an attempt runs. Called from any thread; must not block for long."""

    def executing(self) -> None: ...

    def log(self, chunk: bytes) -> None:
        """Raw bytes in order, stdout and stderr merged, already capped by `Limits.log_bytes`."""

    def metric(self, name: str, value: float) -> None: ...

    def phase(self, name: str) -> None:
        """ "preparing" (environment install), "downloading", "running", "uploading"."""


class StopToken(Protocol):
    """Set by the worker: `stop` asks (SIGTERM, grace, SIGKILL → Ended.STOPPED), `kill` demands (lease lost →
    SIGKILL at once → Ended.LOST). `subscribe` calls back at once if already set; returns an unsubscribe."""

    @property
    def stopping(self) -> bool: ...

    @property
    def killing(self) -> bool: ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]: ...


class Runner(Protocol):
    kind: str  # "process" | "sandbox" | "docker"

    def run(self, spec: AttemptSpec, *, store: BlobStore, observer: AttemptObserver, stop: StopToken) -> Outcome:
        """Runs one attempt to its end and returns how it ended; blocks. Safe to call from many threads.

        Never raises for anything user code or its inputs do; infrastructure trouble comes back as
        Ended.LOST or FailureCategory.SERVICE_FAULT. When the calling process is killed with SIGKILL the step dies
        within 1 s.
        """

    def warm(self) -> None:
        """Starts getting ready for the first step and returns at once."""

    def close(self) -> None:
        """Ends fork servers, containers and folders this runner owns."""


@dataclass(frozen=True, kw_only=True)
class Availability:
    kind: str
    available: bool
    reason: str  # one sentence, shown to people: why (not)
    as_root: bool = False  # steps would be root on this machine


@dataclass(frozen=True, kw_only=True)
class RunnerSettings:
    """`home`: CLARY_HOME. `work`: where attempt folders live. `environments`: where built environments are cached."""

    home: Path
    work: Path
    environments: Path
    python: str  # interpreter of the default step environment
    docker_images: Mapping[str, str] = field(default_factory=dict)
