"""Interpreters on this machine: what is known of one, and where others are found."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FACTS = (
    "import json, sys, sysconfig; print(json.dumps([list(sys.version_info[:3]), sys.executable, sys.prefix,"
    " sys.base_prefix, sysconfig.get_paths()['purelib'], sysconfig.get_platform()]))"
)


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """Facts about one interpreter. `prefixes`: folders it needs to run, its own and the one it is based on."""

    executable: str
    version: tuple[int, int, int]
    prefix: str
    base_prefix: str
    packages: str
    platform: str

    @property
    def minor(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"


@lru_cache(maxsize=32)
def interpreter(python: str) -> Interpreter:
    """Asked of the interpreter itself, once."""
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
