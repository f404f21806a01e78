"""Installing a requirements.txt: which installer, what it may see and write, and when packages may be built.

To build a package means to run code that came with it, so whoever writes requirements writes code. First only packages
that come ready-made are taken, which runs nothing of them and may share what was downloaded before. Where that does
not do, everything is installed once more with builds allowed, and then the installer can leave nothing behind outside
the environment's own folder: it has downloads of its own, and where a `Confine` is given it sees nothing else either.
"""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from engine.execution.states import FailureCategory
from runs.runners.base import StopToken
from runs.runners.interpreters import Interpreter
from runs.runners.ownership import give
from runs.runners.reasons import with_last_lines

#: What an installer may see of the worker's environment: where to find packages and certificates, nothing of ours.
_PASSED_PREFIXES = ("PIP_", "UV_")
_PASSED = frozenset(
    {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    | {"REQUESTS_CA_BUNDLE", "LANG"}
)
#: Where the installer keeps what it fetched; may be deleted at any time.
DOWNLOADS = ".downloads"
#: The installer's own folder inside the environment, gone when the environment is ready.
SCRATCH = ".installing"
_READY_MADE = "--only-binary=:all:"
_LAST_LINES = 20


class EnvironmentFailed(Exception):
    """The requirements cannot be installed; the message ends with what the installer said last."""

    category: FailureCategory = FailureCategory.USER_CODE


class InstallStopped(Exception):
    """The installation was ended because the attempt is to stop."""


class Confine(Protocol):
    """The command that runs `words` where they can write in `writable` only, and of ours see no more than `readable`
    and the interpreter `python` besides."""

    def __call__(
        self, words: Sequence[str], *, python: str, writable: Sequence[Path], readable: Sequence[Path]
    ) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class Installer:
    """`uid`: whose the environment is while it is made, where the worker is root: nobody who owns anything."""

    environ: Mapping[str, str]
    confine: Confine | None = None
    uid: int | None = None

    def install(self, environment: Path, base: Interpreter, *, log: Callable[[bytes], None], stop: StopToken) -> None:
        """Puts what `requirements.txt` in the folder `environment`, a venv made from `base`, names into it.

        Raises:
            EnvironmentFailed: the installer failed.
            InstallStopped: `stop` was set.
        """
        scratch = environment / SCRATCH
        scratch.mkdir()
        downloads = environment.parent / DOWNLOADS
        downloads.mkdir(exist_ok=True, mode=0o755)
        if self.uid is not None:
            give(environment, self.uid)
            if downloads.stat().st_uid != self.uid:
                give(downloads, self.uid)
        command = _command(environment, base, self.environ)
        _, code = self._run([*command, _READY_MADE], base, scratch, downloads, log, stop)
        if code == 0:
            return
        log(b"[clary: not with ready-made packages alone; now with packages that must be built]\n")
        lines, code = self._run(command, base, scratch, scratch / "downloads", log, stop)
        if code != 0:
            raise EnvironmentFailed(
                with_last_lines(f"The requirements cannot be installed (the installer ended with code {code}).", lines)
            )

    def _run(
        self,
        words: list[str],
        base: Interpreter,
        scratch: Path,
        cache: Path,
        log: Callable[[bytes], None],
        stop: StopToken,
    ) -> tuple[list[str], int]:
        passed = {name: value for name, value in self.environ.items() if _passes(name)}
        env = {
            **passed,
            "UV_CACHE_DIR": str(cache),
            "PIP_CACHE_DIR": str(cache),
            "UV_LINK_MODE": "copy",  # a link would let what changes in one environment change in all
            "PATH": os.defpath,
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
        }
        uid = self.uid
        if self.confine is not None:
            writable = [scratch.parent, *([] if cache.is_relative_to(scratch) else [cache])]
            words = self.confine(words, python=base.executable, writable=writable, readable=_paths(passed.values()))
            uid = None  # what is confined becomes that user by itself
        return _run(words, env, scratch, log, stop, uid=uid)


def _passes(name: str) -> bool:
    return name in _PASSED or name.startswith(_PASSED_PREFIXES)


def _paths(values: Iterable[str]) -> list[Path]:
    """Files and folders that settings of the installer name: certificates, folders of packages."""
    words = {word for value in values for word in re.split(r"[\s,:]+", value) if word.startswith("/")}
    return sorted(path for path in map(Path, words) if path.is_absolute() and path != Path("/") and path.exists())


def _command(environment: Path, base: Interpreter, environ: Mapping[str, str]) -> list[str]:
    """uv where it is there, as it is many times faster; pip otherwise. Both install beside the venv's interpreter."""
    python, requirements = environment / "bin" / "python3", environment / "requirements.txt"
    if importlib.util.find_spec("uv") is not None:
        translated = []
        if environ.get("PIP_NO_INDEX"):
            translated.append("--no-index")
        for folder in (environ.get("PIP_FIND_LINKS") or "").split():
            translated += ["--find-links", folder]
        uv = [sys.executable, "-m", "uv", "pip", "install", "--no-progress", "--color", "never", *translated]
        return [*uv, "--python", str(python), "--prefix", str(environment), "-r", str(requirements)]
    packages = environment / "lib" / f"python{base.minor}" / "site-packages"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-input", "--progress-bar", "off"]
    return [*pip, "--disable-pip-version-check", "--target", str(packages), "-r", str(requirements)]


def _run(
    command: list[str],
    env: Mapping[str, str],
    folder: Path,
    log: Callable[[bytes], None],
    stop: StopToken,
    *,
    uid: int | None,
) -> tuple[list[str], int]:
    """(last lines, exit code) of an installer whose output goes to the step's log line by line."""
    process = subprocess.Popen(
        command,
        env=dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
    )
    unsubscribe = stop.subscribe(lambda: _end_group(process))
    lines: list[str] = []
    output: IO[bytes] | None = process.stdout
    try:
        for line in output or ():
            log(line)
            lines = [*lines[1 - _LAST_LINES :], line.decode(errors="replace").rstrip()]
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
