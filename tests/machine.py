"""Real components a test may need, and what to do where the machine lacks one.

`need("chromium")` skips the test with the reason; when CLARY_REQUIRE names the component it fails instead, so a run
that promises to cover it cannot quietly leave it out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from runs.runners.bubblewrap import find_bwrap

POSTGRES_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []


def _command(*names: str) -> str | None:
    return None if any(shutil.which(name) for name in names) else f"no {' or '.join(names)} on PATH"


def _sandbox() -> str | None:
    bwrap = find_bwrap()
    if bwrap is None:
        return "no bwrap on PATH or in the environment"
    words = [
        bwrap,
        "--unshare-user",
        "--unshare-pid",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "true",
    ]
    done = subprocess.run(words, capture_output=True, text=True)
    return None if done.returncode == 0 else f"bubblewrap cannot make a namespace here: {done.stderr.strip()[:200]}"


def _postgres() -> str | None:
    return None if POSTGRES_BIN or shutil.which("initdb") else "no PostgreSQL server binaries (initdb)"


CHECKS: dict[str, Callable[[], str | None]] = {
    "chromium": lambda: _command("chromium", "chromium-browser", "google-chrome"),
    "bwrap": _sandbox,
    "postgres": _postgres,
    "redis": lambda: _command("redis-server", "valkey-server"),
    "docker": lambda: _command("dockerd"),
    "debootstrap": lambda: _command("debootstrap"),
}


@cache
def missing(component: str) -> str | None:
    """Why `component` cannot be had here, or None when it is ready."""
    return CHECKS[component]()


def required() -> frozenset[str]:
    return frozenset(filter(None, os.environ.get("CLARY_REQUIRE", "").split(",")))


def need(component: str) -> None:
    reason = missing(component)
    if reason is None:
        return
    if component in required():
        pytest.fail(f"CLARY_REQUIRE asks for {component}, but: {reason}", pytrace=False)
    pytest.skip(f"{component}: {reason}")
