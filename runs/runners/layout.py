"""Where preparing an attempt and running it meet.

`runs.runners.workdir` turns an `AttemptSpec` into files and a command inside an attempt folder; the runners carry
the command out and hand the folder back to be collected. Both sides import this module, never each other's insides.

Attempt folder, made by the runner with mode 0700 before `prepare` is called:

    <work>/<attempt id>/ml/    everything that stands under /opt/ml for the step (made by `prepare`)
    <work>/<attempt id>/tmp/   the step's private TMPDIR (made by the runner; /tmp inside sandbox and container)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.execution.states import FailureCategory
from engine.steps.base import PublishedObject
from runs.runners.base import AttemptSpec
from runs.storage.base import BlobStore

OPT_ML = "/opt/ml"

#: First words of `Prepared.argv` that mean "the interpreter of this step's environment".
PYTHON_NAMES = frozenset({"python", "python3"})


@dataclass(frozen=True, kw_only=True)
class EnvironmentRequest:
    """Which packages the step needs on top of the default environment.

    `requirements` is the text of a requirements.txt, or None for the default environment. Relative paths in it are
    not supported; the installer runs in a preparation phase, before the step's clock starts. `python`: the minor
    version it must have, such as "3.10"; None for the one of the default environment.
    """

    requirements: str | None = None
    python: str | None = None


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """One command, ready to run.

    `argv[0]` in PYTHON_NAMES is the interpreter of the environment; anything else is looked up on PATH.
    `env` is the whole environment (nothing is inherited); the runner only puts the environment's interpreter in front
    of PATH and sets TMPDIR where the step has a private one. `cwd` is as the step sees it (rewritten or real).
    `preload` names top-level modules the step is likely to import ("pandas", "sklearn"); a hint, never a promise.
    `failure_file` and `message_file` are host paths, read after the step has ended.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    preload: frozenset[str] = frozenset()
    metrics: tuple[tuple[str, str], ...] = ()
    failure_file: Path | None = None
    message_file: Path | None = None
    environment: EnvironmentRequest = field(default_factory=EnvironmentRequest)
    input_bytes: int = 0


class CannotPrepare(Exception):
    """The attempt cannot start; the message is the step's failure reason, `category` says whose fault it is."""

    def __init__(self, reason: str, category: FailureCategory = FailureCategory.INPUT) -> None:
        super().__init__(reason)
        self.category = category


class Prepare(Protocol):
    def __call__(self, spec: AttemptSpec, root: Path, *, rewrite: bool, store: BlobStore) -> Prepared:
        """Lays out `root`/ml and says what to run.

        `rewrite`: /opt/ml is not real, so paths in arguments and environment, SM_* included, point into `root`/ml.

        Raises:
            CannotPrepare: missing or unusable input, unmapped image.
            StoreFull, OSError: the volume has no room, the store cannot be read.
        """


class Collect(Protocol):
    def __call__(self, spec: AttemptSpec, root: Path, store: BlobStore, succeeded: bool) -> tuple[PublishedObject, ...]:
        """Puts the outputs under `root`/ml into the store and returns the manifest; links and devices are refused.

        Raises:
            CannotPrepare: an output cannot be published (link out of the tree, socket, device).
            StoreFull, OSError: the volume has no room.
        """
