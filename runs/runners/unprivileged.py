"""Who runs the steps of a worker that is root and has no sandbox: a user who owns nothing, where that can be.

CLARY_HOME is closed to everybody but its owner, so the folders such steps work in, and the environments they run with,
lie outside of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from runs.runners.base import RunnerSettings
from runs.runners.ownership import STEP_UID

OUTSIDE = Path("/var/tmp")
_TRIAL_SECONDS = 30
_TRIAL = """
import os, sysconfig
for name in ("stdlib", "purelib"):
    os.listdir(sysconfig.get_path(name))
"""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """`uid` None: steps are the worker's own user. `reason`: one sentence for people."""

    settings: RunnerSettings
    uid: int | None
    reason: str

    @property
    def is_root(self) -> bool:
        return self.uid is None and os.geteuid() == 0


def identity_for(settings: RunnerSettings, *, outside: Path = OUTSIDE) -> Identity:
    """Who steps can be here, found out by trying, and the settings to run them with."""
    if os.geteuid() != 0:
        reason = "Steps run as ordinary processes of this user, without isolation: for trusted code only."
        return Identity(settings=settings, uid=None, reason=reason)
    try:
        _try(settings.python)
        folder = _own_folder(outside, settings.home)
    except (OSError, subprocess.SubprocessError, _NotPossible) as problem:
        reason = (
            "Steps run as root, without isolation: for trusted code only. They cannot be another user, as "
            f"{_why(problem)}. Start Clary as an ordinary user."
        )
        return Identity(settings=settings, uid=None, reason=reason)
    reason = (
        f"Steps run as processes of a user without rights (number {STEP_UID}), without further isolation: "
        "for trusted code only."
    )
    moved = replace(settings, work=folder / "work", environments=folder / "environments")
    return Identity(settings=moved, uid=STEP_UID, reason=reason)


def works_of(settings: RunnerSettings) -> list[Path]:
    """Every folder in which attempts of this installation may lie, whichever runner left them."""
    return [settings.work, _place(OUTSIDE, settings.home) / "work"]


class _NotPossible(Exception):
    """Says what stands in the way."""


def _try(python: str) -> None:
    """One tiny process of that user, with what a step needs of the interpreter."""
    try:
        done = subprocess.run(
            [python, "-c", _TRIAL],
            user=STEP_UID,
            group=STEP_UID,
            extra_groups=[],
            cwd="/",
            env={},
            capture_output=True,
            timeout=_TRIAL_SECONDS,
        )
    except PermissionError:
        raise _NotPossible(f"nobody else may use the interpreter {python}, or this root may not change users") from None
    if done.returncode != 0:
        raise _NotPossible(f"nobody else may read the packages of the interpreter {python}")


def _own_folder(outside: Path, home: Path) -> Path:
    """A folder that others may pass through and nobody else may write to; one per CLARY_HOME."""
    top = _place(outside, home)
    for folder, mode in ((top, 0o711), (top / "work", 0o711), (top / "environments", 0o755)):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
            raise _NotPossible(f"{folder} belongs to somebody else")
        folder.chmod(mode)
    return top


def _place(outside: Path, home: Path) -> Path:
    return outside / f"clary-{hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]}"


def _why(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return f"{problem.filename or 'a process'} cannot be made ({problem.strerror})"
    return str(problem).rstrip(".")
