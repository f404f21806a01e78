"""Environments for requirements.txt: built once, found again by content, shared by every attempt.

An environment is a venv on top of the default one: it sees the default packages and puts its own in front of them. Its
name is the hash of the requirements, the interpreter and the packages below it, so a change of any of them builds anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from engine.execution.states import FailureCategory
from runs.runners.base import StopToken
from runs.runners.installing import SCRATCH, Confine, EnvironmentFailed, Installer, InstallStopped
from runs.runners.interpreters import Interpreter, find_interpreter, interpreter
from runs.runners.ownership import give

_VERSION = 2  # raise it when environments are built differently


class PythonMissing(EnvironmentFailed):
    """No interpreter of the wanted version is on this machine; the message says what to do."""

    category = FailureCategory.NOT_RUNNABLE


class Environments:
    """The environments in one folder; several threads and processes may use it at once."""

    def __init__(
        self,
        folder: Path,
        python: str,
        *,
        environ: Mapping[str, str] | None = None,
        confine: Confine | None = None,
        uid: int | None = None,
    ) -> None:
        """`confine` and `uid`: see `Installer`."""
        self._folder = folder
        self.default = python
        self._installer = Installer(environ=dict(os.environ if environ is None else environ), confine=confine, uid=uid)

    def python_for(
        self,
        requirements: str | None,
        *,
        log: Callable[[bytes], None],
        stop: StopToken,
        python: str | None = None,
    ) -> str:
        """The interpreter to run a step with; installs first where this set is new.

        `python`: the minor version it must have ("3.10"). Another one than the default's gets none of the default
        packages, because compiled ones only fit the version they were built for.

        Raises:
            EnvironmentFailed: the installer failed.
            PythonMissing: this machine has no interpreter of that version.
            InstallStopped: `stop` was set while waiting or installing.
        """
        wanted = _essence(requirements)
        base = self._base(python)
        if not wanted:
            return base.executable if base.executable != interpreter(self.default).executable else self.default
        final = self._folder / self._name(wanted, base)
        if not _mark(final).exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            with _locked(self._folder / f"{final.name}.lock", log, stop):
                if not _mark(final).exists():
                    self._build(final, base, requirements or "", log, stop)
        return str(final / "bin" / "python3")

    def _base(self, wanted: str | None) -> Interpreter:
        """What an environment is built on: the default interpreter, or another one of the wanted version."""
        default = interpreter(self.default)
        if wanted is None or wanted == default.minor:
            return default
        found = find_interpreter(wanted)
        if found is None:
            raise PythonMissing(
                f"The step needs Python {wanted}, and this machine has none. Here steps run Python {default.minor}. "
                f"Install Python {wanted} on the worker (for example: uv python install {wanted}), or build the "
                f"pipeline with Python {default.minor}."
            )
        return found

    def _name(self, wanted: str, base: Interpreter) -> str:
        below = sorted(path.name for path in Path(base.packages).glob("*.dist-info"))
        parts = [str(_VERSION), wanted, str(base.version), base.executable, base.platform, *below]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def _build(
        self, final: Path, base: Interpreter, requirements: str, log: Callable[[bytes], None], stop: StopToken
    ) -> None:
        """A venv cannot be moved, so it is built under its final name and published by a mark beside it, where no
        installer can write; a build that died half-way is swept away first."""
        log(b"[clary: installing requirements.txt]\n")
        log(b"[clary: only the first step that needs them waits; an SDK takes about a minute]\n")
        shutil.rmtree(final, ignore_errors=True)
        packages = final / "lib" / f"python{base.minor}" / "site-packages"
        packages.mkdir(parents=True)
        (final / "bin").mkdir()
        _place_interpreter(final, base)
        if base == interpreter(self.default):
            (packages / "clary_base.pth").write_text(base.packages + "\n")
        (final / "requirements.txt").write_text(requirements)
        try:
            self._installer.install(final, base, log=log, stop=stop)
            if (final / "bin").is_symlink() or not (final / "bin").is_dir():
                raise EnvironmentFailed("The requirements cannot be installed: a package replaced the folder bin.")
            _remove(final / SCRATCH)
            if self._installer.uid is not None:
                give(final, os.geteuid())
            _place_interpreter(final, base)
        except BaseException:
            _remove(final)
            raise
        _mark(final).touch()
        log(b"[clary: requirements installed]\n")


def _mark(final: Path) -> Path:
    """There once the environment is ready."""
    return final.with_name(f"{final.name}.ready")


def _place_interpreter(final: Path, base: Interpreter) -> None:
    """What makes the folder a venv. Done again after the installation: nobody else decides which program runs."""
    for name, target in (("python3", base.real), ("python", "python3"), (f"python{base.minor}", "python3")):
        _remove(final / "bin" / name)
        (final / "bin" / name).symlink_to(target)
    _remove(final / "pyvenv.cfg")
    (final / "pyvenv.cfg").write_text(
        f"home = {Path(base.base_prefix) / 'bin'}\ninclude-system-site-packages = false\n"
        f"version = {'.'.join(map(str, base.version))}\n"
    )


def _remove(path: Path) -> None:
    """Whatever it is; a link itself, never what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, log: Callable[[bytes], None], stop: StopToken) -> Iterator[None]:
    """Holds the lock of one environment; the kernel frees it when its holder dies."""
    woken = threading.Event()
    unsubscribe = stop.subscribe(woken.set)
    try:
        with path.open("w") as lock:
            told = False
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not told:
                        log(b"[clary: waiting for another step that installs the same requirements]\n")
                        told = True
                if woken.wait(0.1):
                    raise InstallStopped
            yield
    finally:
        unsubscribe()


def _essence(requirements: str | None) -> str:
    """The lines that matter: without comments and blank lines. Order stays, as it can change what is installed."""
    lines = (line.strip() for line in (requirements or "").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("#"))
