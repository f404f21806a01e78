"""Interpreters on this machine: what is known of one, and where others are found."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from runs.runners.layout import PYTHON_NAMES

_FACTS = (
    "import json, sys, sysconfig; print(json.dumps([list(sys.version_info[:3]), sys.executable, sys.prefix,"
    " sys.base_prefix, sysconfig.get_paths()['purelib'], sysconfig.get_platform()]))"
)


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """Facts about one interpreter. `prefix` and `base_prefix`: folders it needs to run; `packages`: where it looks
    for packages first."""

    executable: str
    version: tuple[int, int, int]
    prefix: str
    base_prefix: str
    packages: str
    platform: str

    @property
    def minor(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"

    @property
    def real(self) -> str:
        """The program behind the links."""
        return str(Path(self.executable).resolve())


@lru_cache(maxsize=32)
def interpreter(python: str) -> Interpreter:
    """Asked of the interpreter itself, once. Of a venv the one it is made from is asked, as starting its own would
    run code of the packages in it."""
    folder = Path(python).absolute().parent.parent
    if not (folder / "pyvenv.cfg").is_file():
        return _ask(python)
    base = _ask(str(Path(python).resolve()))
    packages = folder / "lib" / f"python{base.minor}" / "site-packages"
    return replace(base, executable=str(Path(python).absolute()), prefix=str(folder), packages=str(packages))


def _ask(python: str) -> Interpreter:
    answer = subprocess.run([python, "-I", "-c", _FACTS], check=True, capture_output=True, timeout=60, env={})
    version, executable, prefix, base_prefix, packages, platform = json.loads(answer.stdout)
    return Interpreter(
        executable=executable,
        version=tuple(version),
        prefix=prefix,
        base_prefix=base_prefix,
        packages=packages,
        platform=platform,
    )


def with_interpreter(argv: tuple[str, ...], python: str, default: str) -> tuple[str, ...]:
    """The command of a step of another environment than the default: its interpreter is a program of its own."""
    return (python, *argv[1:]) if python != default and argv[0] in PYTHON_NAMES else argv


def find_interpreter(minor: str) -> Interpreter | None:
    """An interpreter of that minor version on this machine: on PATH, or where pyenv and uv keep theirs."""
    name = f"python{minor}"
    candidates = [shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/local/bin:/usr/bin")]
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    kept = (*pyenv.glob(f"versions/{minor}.*"), *home.glob(f".local/share/uv/python/cpython-{minor}.*"))
    for candidate in (*candidates, *sorted(str(folder / "bin" / name) for folder in kept)):
        if candidate is None or not os.access(candidate, os.X_OK):
            continue
        with suppress(subprocess.SubprocessError, OSError, ValueError):  # a shim of a version that is not switched on
            found = interpreter(candidate)
            if found.minor == minor:
                return found
    return None
