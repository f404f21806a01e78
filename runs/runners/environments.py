"""Environments for requirements.txt: built once, found again by content, shared by every attempt.

An environment is a venv on top of the default one: it sees the default packages and puts its own in front of them. Its
name is the hash of the requirements, the interpreter and the packages below it, so a change of any of them builds anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.execution.states import FailureCategory
from runs.runners.base import StopToken
from runs.runners.interpreters import Interpreter, find_interpreter, interpreter
from runs.runners.reasons import with_last_lines

_VERSION = 1  # raise it when environments are built differently
#: What an installer may see of the worker's environment: where to find packages and certificates, nothing of ours.
_PASSED_PREFIXES = ("PIP_", "UV_")
_PASSED = frozenset(
    {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    | {"REQUESTS_CA_BUNDLE", "LANG"}
)


#: Where the installer keeps what it fetched; may be deleted at any time.
DOWNLOADS = ".downloads"


class EnvironmentFailed(Exception):
    """The requirements cannot be installed; the message ends with what the installer said last."""

    category: FailureCategory = FailureCategory.USER_CODE


class PythonMissing(EnvironmentFailed):
    """No interpreter of the wanted version is on this machine; the message says what to do."""

    category = FailureCategory.NOT_RUNNABLE


class InstallStopped(Exception):
    """The installation was ended because the attempt is to stop."""


class Environments:
    """The environments in one folder; several threads and processes may use it at once."""

    def __init__(self, folder: Path, python: str, *, environ: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self.default = python
        self._environ = dict(os.environ if environ is None else environ)

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
        built = final / "bin" / "python3"
        if not built.exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            with _locked(self._folder / f"{final.name}.lock", log, stop):
                if not built.exists():
                    self._build(final, base, requirements or "", log, stop)
        return str(built)

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
        """A venv cannot be moved, so it is built under its final name and published by its last file, the interpreter
        link, which `python_for` looks for; a build that died half-way is swept away first."""
        log(b"[clary: installing requirements.txt]\n")
        shutil.rmtree(final, ignore_errors=True)
        major, minor, _ = base.version
        packages = final / "lib" / f"python{major}.{minor}" / "site-packages"
        packages.mkdir(parents=True)
        (final / "pyvenv.cfg").write_text(
            f"home = {Path(base.base_prefix) / 'bin'}\ninclude-system-site-packages = false\n"
            f"version = {major}.{minor}.{base.version[2]}\n"
        )
        if base == interpreter(self.default):
            (packages / "clary_base.pth").write_text(base.packages + "\n")
        (final / "bin").mkdir()
        building = final / "bin" / "building-python3"
        building.symlink_to(Path(base.executable).resolve())
        text = final / "requirements.txt"
        text.write_text(requirements)
        try:
            self._install(building, packages, text, log, stop)
        except BaseException:
            shutil.rmtree(final, ignore_errors=True)
            raise
        for name in ("python", f"python{major}.{minor}"):
            (final / "bin" / name).symlink_to("python3")
        building.rename(final / "bin" / "python3")
        log(b"[clary: requirements installed]\n")

    def _install(
        self, python: Path, packages: Path, requirements: Path, log: Callable[[bytes], None], stop: StopToken
    ) -> None:
        env = {name: value for name, value in self._environ.items() if _passes(name)}
        env.setdefault("UV_CACHE_DIR", str(self._folder / DOWNLOADS))  # large packages come once
        with tempfile.TemporaryDirectory(prefix="clary-install-") as scratch:
            env |= {"PATH": os.defpath, "HOME": scratch, "TMPDIR": scratch}
            command = _command(python, packages, requirements, self._environ)
            lines, code = _run(command, env, log, stop)
        if code != 0:
            raise EnvironmentFailed(
                with_last_lines(f"The requirements cannot be installed (the installer ended with code {code}).", lines)
            )


def _passes(name: str) -> bool:
    return name in _PASSED or name.startswith(_PASSED_PREFIXES)


def _command(python: Path, packages: Path, requirements: Path, environ: Mapping[str, str]) -> list[str]:
    """uv where it is there, as it is many times faster; pip otherwise. Both install beside the venv's interpreter."""
    if importlib.util.find_spec("uv") is not None:
        translated = []
        if environ.get("PIP_NO_INDEX"):
            translated.append("--no-index")
        for folder in (environ.get("PIP_FIND_LINKS") or "").split():
            translated += ["--find-links", folder]
        uv = [sys.executable, "-m", "uv", "pip", "install", "--no-progress", "--color", "never", *translated]
        return [*uv, "--python", str(python), "--prefix", str(python.parent.parent), "-r", str(requirements)]
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-input", "--progress-bar", "off"]
    return [*pip, "--disable-pip-version-check", "--target", str(packages), "-r", str(requirements)]


def _run(
    command: list[str], env: Mapping[str, str], log: Callable[[bytes], None], stop: StopToken
) -> tuple[list[str], int]:
    """(last lines, exit code) of an installer whose output goes to the step's log line by line."""
    process = subprocess.Popen(
        command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    unsubscribe = stop.subscribe(lambda: _end_group(process))
    lines: list[str] = []
    output: IO[bytes] | None = process.stdout
    try:
        for line in output or ():
            log(line)
            lines = [*lines[-19:], line.decode(errors="replace").rstrip()]
        code = process.wait()
    finally:
        unsubscribe()
        if output is not None:
            output.close()
    if stop.stopping or stop.killing:
        raise InstallStopped
    return lines, code


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


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
